// Command bench measures digakit against its targets and prints one table. What
// is compared is measured side by side in one run and reported as a ratio, since
// machines are shared and noisy. Run it with `make bench`.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"text/tabwriter"
)

// row is one line of the table.
type row struct {
	what     string
	measured string
	target   string
	met      bool
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, stdout, stderr io.Writer) error {
	var rows []row
	for _, m := range []struct {
		name    string
		measure func(context.Context) ([]row, error)
	}{
		{"a list over loopback", measureList},
		{"pages of large projects", measurePage},
		{"validation", measureValidation},
		{"a large document", measureDocument},
		{"start", measureStart},
		{"drift", measureDrift},
		{"generated code", measureGenerate},
		{"the suite", measureVerify},
		{"a fresh clone", measureClone},
	} {
		fmt.Fprintf(stderr, "measuring %s …\n", m.name)
		more, err := m.measure(ctx)
		if err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		rows = append(rows, more...)
	}
	t := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "WHAT\tMEASURED\tTARGET\t")
	for _, r := range rows {
		verdict := ""
		if r.target != "" && !r.met {
			verdict = "missed"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", r.what, r.measured, r.target, verdict)
	}
	return t.Flush()
}
