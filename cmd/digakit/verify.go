package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"path"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/coverage"
	"github.com/digakit/digakit/contract/har"
	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/suite"
	"github.com/digakit/digakit/mockserver"
)

// verifyFlags are the flags of `digakit verify`.
type verifyFlags struct {
	spec    specFlag
	report  reportFlags
	timeout time.Duration
	maxTime time.Duration // 0: none
	headers []string

	url, key, deniedKey, profile, only, har, ca, coverage string

	unsafe, insecure, listChecks, writes, dryRun bool
	skip                                         []string
	rate, minCoverage                            float64
}

func verifyCommand() *cobra.Command {
	var f verifyFlags
	cmd := &cobra.Command{
		Use:   "verify [URL | DOCUMENT | RECORDING.har]",
		Short: "Check a server that claims to be the Diga API",
		Long: `Check a server that claims to be the Diga API: that every answer is as the OpenAPI
document says, that bad requests and credentials are refused, and that pages keep
their promises. Without a URL it checks a mock of its own. --spec checks against
another document than Diga's.

It sends GET, HEAD and OPTIONS alone, one request after the other, and writes
nothing; --unsafe-methods adds bodyless calls of methods the document does not
have. --writes lets it make items, whose names begin with digakit-verify-: it
changes and removes what it made and nothing else, also when it is stopped, and
says what it could not remove. Against a mock of its own it writes.

What the document leaves open is no finding. With --profile, each line of the
file is what the server is expected to do there.

The keys can come from DIGAKIT_KEY and DIGAKIT_DENIED_KEY or, as @FILE, from a
file, so that they need not stand in a process list.

Exit codes: 0 clean, 1 findings at or above --fail-on, a key that is missing or
refused everywhere among them, or nothing was checked, 2 wrong usage, 3 the
server never answered.`,
		Example: `  digakit verify                              # a mock of its own
  digakit verify http://127.0.0.1:4010 --key diga-mock-unrestricted-0001 --denied-key diga-mock-no-access-0003
  DIGAKIT_KEY=@key.txt digakit verify --url https://api.diga.io --rate 5
  digakit verify --url http://127.0.0.1:8000 --spec openapi.yaml
  digakit verify --url http://127.0.0.1:8000 --spec openapi.yaml --writes   # and what it makes and changes
  digakit verify --only 'page_*' --format markdown >> "$GITHUB_STEP_SUMMARY"
  digakit verify --min-coverage 90 --coverage coverage.html
  digakit verify --list-checks                # what it looks for
  digakit verify --har recorded.har           # judge recorded traffic instead`,
		Args: asFlag(func(arg string) string {
			switch {
			case strings.Contains(arg, "://"):
				return "url"
			case strings.HasSuffix(arg, ".har"), strings.HasSuffix(arg, ".har.gz"):
				return "har"
			}
			return "spec"
		}),
		RunE: func(cmd *cobra.Command, _ []string) error { return f.verify(cmd) },
	}
	cmd.Flags().StringVar(&f.url, "url", "", "`URL` where the API's paths begin; a mock of its own when left out")
	cmd.Flags().StringVar(&f.key, "key", "", "`secret` of a key that may call everything, or @FILE")
	cmd.Flags().StringVar(&f.deniedKey, "denied-key", "", "`secret` of a key that is valid and lacks permission, or @FILE")
	cmd.Flags().StringVar(&f.profile, "profile", "", "YAML `file` with 'id: alternative' lines to hold the server to")
	cmd.Flags().StringVar(&f.only, "only", "", "`glob` over the ids of checks, such as 'page_*'")
	cmd.Flags().StringArrayVar(&f.skip, "skip", nil, "`glob` of operations to leave out, by id, path, or 'METHOD path'; may be repeated")
	cmd.Flags().BoolVar(&f.dryRun, "dry-run", false, "print what would be sent, and send nothing")
	cmd.Flags().BoolVar(&f.unsafe, "unsafe-methods", false, "also call methods the document does not have, without a body")
	cmd.Flags().BoolVar(&f.writes, "writes", false, "also call operations that change data: make items named digakit-verify-…, try things on them, and remove them")
	cmd.Flags().StringVar(&f.har, "har", "", "judge the recorded traffic in this HTTP Archive `file`; - is stdin")
	cmd.Flags().DurationVar(&f.maxTime, "max-time", 0, "`time` that the whole run may take; what was not reached by then is a finding (default no bound)")
	cmd.Flags().Float64Var(&f.minCoverage, "min-coverage", 0, "fail below this `percentage` of what can be exercised")
	cmd.Flags().StringVar(&f.coverage, "coverage", "", "HTML `file` to write the coverage to")
	cmd.Flags().BoolVar(&f.listChecks, "list-checks", false, "print the table of checks and end; as JSON with --format json")
	f.addReach(cmd)
	f.spec.add(cmd)
	f.report.add(cmd)
	for _, name := range []string{"url", "profile", "only", "skip", "dry-run", "unsafe-methods", "writes", "rate", "timeout", "max-time", "header", "ca", "insecure"} {
		cmd.MarkFlagsMutuallyExclusive("har", name)
	}
	return cmd
}

