package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/digakit/digakit/contract/report"
)

// reporting runs a command that makes the given report.
func reporting(t *testing.T, r *report.Report, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	var f reportFlags
	var out, log bytes.Buffer
	cmd := &cobra.Command{
		Use: "sample", SilenceErrors: true, SilenceUsage: true, Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.begin(); err != nil {
				return err
			}
			return f.end(cmd, r)
		},
	}
	f.add(cmd)
	cmd.SetArgs(args)
	cmd.SetOut(&out)
	cmd.SetErr(&log)
	err = cmd.Execute()
	return out.String(), log.String(), err
}

// found returns a report with a passed case and findings of these severities.
func found(severities ...report.Severity) *report.Report {
	r := report.New("verify")
	r.Pass("status", "list", 1)
	for _, s := range severities {
		r.Add(report.Finding{Check: "order", Operation: "list", Severity: s, Case: string(s), Message: "out of order"})
	}
	return r
}

func TestReportingEnds(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		report *report.Report
		args   []string
		code   int    // exitOK: no error
		said   string // the error, or stderr
	}{
		"clean":                      {found(), nil, exitOK, ""},
		"clean, as JSON":             {found(), []string{"--format", "json"}, exitOK, "sample: passed: no findings; 1 case passed\n"},
		"an info":                    {found(report.Info), nil, exitOK, ""},
		"an info at info":            {found(report.Info), []string{"--fail-on=info"}, exitFindings, "failed: 1 info; 1 case passed"},
		"a warning":                  {found(report.Warning), nil, exitFindings, "failed: 1 warning; 1 case passed"},
		"a warning at error":         {found(report.Warning), []string{"--fail-on=error", "--format=json"}, exitOK, "sample: passed: 1 warning; 1 case passed\n"},
		"an error":                   {found(report.Error, report.Info), nil, exitFindings, "failed: 1 error, 1 info; 1 case passed"},
		"an error at none":           {found(report.Error), []string{"--fail-on=none"}, exitOK, ""},
		"an empty run":               {report.New("verify"), nil, exitFindings, "failed: nothing was checked: an empty run is never a pass"},
		"an empty run, even at none": {report.New("verify"), []string{"--fail-on=none"}, exitFindings, "failed: nothing was checked: an empty run is never a pass"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stdout, stderr, err := reporting(t, tc.report, tc.args...)
			code := exitOK
			if e, ok := errors.AsType[*exitError](err); ok {
				code, stderr = e.code, err.Error()
			} else if err != nil {
				t.Fatal(err)
			}
			if code != tc.code || stderr != tc.said {
				t.Errorf("exit code %d, said %q; want %d, %q", code, stderr, tc.code, tc.said)
			}
			if stdout == "" {
				t.Error("no report on stdout")
			}
		})
	}
}

func TestReportingRefusesBadFlags(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	bad := filepath.Join(dir, "bad.yaml")
	if err := os.WriteFile(bad, []byte("- fingerprint: x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		args       []string
		said, hint string
	}{
		"format":                    {[]string{"--format=sarfi"}, `no format "sarfi"`, "--format sarif"},
		"unlike any":                {[]string{"--format=spreadsheet"}, `no format "spreadsheet"`, ""},
		"threshold cut short":       {[]string{"--fail-on=warn"}, `no severity "warn"`, "--fail-on warning"},
		"threshold's typo":          {[]string{"--fail-on=waring"}, `no severity "waring"`, "--fail-on warning"},
		"no such file":              {[]string{"--known", filepath.Join(dir, "none")}, "--known: ", ""},
		"bad file":                  {[]string{"--known", bad}, "bad.yaml:1: the entry has no reason", ""},
		"directory":                 {[]string{"--output", dir}, "--output: " + dir + " is a directory", ""},
		"no directory":              {[]string{"--output", filepath.Join(dir, "no", "file")}, "--output: ", ""},
		"no directory for the list": {[]string{"--write-known", filepath.Join(dir, "no", "file")}, "--write-known: ", ""},
		"one file for two":          {[]string{"--output", "a", "--write-known", "./a"}, "are one file", ""},
	} {
		t.Run(name, func(t *testing.T) { // one after the other: then the directory is looked at
			stdout, _, err := reporting(t, found(), tc.args...)
			u, ok := errors.AsType[*usageError](err)
			if !ok || !strings.Contains(u.message, tc.said) || u.hint != tc.hint {
				t.Errorf("got %#v; want a usage error with %q and the hint %q", err, tc.said, tc.hint)
			}
			if stdout != "" {
				t.Errorf("wrote %q", stdout)
			}
		})
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("the directory holds %v, %v; want bad.yaml alone", entries, err)
	}
}

func TestReportingWritesFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	output, known := filepath.Join(dir, "report.json"), filepath.Join(dir, "known.yaml")
	if err := os.WriteFile(output, []byte("old"), 0o640); err != nil {
		t.Fatal(err)
	}
	stdout, _, err := reporting(t, found(report.Error), "--format=json", "--output", output, "--write-known", known)
	if stdout != "" || err == nil || !strings.HasSuffix(err.Error(), "; the report is in "+output) {
		t.Errorf("stdout %q, error %v", stdout, err)
	}
	if data, err := os.ReadFile(output); err != nil || !bytes.Contains(data, []byte(`"schema_version": 1`)) {
		t.Errorf("the report is %s, %v", data, err)
	}
	if info, err := os.Stat(output); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("the report's mode is %v, %v; want that of the old file", info.Mode(), err)
	}
	// What was found is known now.
	if _, stderr, err := reporting(t, found(report.Error), "--known", known, "--format=json"); err != nil || stderr != "sample: passed: 1 known; 1 case passed\n" {
		t.Errorf("with the known findings: %q, %v", stderr, err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 2 {
		t.Errorf("the directory holds %v, %v; want the two files", entries, err)
	}
}

func TestReportingKeepsWhatTheOutputIs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, link := filepath.Join(dir, "file"), filepath.Join(dir, "link")
	if err := os.Symlink("file", link); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{link, os.DevNull} {
		before, err := os.Lstat(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := reporting(t, found(), "--output", path); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		if after, err := os.Lstat(path); err != nil || after.Mode() != before.Mode() {
			t.Errorf("%s was %v and is %v, %v", path, before.Mode(), after.Mode(), err)
		}
	}
	if data, err := os.ReadFile(file); err != nil || !bytes.HasPrefix(data, []byte("digakit verify\n")) {
		t.Errorf("the file behind the link holds %q, %v", data, err)
	}
}
