package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"sync"

	"github.com/spf13/cobra"

	"github.com/digakit/digakit/contract/coverage"
	"github.com/digakit/digakit/contract/drift"
	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/spec"
)

func driftCommand() *cobra.Command {
	var flags reportFlags
	var base specFlag
	var severities, scope, usage string
	var listRules bool
	cmd := &cobra.Command{
		Use:   "drift [BASE] REVISION",
		Short: "Compare two OpenAPI documents and say what callers will notice",
		Long: `Compare two OpenAPI documents by their meaning and say what somebody who ships
a client will notice. When BASE is left out, it is the document of --spec, or
else the one this binary was made from.

BASE and REVISION are files, addresses, REV:path for what git has in a revision,
or - for standard input: OpenAPI 3.0 or 3.1 in JSON or YAML, or a docs page in
Markdown that shows a part of one. Of a page the operations it shows are
compared, and what these reach; what it leaves out is not taken for removed.

--severity names a YAML file with a line ` + "`rule-id: error|warning|info|none`" + ` for each
rule that shall have another severity; --list-rules prints all rules.

--usage names the coverage of the caller's own tests against BASE: what
GET /_mock/projects/{id}/coverage of a mock answers, the --format json report of verify or
proxy, or a coverage.Report of the transport as JSON.

Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 wrong usage or
unreadable input, 3 an address cannot be fetched.`,
		Example: `  digakit drift https://docs.example.com/openapi.json      # has the API moved on?
  digakit drift old.yaml new.yaml --format markdown
  digakit drift HEAD~1:openapi.json openapi.json           # what did the last commit change?
  digakit drift --scope base https://docs.example.com/openapi.json   # of what we have, what changed?
  digakit drift new.json --severity severities.yaml --fail-on error
  digakit drift new.json --usage coverage.json             # which of our calls does it break?
  digakit drift --list-rules`,
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case listRules && len(args) > 0:
				return &usageError{message: "--list-rules takes no documents"}
			case !listRules && (len(args) == 0 || len(args) > 2):
				return usagef("give one document, or two: BASE and REVISION; there are %d", len(args))
			case len(args) == 2 && args[0] == "-" && args[1] == "-", len(args) == 1 && args[0] == "-" && base.source == "-":
				return &usageError{message: "standard input is one document: give - once"}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := flags.begin(); err != nil {
				return err
			}
			if listRules {
				return writeRules(cmd.OutOrStdout(), flags.format)
			}
			if scope != "base" && scope != "all" {
				return &usageError{message: fmt.Sprintf("--scope is base or all, not %q", scope), hint: nearest("--scope ", scope, []string{"base", "all"})}
			}
			own, _, err := fromFile("severity", severities, drift.ParseSeverities)
			if err != nil {
				return err
			}
			if len(args) == 2 {
				base.source = args[0]
			}
			opts := []drift.Option{drift.Severities(own)}
			if scope == "base" {
				opts = append(opts, drift.BaseOnly())
			}
			if usage != "" {
				data, err := readFlagged("usage", usage)
				if err != nil {
					return err
				}
				seen, err := coverage.ParseReport(data)
				if err != nil {
					return usagef("--usage: %s: %v", usage, err)
				}
				opts = append(opts, drift.Usage(seen))
			}
			r, err := compare(cmd, base, args[len(args)-1], opts)
			if err != nil {
				return err
			}
			return flags.end(cmd, r)
		},
	}
	base.add(cmd)
	flags.add(cmd)
	cmd.Flags().StringVar(&scope, "scope", "all", "`scope` of what is told: all, or base, which leaves out additions that break nothing BASE has")
	cmd.Flags().StringVar(&severities, "severity", "", "YAML `file` with other severities of rules")
	cmd.Flags().StringVar(&usage, "usage", "", "JSON `file` of coverage recorded in the caller's tests: findings say how many of its calls they concern, and stand in that order")
	cmd.Flags().BoolVar(&listRules, "list-rules", false, "print the rules and what they mean, as text or with --format json")
	oneOf(cmd, "scope", "all", "base")
	return cmd
}

func compare(cmd *cobra.Command, base specFlag, revision string, opts []drift.Option) (*report.Report, error) {
	line := newProgressLine(cmd.ErrOrStderr())
	defer line.clear()
	line.write("reading " + revision)
	var later *spec.Loaded
	earlier := &spec.Loaded{}
	var failedLater, failedEarlier error
	var reading sync.WaitGroup // both at once: large documents take seconds
	reading.Go(func() { later, failedLater = loadSpec(cmd, revision, line.say) })
	if base.source != "" {
		earlier, failedEarlier = loadSpec(cmd, base.source, line.say)
	} else {
		earlier.Document, failedEarlier = spec.Parse(builtIn())
	}
	reading.Wait()
	if err := cmp.Or(failedEarlier, failedLater); err != nil {
		return nil, err
	}
	line.write("comparing " + base.name() + " and " + revision)
	opts = append(opts, drift.Names(base.name(), revision))
	if bytes.Equal(later.Document.Canonical(), builtIn()) {
		opts = append(opts, drift.TakenOver())
	}
	// A page on both sides is compared as a whole: what one leaves out, the
	// other has not.
	if later.Partial && !earlier.Partial {
		opts = append(opts, drift.Partial())
	}
	return drift.Compare(cmd.Context(), earlier.Document, later.Document, opts...)
}

// writeRules prints the table of rules, a paragraph each or as JSON.
func writeRules(w io.Writer, format report.Format) error {
	if format == report.JSON {
		return writeJSON(w, drift.Rules())
	}
	if format != report.Text {
		return &usageError{message: "--list-rules is written as text or json"}
	}
	var err error
	for _, r := range drift.Rules() {
		_, failed := fmt.Fprintf(w, "%-8s %s\n         %s\n         %s\n", r.Severity, r.ID, r.Meaning, r.Remedy)
		err = cmp.Or(err, failed)
	}
	return err
}