// addReach adds the flags that say how the server is reached.
func (f *verifyFlags) addReach(cmd *cobra.Command) {
	cmd.Flags().Float64Var(&f.rate, "rate", 0, "`requests` a second at most (default unlimited on loopback, 20 elsewhere)")
	cmd.Flags().DurationVar(&f.timeout, "timeout", 10*time.Second, "`time` that one answer may take")
	cmd.Flags().StringArrayVar(&f.headers, "header", nil, "`'Name: value'` to send with every request; may be repeated")
	cmd.Flags().StringVar(&f.ca, "ca", "", "PEM `file` with the certificates to trust besides the system's")
	cmd.Flags().BoolVar(&f.insecure, "insecure", false, "do not check the server's certificate")
	cmd.MarkFlagsMutuallyExclusive("ca", "insecure")
}

// checkReach refuses values of these flags.
func (f *verifyFlags) checkReach() error {
	var errs []error
	if !(f.rate >= 0) { // nor is NaN
		errs = append(errs, fmt.Errorf("--rate is a number of requests a second, not %v", f.rate))
	}
	if f.timeout <= 0 {
		errs = append(errs, fmt.Errorf("--timeout is a time such as 10s, not %v", f.timeout))
	}
	return errors.Join(errs...)
}

func (f *verifyFlags) verify(cmd *cobra.Command) error {
	if err := f.check(); err != nil {
		return err
	}
	if err := f.report.begin(); err != nil {
		return err
	}
	if f.listChecks {
		return writeChecks(cmd.OutOrStdout(), f.report.format)
	}
	r, err := f.judge(cmd)
	if r == nil {
		return err
	}
	f.judgeCoverage(r)
	if f.coverage != "" {
		if err := writeFile(f.coverage, r.Coverage.WriteHTML); err != nil {
			return fmt.Errorf("the coverage was not written: %w", err)
		}
	}
	ended := f.report.end(cmd, r)
	if err != nil {
		return err // graver: what was to be checked could not be
	}
	return ended
}

// check refuses flags that make no sense, all at once.
func (f *verifyFlags) check() error {
	var errs []error
	if f.url == "" && f.har == "" && (f.key != "" || f.deniedKey != "") {
		errs = append(errs, errors.New("--key and --denied-key need --url: the mock of its own has keys of its own"))
	}
	if !(f.minCoverage >= 0 && f.minCoverage <= 100) { // nor is NaN
		errs = append(errs, fmt.Errorf("--min-coverage is a percentage, 0 to 100, not %v", f.minCoverage))
	}
	hint := ""
	if f.only != "" {
		var ids []string
		known := false
		for _, c := range suite.Checks() {
			matched, err := path.Match(f.only, c.ID)
			if err != nil {
				errs = append(errs, fmt.Errorf("--only %q is no glob over the ids of checks: %w", f.only, err))
				break
			}
			ids, known = append(ids, c.ID), known || matched
		}
		if len(errs) == 0 && !known {
			errs = append(errs, fmt.Errorf("--only: there is no check %q; --list-checks prints them", f.only))
			hint = nearest("--only ", strings.ReplaceAll(f.only, "-", "_"), ids)
		}
	}
	errs = append(errs, canWrite("coverage", f.coverage), f.checkReach())
	if f.maxTime < 0 {
		errs = append(errs, fmt.Errorf("--max-time is a time such as 10m, not %v", f.maxTime))
	}
	return usageErrors(errs, hint)
}

// errMaxTime ends a run that takes longer than --max-time.
var errMaxTime = errors.New("verify: --max-time is over")

// judge runs the suite, or judges recorded traffic.
func (f *verifyFlags) judge(cmd *cobra.Command) (*report.Report, error) {
	document, validator, err := f.spec.validator(cmd)
	if err != nil {
		return nil, err
	}
	if f.har != "" {
		return f.judgeRecorded(cmd, validator)
	}
	if f.dryRun {
		return nil, f.wouldSend(cmd, document, validator)
	}
	target, closeTarget, err := f.target(cmd.Context(), document, validator)
	if err != nil {
		return nil, err
	}
	line := newProgressLine(cmd.ErrOrStderr())
	line.write("waiting for the first answer")
	target.Progress = line.show
	log.SetOutput(io.Discard) // net/http tells there, byte by byte, what a server sends that nobody asked for
	target.Coverage = coverage.New(validator)
	ctx, cancel := context.WithCancelCause(cmd.Context()) // no deadline: what waits for its turn would fail before it
	defer cancel(nil)
	if f.maxTime > 0 {
		defer time.AfterFunc(f.maxTime, func() { cancel(errMaxTime) }).Stop()
	}
	finishes(ctx)
	r, err := suite.Check(ctx, target)
	line.clear()
	if err != nil && errors.Is(context.Cause(ctx), errMaxTime) {
		r.Add(report.Finding{Check: "max_time", Severity: report.Error, Message: fmt.Sprintf("the run was not done after %s of --max-time", f.maxTime),
			Explanation: "What had not been asked by then was not checked.", HowToFix: "allow more with --max-time or a higher --rate, ask less with --only, or mend what makes answers slow"})
		err = nil
	}
	if closed := closeTarget(); err == nil && closed != nil {
		err = fmt.Errorf("the mock did not end well: %w", closed)
	}
	if errors.Is(err, suite.ErrRefused) {
		r.Add(refusedKey(target.Key))
		err = nil
	}
	if errors.Is(err, suite.ErrTarget) || err != nil && len(r.Findings) == 0 {
		return nil, err
	}
	return r, err
}

