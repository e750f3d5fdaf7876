package main

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/suite"
)

// writeChecks prints the table of checks.
func writeChecks(w io.Writer, format report.Format) error {
	checks := suite.Checks()
	if format == report.JSON {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(checks)
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "CHECK\tSEVERITY\tRESTS ON\tWHY")
	for _, c := range checks {
		basis := string(c.Basis)
		if c.Assumption != "" {
			basis = "assumption " + c.Assumption
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", c.ID, c.Severity, basis, c.Explanation)
	}
	return t.Flush()
}
