package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/agnivade/levenshtein"
	"github.com/spf13/cobra"

	"github.com/digakit/digakit/contract/report"
)

// reportFlags are the flags of the commands that make a report. Call begin before any
// work, and end with the report.
type reportFlags struct {
	formatName, failOnName string
	output                 string // empty or -: stdout
	summary                string // empty: none
	knownPath, writeKnown  string

	format report.Format
	failOn report.Severity
	known  []report.Known
}

func (f *reportFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.formatName, "format", string(report.Text), "`format` of the report: text, json, ndjson, junit, github, sarif or markdown")
	cmd.Flags().StringVar(&f.output, "output", "", "`file` for the report, written in one step; stdout when left out")
	cmd.Flags().StringVar(&f.summary, "summary", "", "`file` to add the report to in Markdown as well, such as \"$GITHUB_STEP_SUMMARY\"")
	cmd.Flags().StringVar(&f.failOnName, "fail-on", string(report.Warning), "`severity` from which findings make exit code 1: error, warning, info or none")
	cmd.Flags().StringVar(&f.knownPath, "known", "", "YAML `file` with known findings, which stay visible and no longer count")
	cmd.Flags().StringVar(&f.writeKnown, "write-known", "", "YAML `file` to write all findings of this run to, for --known; reasons of --known are kept")
	oneOf(cmd, "format", formatNames()...)
	oneOf(cmd, "fail-on", severityNames...)
}

var severityNames = []string{string(report.Error), string(report.Warning), string(report.Info), string(report.None)}

func formatNames() []string {
	var names []string
	for _, f := range report.Formats() {
		names = append(names, string(f))
	}
	return names
}

// begin looks at all flags, so that a mistake is told before any work.
func (f *reportFlags) begin() error {
	var errs []error
	var hint string
	var err error
	if f.format, err = report.ParseFormat(f.formatName); err != nil {
		errs, hint = append(errs, fmt.Errorf("--format: %w", err)), nearest("--format ", f.formatName, formatNames())
	}
	if f.failOn, err = report.ParseSeverity(f.failOnName); err != nil {
		errs = append(errs, fmt.Errorf("--fail-on: %w", err))
		hint = cmp.Or(hint, nearest("--fail-on ", f.failOnName, severityNames))
	}
	known, text, err := fromFile("known", f.knownPath, report.ParseKnown)
	if err != nil && text != nil {
		err = fmt.Errorf("--known: %w", err)
	}
	f.known, errs = known, append(errs, err)
	if f.output == "-" {
		f.output = ""
	}
	if f.output != "" && f.writeKnown != "" && filepath.Clean(f.output) == filepath.Clean(f.writeKnown) {
		errs = append(errs, fmt.Errorf("--output and --write-known are one file, %s: give two", f.output))
	}
	errs = append(errs, canWrite("output", f.output), canWrite("summary", f.summary), canWrite("write-known", f.writeKnown))
	return usageErrors(errs, hint)
}

// nearest returns prefix and the name that the given one resembles, or begins; empty
// when there is none.
func nearest(prefix, given string, names []string) string {
	best, hint := 3, "" // further apart is another word
	for _, name := range names {
		if d := levenshtein.ComputeDistance(given, name); d < best || hint == "" && strings.HasPrefix(name, given) {
			best, hint = min(d, best), prefix+name
		}
	}
	return hint
}

