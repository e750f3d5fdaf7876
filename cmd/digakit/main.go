// Command digakit mocks the Diga API and checks servers, clients and specs
// against it. Run `digakit --help`.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"

	"github.com/spf13/cobra"
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

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version of digakit",
		Example: `  digakit version`,
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), versionLine())
			return err
		},
	}
}

func versionLine() string {
	return fmt.Sprintf("digakit %s %s %s/%s", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// stamped is the version that a build gives with -ldflags "-X main.stamped=…":
// `make dist` and the Dockerfile do, where the Go tool may find no repository.
var stamped string

// version is the stamped version, or else the module's as the Go tool recorded
// it: a tag, a pseudo-version made from the commit, or "(devel)".
func version() string {
	if stamped != "" {
		return stamped
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
