package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// measureStart builds the command and measures how long it takes to its ready
// line, and its memory then.
func measureStart(ctx context.Context) ([]row, error) {
	dir, err := os.MkdirTemp("", "digakit-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	binary := filepath.Join(dir, "digakit")
	build := exec.CommandContext(ctx, "go", "build", "-o", binary, "github.com/digakit/digakit/cmd/digakit")
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("building digakit: %w\n%s", err, out)
	}
	var milliseconds, megabytes []float64
	for range 2 * rounds {
		ms, mb, err := start(ctx, binary)
		if err != nil {
			return nil, err
		}
		milliseconds = append(milliseconds, ms)
		megabytes = append(megabytes, mb)
	}
	ms, mb := median(milliseconds), median(megabytes)
	rows := []row{{what: "process start to ready line", measured: fmt.Sprintf("%.0f ms", ms), target: "≤ 60 ms", met: ms <= 60}}
	if mb > 0 { // known on Linux alone
		rows = append(rows, row{what: "resident memory after it", measured: fmt.Sprintf("%.0f MB", mb), target: "≤ 40 MB", met: mb <= 40})
	}
	return rows, nil
}

func start(ctx context.Context, binary string) (milliseconds, megabytes float64, err error) {
	cmd := exec.CommandContext(ctx, binary, "mock", "--addr", "127.0.0.1:0")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return 0, 0, err
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, 0, err
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	took := time.Since(began)
	if err != nil || !strings.HasPrefix(line, "listening on ") {
		_ = cmd.Process.Kill()
		return 0, 0, fmt.Errorf("no ready line but %q: %w", line, cmd.Wait())
	}
	mb := residentMegabytes(cmd.Process.Pid)
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return 0, 0, err
	}
	return float64(took.Microseconds()) / 1e3, mb, cmd.Wait()
}

// residentMegabytes is 0 where the system does not tell.
func residentMegabytes(pid int) float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	m := regexp.MustCompile(`VmRSS:\s+(\d+) kB`).FindSubmatch(status)
	if m == nil {
		return 0
	}
	kB, err := strconv.ParseFloat(string(m[1]), 64)
	if err != nil {
		return 0
	}
	return kB * 1024 / 1e6
}
