package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/digakit/digakit/contract/plan"
)

func specPlanCommand() *cobra.Command {
	var source specFlag
	var overrides, format string
	cmd := &cobra.Command{
		Use:   "plan [DOCUMENT]",
		Short: "Show what the mock will do with each operation of a document",
		Long: `Show what each operation of an OpenAPI document is for, as far as the document
tells: to list a collection, create in it, read, change or delete an item, act on
one, or none of these (sampled), with the reason. The mock answers by it.

DOCUMENT is what --spec takes as well; without either it is the document this
binary was made from.

--plan names a YAML file with lines such as ` + "`publishAgent: act on agent`" + ` that take
the place of what was inferred.

The counts are on standard error. Exit codes: 0 shown, 2 wrong usage or
unreadable input, 3 the document cannot be fetched.`,
		Example: `  digakit spec plan                             # of the embedded document
  digakit spec plan openapi.yaml --plan lines.yaml
  digakit spec plan https://docs.example.com/openapi.json --format json`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return &usageError{message: fmt.Sprintf("give one DOCUMENT; there are %d", len(args))}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if format != "text" && format != "json" {
				return &usageError{message: fmt.Sprintf("--format is text or json, not %q", format)}
			}
			if len(args) == 1 {
				source.source = args[0]
			}
			lines, err := readOverrides(overrides)
			if err != nil {
				return err
			}
			document, err := source.document(cmd)
			if err != nil {
				return err
			}
			p, err := plan.New(document, lines...)
			if err != nil {
				return &usageError{message: fmt.Sprintf("--plan: %v", err)}
			}
			if err := writePlan(cmd.OutOrStdout(), p, format); err != nil {
				return err
			}
			fmt.Fprintln(cmd.ErrOrStderr(), p.Summary())
			return nil
		},
	}
	source.add(cmd)
	cmd.Flags().StringVar(&overrides, "plan", "", "YAML `file` with plans of operations set by hand")
	cmd.Flags().StringVar(&format, "format", "text", "`format` of the output: text or json")
	return cmd
}

func readOverrides(path string) ([]plan.Override, error) {
	if path == "" {
		return nil, nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, &usageError{message: fmt.Sprintf("--plan: %v", err)}
	}
	lines, err := plan.ParseOverrides(path, data)
	if err != nil {
		return nil, &usageError{message: fmt.Sprintf("--plan: %v", err)}
	}
	return lines, nil
}

// writePlan prints a table of the lines, or all of the plan as JSON.
func writePlan(w io.Writer, p *plan.Plan, format string) error {
	if format == "json" {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(p)
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, err := fmt.Fprintln(t, strings.Join([]string{"OPERATION", "METHOD", "PATH", "PLAN", "BASIS", "REASON"}, "\t"))
	for _, l := range p.Lines {
		_, failed := fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", printable(l.Operation), l.Method, printable(l.Path), printable(l.Text()), l.Basis, printable(l.Reason))
		err = errors.Join(err, failed)
	}
	return errors.Join(err, t.Flush())
}