// refusedKey is the finding that every operation refuses the key: the server is
// there, so that something has to be mended.
func refusedKey(key string) report.Finding {
	message, explanation := "every operation answers 401 or 403 to --key", "Nothing can be checked with it. It may have been deleted, or lack every permission."
	if key == "" {
		message = "every operation answers 401 or 403: --key is empty"
		explanation = "Nothing can be checked without one. In CI, a secret that is not set is an empty variable."
	}
	return report.Finding{Check: "key_refused", Severity: report.Error, Message: message, Explanation: explanation,
		HowToFix: "give a key that may call the operations, in --key or DIGAKIT_KEY"}
}

// judgeRecorded judges the traffic in an HTTP Archive.
func (f *verifyFlags) judgeRecorded(cmd *cobra.Command, validator *contract.Validator) (*report.Report, error) {
	in, name := cmd.InOrStdin(), "standard input"
	if f.har != "-" {
		file, err := os.Open(f.har)
		if err != nil {
			return nil, unreadable("har", err)
		}
		defer file.Close()
		in, name = file, f.har
	}
	return har.Judge(cmd.Context(), in, validator, har.Name(name))
}

// judgeCoverage adds a finding when too little was exercised.
func (f *verifyFlags) judgeCoverage(r *report.Report) {
	if f.minCoverage == 0 || r.Coverage == nil {
		return
	}
	if percent := r.Coverage.Percent(); percent < f.minCoverage {
		r.Add(report.Finding{
			Check: "min_coverage", Severity: report.Error,
			Message:     fmt.Sprintf("%.1f %% of what can be exercised was; at least %v %% was to be", percent, f.minCoverage),
			Explanation: "What was not exercised was not checked either.",
			HowToFix:    "see the coverage for what is missing; give the server data that shows it, or lower --min-coverage",
		})
		return
	}
	r.Pass("min_coverage", "", 1)
}

// ownKeys is how many keys the mock has that verify starts for itself: enough
// for three pages of the default length, the last of them not full.
const ownKeys = 137

// target is what to check, and what ends it.
func (f *verifyFlags) target(ctx context.Context, document *spec.Document, validator *contract.Validator) (suite.Target, func() error, error) {
	t := suite.Target{URL: f.url, Validator: validator, Only: f.only, Skip: f.skip, Unsafe: f.unsafe, Writes: f.writes, Rate: f.rate, Timeout: f.timeout}
	var err error
	var profile mockserver.Profile
	if t.Header, err = parseHeaders(f.headers); err != nil {
		return t, nil, err
	}
	if profile, t.Assume, err = readProfile(f.profile); err != nil {
		return t, nil, err
	}
	if f.url == "" {
		return ownTarget(ctx, t, document, profile)
	}
	if t.Key, err = readSecret(f.key); err != nil {
		return t, nil, err
	}
	if t.DeniedKey, err = readSecret(f.deniedKey); err != nil {
		return t, nil, err
	}
	transport, err := f.transport()
	t.Transport = transport
	return t, func() error { transport.CloseIdleConnections(); return nil }, err
}

// ownTarget starts a mock to check.
func ownTarget(ctx context.Context, t suite.Target, document *spec.Document, profile mockserver.Profile) (suite.Target, func() error, error) {
	srv, err := mockserver.New(mockserver.WithDocument(document), mockserver.WithKeys(ownKeys), mockserver.WithProfile(profile),
		mockserver.WithCredentials(mockserver.UnrestrictedKey), mockserver.WithoutJournal())
	if err != nil {
		return t, nil, err
	}
	lab := srv.Lab()
	if slices.ContainsFunc(t.Validator.Operations(), func(o *contract.Operation) bool { return len(lab.Needs(o)) > 0 }) {
		t.Needs = lab.Needs
		if _, t.DeniedKey, err = lab.CreateKey(ctx, "", "Verify_Denied", []string{}); err != nil {
			return t, nil, err
		}
	}
	t.Key, t.Lab = mockserver.UnrestrictedKey, lab
	t.Writes, t.Disposable = true, true
	url, end, err := serveOwn(ctx, srv, "127.0.0.1:0")
	t.URL = url
	return t, end, err
}

// writeChecks prints the table of checks.
func writeChecks(w io.Writer, format report.Format) error {
	checks := suite.Checks()
	if format == report.JSON {
		return writeJSON(w, checks)
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
