package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/mockserver"
)

// measureStart builds the command and measures how long it takes to its ready
// line, and its memory then.
func measureStart(ctx context.Context) ([]row, error) {
	dir, err := os.MkdirTemp("", "digakit-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	binary, err := buildDigakit(ctx, dir)
	if err != nil {
		return nil, err
	}
	whole := filepath.Join(dir, "whole.json")
	if err := os.WriteFile(whole, spectest.Document(operations), 0o600); err != nil {
		return nil, err
	}
	rows, err := measureReady(ctx, "process start to ready line", 60, 40, binary)
	if err != nil {
		return nil, err
	}
	more, err := measureReady(ctx, fmt.Sprintf("the same on %d operations", operations), 350, 90, binary, "--spec", whole)
	if err != nil {
		return nil, err
	}
	prism, err := measurePrism(ctx, dir, whole)
	if err != nil {
		return nil, err
	}
	rows = append(append(rows, more...), prism...)
	fixture, err := measureFixture(ctx)
	return append(rows, fixture...), err
}

// measureReady measures how long a mock takes to its ready line, and its memory
// then.
func measureReady(ctx context.Context, what string, mostMilliseconds, mostMegabytes float64, binary string, args ...string) ([]row, error) {
	var milliseconds, megabytes []float64
	for range 2 * rounds {
		ms, mb, err := start(ctx, binary, args...)
		if err != nil {
			return nil, err
		}
		milliseconds = append(milliseconds, ms)
		megabytes = append(megabytes, mb)
	}
	ms, mb := median(milliseconds), median(megabytes)
	rows := []row{{what: what, measured: fmt.Sprintf("%.0f ms", ms), target: fmt.Sprintf("≤ %g ms", mostMilliseconds), met: ms <= mostMilliseconds}}
	if mb > 0 { // known on Linux alone
		rows = append(rows, row{what: "resident memory after it", measured: fmt.Sprintf("%.0f MB", mb), target: fmt.Sprintf("≤ %g MB", mostMegabytes), met: mb <= mostMegabytes})
	}
	return rows, nil
}

// measureFixture measures what a test pays for a server and a project of its own.
func measureFixture(ctx context.Context) ([]row, error) {
	var failed error
	began := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if failed = firstAnswer(ctx); failed != nil {
				b.FailNow()
			}
		}
	})
	srv, err := mockserver.New()
	if err != nil || failed != nil {
		return nil, errors.Join(err, failed)
	}
	made := testing.Benchmark(func(b *testing.B) {
		for b.Loop() {
			p, err := srv.CreateProject("", 60)
			if err == nil {
				err = p.Delete()
			}
			if failed = err; failed != nil {
				b.FailNow()
			}
		}
	})
	if failed != nil {
		return nil, failed
	}
	ms := float64(began.NsPerOp()) / 1e6
	mb := float64(began.AllocedBytesPerOp()) / 1e6
	project := float64(made.NsPerOp()) / 1e6
	return []row{
		{what: "a fixture, from start to first answer", measured: fmt.Sprintf("%.2f ms, %.2f MB", ms, mb), target: "≤ 5 ms, 2 MB", met: ms <= 5 && mb <= 2},
		{what: "a project with 60 keys", measured: fmt.Sprintf("%.2f ms", project), target: "≤ 1 ms", met: project <= 1},
	}, nil
}

// firstAnswer starts a server on a port of its own and asks it once.
func firstAnswer(ctx context.Context) error {
	srv, err := mockserver.New()
	if err != nil {
		return err
	}
	addr, stop, err := serve(ctx, srv)
	if err != nil {
		return err
	}
	defer stop()
	once := true
	_, err = ask(ctx, addr, func() []byte {
		if !once {
			return nil
		}
		once = false
		return get(listPath, mockserver.ReadOnlyKey)
	})
	return err
}

func start(ctx context.Context, binary string, args ...string) (milliseconds, megabytes float64, err error) {
	cmd := exec.CommandContext(ctx, binary, append([]string{"mock", "--addr", "127.0.0.1:0"}, args...)...)
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
	mb := megabytesOf(cmd.Process.Pid, residentMemory)
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return 0, 0, err
	}
	return float64(took.Microseconds()) / 1e3, mb, cmd.Wait()
}
