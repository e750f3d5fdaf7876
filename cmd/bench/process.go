package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// What Linux tells of a process's memory in /proc/PID/status.
const (
	residentMemory = "VmRSS" // now
	peakMemory     = "VmHWM" // the most so far
)

// megabytesOf is 0 where the system does not tell.
func megabytesOf(pid int, field string) float64 {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid)) // there is none elsewhere
	m := regexp.MustCompile(field + `:\s+(\d+) kB`).FindSubmatch(status)
	if m == nil {
		return 0
	}
	return must(strconv.ParseFloat(string(m[1]), 64)) * 1024 / 1e6
}

// command runs a program in a folder to its end.
func command(ctx context.Context, dir string, env []string, args ...string) {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir, cmd.Env = dir, env
	if out, err := cmd.CombinedOutput(); err != nil {
		check(fmt.Errorf("%v: %w\n%s", args, err, out))
	}
}

// digakit is the path of the command, which is built once.
func (b *bench) digakit() string {
	if b.binary == "" {
		path := filepath.Join(b.dir, "digakit")
		command(b, "", nil, "go", "build", "-o", path, "github.com/digakit/digakit/cmd/digakit")
		b.binary = path
	}
	return b.binary
}

// process is a mock that has said where it listens.
type process struct {
	*exec.Cmd
	url string
}

// startMock starts a mock on a free port. End it with stop, or by a signal.
func startMock(ctx context.Context, binary string, args ...string) process {
	p := process{Cmd: exec.CommandContext(ctx, binary, append([]string{"mock", "--addr", "127.0.0.1:0"}, args...)...)}
	stdout := must(p.StdoutPipe())
	check(p.Start())
	line, err := bufio.NewReader(stdout).ReadString('\n')
	url, ready := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if !ready {
		p.stop()
		check(errors.Join(fmt.Errorf("no ready line but %q", line), err))
	}
	p.url = url
	return p
}

// stop ends a process whose end is of no interest.
func (p process) stop() {
	_ = p.Process.Kill()
	_ = p.Wait() // killed
}
