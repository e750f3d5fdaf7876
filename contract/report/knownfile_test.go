package report_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/digakit/digakit/contract/report"
)

func TestParseKnown(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		yaml string
		want []report.Known
	}{
		"nothing":       {"", nil},
		"comments":      {"# none yet\n", nil},
		"an empty list": {"[]\n", []report.Known{}},
		"entries": {
			"- fingerprint: 3f2a9c01b2d4\n  reason: for now\n  expires: 2026-03-31\n- {reason: x, fingerprint: \"000000000000\"}\n",
			[]report.Known{{Fingerprint: "3f2a9c01b2d4", Reason: "for now", Expires: "2026-03-31"}, {Fingerprint: "000000000000", Reason: "x"}},
		},
		"what YAML takes for numbers": {
			"- fingerprint: 012345678901\n  reason: 1\n- fingerprint: 1234567890e1\n  reason: yes\n",
			[]report.Known{{Fingerprint: "012345678901", Reason: "1"}, {Fingerprint: "1234567890e1", Reason: "yes"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := report.ParseKnown("f", []byte(tc.yaml))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseKnownTellsAllMistakes(t *testing.T) {
	t.Parallel()
	const good = "- fingerprint: 3f2a9c01b2d4\n  reason: x\n"
	for name, tc := range map[string]struct{ yaml, want string }{
		"not YAML":           {"- [", "report: f is not YAML: "},
		"a mapping":          {"fingerprint: x\n", "f:1: known findings are a list: begin each with '- fingerprint: '"},
		"no entry":           {"- x\n", "f:1: an entry has the fields fingerprint, reason and expires"},
		"no fingerprint":     {"- reason: x\n", "f:1: the entry has no fingerprint: take it from a report"},
		"no such print":      {"- fingerprint: 3F2A\n  reason: x\n", `f:1: a fingerprint is 12 digits of 0-9 and a-f, not "3F2A"`},
		"no reason":          {"- fingerprint: 3f2a9c01b2d4\n", "f:1: the entry has no reason: say why the finding is accepted"},
		"blank reason":       {"- fingerprint: 3f2a9c01b2d4\n  reason: '  '\n", "f:1: the entry has no reason"},
		"null reason":        {"- fingerprint: 3f2a9c01b2d4\n  reason:\n", "f:2: reason must be text"},
		"unknown field":      {good + "  until: x\n", `f:3: there is no field "until": an entry has fingerprint, reason and expires`},
		"field twice":        {good + "  reason: y\n", "f:3: reason is there twice; keep one"},
		"list for text":      {"- fingerprint: 3f2a9c01b2d4\n  reason: [x]\n", "f:2: reason must be text"},
		"no such day":        {good + "  expires: 2026-02-30\n", `not "2026-02-30"; leave it out to accept for good`},
		"day of another way": {good + "  expires: 31.3.2026\n", `f:1: expires is the last day the entry holds, such as 2026-03-31, not "31.3.2026"`},
		"empty day":          {good + "  expires: ''\n", "f:1: expires is the last day"},
		"twice":              {good + good, "f:3: the fingerprint 3f2a9c01b2d4 is there already, at line 1; keep one"},
		"two documents":      {good + "---\n" + good, "something follows the list: a file has one YAML document"},
		"several":            {"- reason: x\n- fingerprint: 3f2a9c01b2d4\n- x\n", "f:1: the entry has no fingerprint: take it from a report\nf:2: the entry has no reason: say why the finding is accepted\nf:3: an entry has"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := report.ParseKnown("f", []byte(tc.yaml))
			if err == nil || got != nil || !strings.HasPrefix(err.Error(), "report: ") || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, %v; want %s", got, err, tc.want)
			}
		})
	}
}

func TestWriteKnown(t *testing.T) {
	t.Parallel()
	made := func() *report.Report {
		r := report.New("verify")
		r.Add(report.Finding{Check: "order", Operation: "list", Case: "asc", Severity: report.Error, Message: "out of\norder # ' \"\x1b[31m"})
		r.Add(report.Finding{Check: "order", Operation: "list", Case: "desc", Severity: report.Warning, Message: "out of order"})
		r.Add(report.Finding{Check: "order", Operation: "list", Case: "both", Severity: report.Info})
		return r
	}
	r := made()
	old := []report.Known{
		{Fingerprint: r.Findings[0].Fingerprint, Reason: "lines\nof: '\"reasons\" # \x7f", Expires: "2026-12-31"},
		{Fingerprint: r.Findings[1].Fingerprint, Reason: "not for long", Expires: "2026-03-30"},
		{Fingerprint: "0123456789ab", Reason: "gone"},
	}
	r.Accept(old, today)
	r.Finish()
	var b bytes.Buffer
	if err := report.WriteKnown(&b, r, old, today); err != nil {
		t.Fatal(err)
	}
	if want := `# error order list asc: out of\norder # ' "\x1b[31m` + "\n- fingerprint: "; !strings.HasPrefix(b.String(), want) {
		t.Errorf("wrote\n%s\nwant first %s", b.String(), want)
	}
	known, err := report.ParseKnown("f", b.Bytes())
	if err != nil {
		t.Fatalf("%v\n%s", err, b.String())
	}
	want := []report.Known{
		old[0],
		{Fingerprint: old[1].Fingerprint, Reason: "TODO: look at this again, it was accepted until 2026-03-30: not for long"},
		{Fingerprint: made().Findings[2].Fingerprint, Reason: "TODO: say why this is accepted"},
	}
	if diff := cmp.Diff(want, known); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
	// The same run finds nothing that is not known, not even of the list itself.
	again := made()
	again.Accept(known, today)
	again.Finish()
	if again.Failed(report.Info) || again.Summary.Known != 3 {
		t.Errorf("the same run ends with %+v", again.Summary)
	}
	// Written again it is the same.
	var second bytes.Buffer
	if err := report.WriteKnown(&second, again, known, today); err != nil || second.String() != b.String() {
		t.Errorf("written again, %v:\n%s", err, second.String())
	}
}

func TestWriteKnownOfACleanRun(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := report.WriteKnown(&b, cleanSample(), nil, today); err != nil || b.String() != "[]\n" {
		t.Errorf("wrote %q, %v", b.String(), err)
	}
}

func FuzzParseKnown(f *testing.F) {
	f.Add([]byte("- fingerprint: 3f2a9c01b2d4\n  reason: x\n  expires: 2026-03-31\n"))
	f.Add([]byte("- &a {fingerprint: 3f2a9c01b2d4, reason: x}\n- *a\n"))
	f.Add([]byte("[{"))
	f.Fuzz(func(t *testing.T, data []byte) {
		known, err := report.ParseKnown("f", data)
		if err != nil && known != nil {
			t.Errorf("both %v and %v", known, err)
		}
		for _, k := range known {
			if len(k.Fingerprint) != 12 || strings.TrimSpace(k.Reason) == "" {
				t.Errorf("read %+v", k)
			}
		}
	})
}

func TestWriteKnownReadsBackWhateverTheTexts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := drawn(t)
		var old []report.Known
		for _, f := range r.Findings {
			reason := rapid.String().Filter(func(s string) bool { return strings.TrimSpace(s) != "" }).Draw(t, "reason")
			old = append(old, report.Known{
				Fingerprint: f.Fingerprint, Reason: reason,
				Expires: rapid.SampledFrom([]string{"", "2026-12-31", "2026-01-01"}).Draw(t, "expires"),
			})
		}
		old = old[:rapid.IntRange(0, len(old)).Draw(t, "entries")]
		var b bytes.Buffer
		if err := report.WriteKnown(&b, r, old, today); err != nil {
			t.Fatal(err)
		}
		known, err := report.ParseKnown("f", b.Bytes())
		if err != nil {
			t.Fatalf("%v\n%s", err, b.String())
		}
		for _, k := range known {
			if i := slices.IndexFunc(old, func(o report.Known) bool { return o.Fingerprint == k.Fingerprint }); i >= 0 {
				if o := old[i]; o.Expires != "2026-01-01" && o != k || !strings.HasSuffix(k.Reason, o.Reason) {
					t.Errorf("%+v became %+v", o, k)
				}
			}
		}
		r.Accept(known, today)
		if r.Failed(report.Info) {
			t.Errorf("with what was written, the run fails: %+v", r.Findings)
		}
	})
}
