package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/metrics"
	"strings"
	"time"

	"github.com/digakit/digakit/contract/suite"
	"github.com/digakit/digakit/gen"
	"github.com/digakit/digakit/mockserver"
	"github.com/digakit/digakit/mockserver/diga"
)

// oneWalk is a check that needs a single walk through the whole list.
const oneWalk = "last_four_digits"

// measureVerify measures the suite against the mock, lab included: all of it, and
// the memory of a walk through the largest project.
func measureVerify(ctx context.Context) ([]row, error) {
	var seconds []float64
	var small verified
	for range rounds {
		v, err := verify(ctx, 137)
		if err != nil {
			return nil, err
		}
		small = v
		seconds = append(seconds, v.seconds)
	}
	large, err := verify(ctx, 100_000)
	if err != nil {
		return nil, err
	}
	took, peak, err := verifyMillion(ctx)
	if err != nil {
		return nil, err
	}
	s := median(seconds)
	return []row{
		{
			what: "whole suite, 137 keys", measured: fmt.Sprintf("%.2f s, %d cases", s, small.cases),
			target: "≤ 2 s, ≥ 500 cases", met: s <= 2 && small.cases >= 500,
		},
		{what: "cases per second of it", measured: fmt.Sprintf("%.0f", float64(small.cases)/s)},
		{
			what: "whole suite, 100,000 keys", measured: fmt.Sprintf("%.1f s, %d cases", large.seconds, large.cases),
			target: "≤ 30 s", met: large.seconds <= 30,
		},
		{
			what: "heap peak of the suite in a walk of 1,000,000 keys", measured: fmt.Sprintf("%.0f MB (%.1f s)", peak, took),
			target: "< 100 MB", met: peak < 100,
		},
	}, nil
}

// verified is how one run of the suite went.
type verified struct {
	seconds float64
	cases   int
}

// verify runs the whole suite against a mock on loopback.
func verify(ctx context.Context, keys int) (verified, error) {
	mock, err := mockserver.New(mockserver.WithKeys(keys))
	if err != nil {
		return verified{}, err
	}
	addr, stop, err := serve(ctx, mock)
	if err != nil {
		return verified{}, err
	}
	defer stop()
	to := suite.Target{URL: "http://" + addr, Document: gen.OpenAPI(), Key: mockserver.UnrestrictedKey, DeniedKey: mockserver.NoAccessKey, Lab: mock.Lab()}
	return judge(ctx, to)
}

// judge runs the suite, which must find nothing.
func judge(ctx context.Context, to suite.Target) (verified, error) {
	began := time.Now()
	r, err := suite.Check(ctx, to)
	if err != nil {
		return verified{}, err
	}
	if len(r.Findings) > 0 {
		return verified{}, fmt.Errorf("the suite finds fault with the mock: %s: %s", r.Findings[0].Check, r.Findings[0].Message)
	}
	return verified{time.Since(began).Seconds(), r.Summary.Passed}, nil
}

// verifyMillion walks the largest project there is, served by another process, so
// that what is measured here is the suite's alone.
func verifyMillion(ctx context.Context) (seconds, megabytes float64, err error) {
	url, stop, err := mockProcess(ctx, diga.MaxDemoKeys)
	if err != nil {
		return 0, 0, err
	}
	defer stop()
	runtime.GC()
	base := heapMegabytes()
	done, told := make(chan struct{}), make(chan float64)
	go func() {
		tick := time.NewTicker(time.Millisecond)
		defer tick.Stop()
		peak := 0.0
		for {
			select {
			case <-tick.C:
				peak = max(peak, heapMegabytes())
			case <-done:
				told <- peak
				return
			}
		}
	}()
	v, err := judge(ctx, suite.Target{URL: url, Document: gen.OpenAPI(), Key: mockserver.UnrestrictedKey, Only: oneWalk})
	close(done)
	return v.seconds, <-told - base, err
}

// heapMegabytes is what the heap holds, garbage not yet collected included.
func heapMegabytes() float64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return float64(sample[0].Value.Uint64()) / 1e6
}

// mockProcess builds the command and has it serve so many keys.
func mockProcess(ctx context.Context, keys int) (url string, stop func(), err error) {
	dir, err := os.MkdirTemp("", "digakit-bench-")
	if err != nil {
		return "", nil, err
	}
	binary, err := buildDigakit(ctx, dir)
	if err != nil {
		_ = os.RemoveAll(dir)
		return "", nil, err
	}
	cmd := exec.CommandContext(ctx, binary, "mock", "--addr", "127.0.0.1:0", "--keys", fmt.Sprint(keys))
	stop = func() {
		if cmd.Process != nil {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		}
		_ = os.RemoveAll(dir)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		stop()
		return "", nil, err
	}
	if err := cmd.Start(); err != nil {
		stop()
		return "", nil, err
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "listening on ") {
		stop()
		return "", nil, fmt.Errorf("no ready line but %q: %w", line, err)
	}
	return strings.TrimSpace(strings.TrimPrefix(line, "listening on ")), stop, nil
}
