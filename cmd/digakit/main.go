// Command digakit mocks the Diga API and checks servers, clients and specs
// against it. Run `digakit --help`.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	os.Exit(withSignals())
}

// withSignals runs the command until it ends by itself or SIGINT or SIGTERM
// asks it to finish. A second signal ends the process at once.
func withSignals() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	return run(ctx, os.Args[1:], os.Stdout, os.Stderr)
}
