package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"
)

// readingTimeout is how long after a signal a command may read on that has nothing to
// finish yet.
const readingTimeout = time.Second

// withSignals runs the command until it ends by itself, or SIGINT, SIGTERM, SIGQUIT or
// the end of its terminal asks it to finish. One that still waits for its input, as for
// a pipe, ends then. A second signal ends the process at once.
func withSignals() int {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGQUIT}
	if !signal.Ignored(syscall.SIGHUP) { // as nohup has it
		signals = append(signals, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(context.Background(), signals...)
	defer stop()
	context.AfterFunc(ctx, stop)
	var finishing atomic.Bool
	ctx = context.WithValue(ctx, finishingKey{}, &finishing)
	ended := make(chan int, 1)
	go func() { ended <- run(ctx, os.Args[1:], os.Stdout, os.Stderr) }()
	select {
	case code := <-ended:
		return code
	case <-ctx.Done():
	}
	if finishing.Load() {
		return <-ended
	}
	select {
	case code := <-ended:
		return code
	case <-time.After(readingTimeout):
		fmt.Fprintln(os.Stderr, "digakit: a signal ended it while it waited for its input")
		return exitUsage
	}
}

type finishingKey struct{}

// finishes says that the command has read its input, and ends by itself once ctx does,
// with something to finish: requests under way, items to remove, a report.
func finishes(ctx context.Context) {
	if finishing, ok := ctx.Value(finishingKey{}).(*atomic.Bool); ok {
		finishing.Store(true)
	}
}
