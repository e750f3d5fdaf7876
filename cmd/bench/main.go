// Command bench measures digakit against its targets and prints one table. What
// is compared is measured side by side in one run and reported as a ratio, since
// machines are shared and noisy. Run it with `make bench`, or for a part of it with
// a word of what that measures: go run ./cmd/bench pages.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"text/tabwriter"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, strings.Join(os.Args[1:], " "), os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run measures, of what there is, what has only in its name.
func run(ctx context.Context, only string, stdout, stderr io.Writer) (err error) {
	b := &bench{Context: ctx}
	if b.dir, err = os.MkdirTemp("", "digakit-bench-"); err != nil {
		return err
	}
	defer os.RemoveAll(b.dir)
	for _, m := range []struct {
		name    string
		measure func(*bench)
	}{
		{"a list over loopback", measureList},
		{"pages of large lists", measurePage},
		{"creating items", measureCreate},
		{"validation", measureValidation},
		{"a large document", measureDocument},
		{"start, and Prism", measureStart},
		{"drift", measureDrift},
		{"generated code", measureGenerate},
		{"the suite", measureVerify},
		{"a fresh clone", measureClone},
	} {
		if only != "" && !strings.Contains(m.name, only) {
			continue
		}
		fmt.Fprintf(stderr, "measuring %s …\n", m.name)
		if err := b.do(m.measure); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
	}
	if len(b.rows) == 0 {
		return fmt.Errorf("nothing that is measured has %q in its name", only)
	}
	t := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "WHAT\tMEASURED\tTARGET\t")
	for _, r := range b.rows {
		verdict := ""
		if !r.met {
			verdict = "missed"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", r.what, r.measured, r.target, verdict)
	}
	return t.Flush()
}