// end finishes and writes the report and the list of known findings. The error says how
// the run ended when it is not a pass; a line on stderr tells a pass that stdout does
// not.
func (f *reportFlags) end(cmd *cobra.Command, r *report.Report) error {
	today := time.Now().UTC() // the same day everywhere
	r.Accept(f.known, today)
	unexplained := 0 // with the placeholder of --write-known
	for _, k := range f.known {
		if strings.HasPrefix(strings.TrimSpace(k.Reason), "TODO") {
			unexplained++
		}
	}
	if unexplained > 0 {
		r.Note(fmt.Sprintf("reasons in %s that still say TODO: %d; write why each is accepted", f.knownPath, unexplained))
	}
	r.Finish()
	if err := writeTo(cmd, f.output, func(w io.Writer) error {
		return report.Write(w, r, f.format, report.FailOn(f.failOn), report.Colour(isColoured(w)))
	}); err != nil {
		return fmt.Errorf("the report was not written: %w", err)
	}
	if err := f.addSummary(r); err != nil {
		return fmt.Errorf("the summary was not written: %w", err)
	}
	if f.writeKnown != "" {
		if err := writeFile(f.writeKnown, func(w io.Writer) error { return report.WriteKnown(w, r, f.known, today) }); err != nil {
			return fmt.Errorf("the known findings were not written: %w", err)
		}
	}
	verdict := r.Verdict(f.failOn)
	if f.output != "" {
		verdict += "; the report is in " + f.output
	}
	if r.Empty() || r.Failed(f.failOn) {
		told := f.output == "" && f.format == report.Text && isTerminal(cmd.OutOrStdout()) && isTerminal(cmd.ErrOrStderr())
		return &exitError{code: exitFindings, err: errors.New(verdict), told: told}
	}
	if f.output != "" || f.format != report.Text {
		fmt.Fprintf(cmd.ErrOrStderr(), "%s: %s\n", cmd.CommandPath(), verdict)
	}
	return nil
}

// addSummary adds the report to what others have written to the summary.
func (f *reportFlags) addSummary(r *report.Report) error {
	if f.summary == "" {
		return nil
	}
	file, err := os.OpenFile(f.summary, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o666) //nolint:gosec // less the umask, as for any file that a command makes
	if err != nil {
		return err
	}
	return errors.Join(report.Write(file, r, report.Markdown, report.FailOn(f.failOn)), file.Close())
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// writeTo is writeFile, or writes to stdout where path is empty or -.
func writeTo(cmd *cobra.Command, path string, write func(io.Writer) error) error {
	if path == "" || path == "-" {
		return write(cmd.OutOrStdout())
	}
	return writeFile(path, write)
}

// writeFile makes what write writes the content of the file at path.
func writeFile(path string, write func(io.Writer) error) error {
	file, err := createOutput(path)
	if err != nil {
		return err
	}
	if err := write(file); err != nil {
		file.abort()
		return err
	}
	return file.commit()
}

// outputFile is a file that a command writes in one step. What is no regular file, such
// as a pipe, is written as it stands.
type outputFile struct {
	*os.File
	path string // empty: File is written as it stands
}

// createOutput begins the file at path. Call commit or abort.
func createOutput(path string) (*outputFile, error) {
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return nil, fmt.Errorf("%s is a directory", path)
	case err == nil && !info.Mode().IsRegular():
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		return &outputFile{File: f}, err
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	if end, err := filepath.EvalSymlinks(path); err == nil {
		path = end
	}
	dir, name := filepath.Split(path)
	// In the same directory, for the rename; not os.CreateTemp, whose files only their
	// owner can read.
	f, err := os.OpenFile(filepath.Join(dir, "."+name+"."+strconv.FormatUint(rand.Uint64(), 36)+".tmp"), //nolint:gosec // a name that is free, not a secret
		os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666) // less the umask, as for any file that a command makes
	if err != nil {
		return nil, fmt.Errorf("%s cannot be written: %w", path, err)
	}
	out := &outputFile{f, path}
	if info != nil {
		if err := f.Chmod(info.Mode().Perm()); err != nil {
			out.abort()
			return nil, err
		}
	}
	return out, nil
}

// commit makes what was written the content of the file.
func (f *outputFile) commit() error {
	if f.path == "" {
		return f.Close()
	}
	// Synced, or a crash could leave an empty file under the name.
	err := errors.Join(f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), f.path)
	}
	if err != nil {
		_ = os.Remove(f.Name()) // the error is that of the first
	}
	return err
}

// abort leaves the file as it was.
func (f *outputFile) abort() {
	_ = f.Close()
	if f.path != "" {
		_ = os.Remove(f.Name())
	}
}

// canWrite tells why the file that a flag names could not be written, and leaves it
// as it is. A pipe is not tried: its reader would take that for the end.
func canWrite(flag, path string) error {
	if info, err := os.Stat(path); path == "" || err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return nil
	}
	f, err := createOutput(path)
	if err != nil {
		return fmt.Errorf("--%s: %w", flag, err)
	}
	f.abort()
	return nil
}
