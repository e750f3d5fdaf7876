package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
)

// What Linux tells of a process's memory in /proc/PID/status.
const (
	residentMemory = "VmRSS" // now
	peakMemory     = "VmHWM" // the most so far
)

// megabytesOf is 0 where the system does not tell.
func megabytesOf(pid int, field string) float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	m := regexp.MustCompile(field + `:\s+(\d+) kB`).FindSubmatch(status)
	if m == nil {
		return 0
	}
	kB, err := strconv.ParseFloat(string(m[1]), 64)
	if err != nil {
		return 0
	}
	return kB * 1024 / 1e6
}

// buildDigakit builds the command into a folder and returns its path.
func buildDigakit(ctx context.Context, dir string) (string, error) {
	binary := filepath.Join(dir, "digakit")
	build := exec.CommandContext(ctx, "go", "build", "-o", binary, "github.com/digakit/digakit/cmd/digakit")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building digakit: %w\n%s", err, out)
	}
	return binary, nil
}
