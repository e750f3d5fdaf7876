package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/digakit/digakit/contract/suite"
	"github.com/digakit/digakit/mockserver"
)

func calibrateCommand() *cobra.Command {
	var f verifyFlags
	var output string
	cmd := &cobra.Command{
		Use:   "calibrate URL",
		Short: "Ask a server how it behaves where the document leaves it open",
		Long: `Ask a server how it behaves where its document leaves it open, and write the
profile it shows: for each line that has alternatives the few requests that tell
them apart. 'digakit mock --profile' then behaves so, and 'digakit verify
--profile' holds servers to it. Above each line stands what was asked and
answered; a line that the server's data could not show is a comment that says why.

It only reads. Some lines need items that are made and deleted: --writes makes
them, named digakit-verify-…, and removes them.

Exit codes: 0 a line at least was settled, 1 none was, the key is refused
everywhere, or something made could not be removed, 2 wrong usage, 3 the server
never answered.`,
		Example: `  digakit calibrate https://api.diga.io --key @key.txt -o profile.yaml
  digakit calibrate http://127.0.0.1:8000 --key KEY --spec openapi.yaml --writes
  digakit mock --profile profile.yaml`,
		Args: asFlag(func(string) string { return "url" }),
		RunE: func(cmd *cobra.Command, _ []string) error { return f.calibrate(cmd, output) },
	}
	cmd.Flags().StringVar(&f.url, "url", "", "`URL` where the API's paths begin")
	cmd.Flags().StringVar(&f.key, "key", "", "`secret` of a key that may call everything, or @FILE")
	cmd.Flags().BoolVar(&f.writes, "writes", false, "also make items, named digakit-verify-…, and remove them")
	cmd.Flags().StringVarP(&output, "output", "o", "-", "`file` to write the profile to, or - for stdout")
	f.addReach(cmd)
	f.spec.add(cmd)
	return cmd
}

func (f *verifyFlags) calibrate(cmd *cobra.Command, output string) error {
	if output == "-" {
		output = ""
	}
	var missing error
	if f.url == "" {
		missing = errors.New("a URL is missing: the server to ask")
	}
	if err := usageErrors([]error{missing, canWrite("output", output), f.checkReach()}, ""); err != nil {
		return err
	}
	document, validator, err := f.spec.validator(cmd)
	if err != nil {
		return err
	}
	target, closeTarget, err := f.target(cmd.Context(), document, validator)
	if err != nil {
		return err
	}
	defer func() { _ = closeTarget() }() // nothing is under way any more
	finishes(cmd.Context())
	lines, left, err := suite.Calibrate(cmd.Context(), target)
	for _, one := range left {
		fmt.Fprintln(cmd.ErrOrStderr(), "left behind: "+one.Message)
	}
	if errors.Is(err, suite.ErrRefused) {
		return &exitError{code: exitFindings, err: err}
	}
	if err != nil {
		return err
	}
	if err := writeTo(cmd, output, func(w io.Writer) error { return writeProfile(w, f.url, lines, time.Now().UTC()) }); err != nil {
		return fmt.Errorf("the profile was not written: %w", err)
	}
	var open []string
	for _, l := range lines {
		if l.Alternative == "" {
			open = append(open, l.ID)
		}
	}
	verdict := fmt.Sprintf("%d of %d lines are settled", len(lines)-len(open), len(lines))
	if len(open) > 0 {
		verdict += "; open: " + strings.Join(open, ", ")
	}
	if len(open) == len(lines) || len(left) > 0 {
		return &exitError{code: exitFindings, err: errors.New(verdict)}
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "%s: %s\n", cmd.CommandPath(), verdict)
	return nil
}

// writeProfile writes what was seen as a profile, the evidence as comments.
func writeProfile(w io.Writer, of string, lines []suite.Calibrated, at time.Time) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# What %s showed on %s. What it did not show is a comment.\n", printable(of), at.Format(time.DateOnly))
	for _, l := range lines {
		i := slices.IndexFunc(mockserver.Behaviours(), func(b mockserver.Behaviour) bool { return b.ID == l.ID })
		alternatives := strings.Join(mockserver.Behaviours()[i].Alternatives, ", ")
		if l.Alternative == "" {
			fmt.Fprintf(&b, "\n# open: %s\n# %s: one of %s\n", printable(l.Evidence), l.ID, alternatives)
			continue
		}
		fmt.Fprintf(&b, "\n# %s: %s\n%s: %q # of %s\n", at.Format(time.DateOnly), printable(l.Evidence), l.ID, l.Alternative, alternatives)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
