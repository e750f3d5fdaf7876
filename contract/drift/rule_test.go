package drift_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/oasdiff/oasdiff/checker"

	"github.com/digakit/digakit/contract/drift"
	"github.com/digakit/digakit/contract/report"
)

func TestRulesAreATable(t *testing.T) {
	t.Parallel()
	id := regexp.MustCompile(`^[a-z]+(-[a-z0-9]+)*$`)
	seen := map[string]bool{}
	before := ""
	for _, r := range drift.Rules() {
		if !id.MatchString(r.ID) || seen[r.ID] || r.ID < before {
			t.Errorf("%q is no kebab-case id, stands twice or out of order", r.ID)
		}
		seen[r.ID], before = true, r.ID
		if _, err := report.ParseSeverity(string(r.Severity)); err != nil || r.Severity == report.None {
			t.Errorf("%s: severity %q", r.ID, r.Severity)
		}
		if r.Meaning == "" || r.Remedy == "" {
			t.Errorf("%s has no meaning or remedy", r.ID)
		}
	}
	if len(seen) < 500 {
		t.Errorf("%d rules only", len(seen))
	}
}

// TestSeveritiesBesideOasdiff looks at the rules that have an id of oasdiff's
// and another severity than its level: each has a reason.
func TestSeveritiesBesideOasdiff(t *testing.T) {
	t.Parallel()
	reasons := map[string]string{
		"-default-value-": "a changed default changes what calls get that leave it out", "api-operation-id-": "the generated method is named after it",
		"new-optional-request-": "the client lags behind", "response-optional-property-": "a field that is gone, or that the client lacks", "response-required-property-added": "the client lags behind",
		"response-non-success-status-": "documented errors are part of what a client handles", "response-success-status-added": "a status the client does not know",
		"endpoint-added": "the client lags behind", "webhook-added": "the client lags behind", "request-parameter-removed": "what is sent in it is lost", "request-property-removed": "what is sent in it is lost",
		"api-security-added": "calls without credentials are refused", "api-security-removed": "an operation without credentials is a risk, and breaks nobody",
		"request-body-added-optional": "the client lags behind", "response-media-type-added": "the client may not be able to read it", "optional-response-header-removed": "a header a client may look at",
		"request-parameter-pattern-changed": "a changed pattern may refuse what was taken", "request-property-pattern-changed": "the same", "response-property-pattern-": "few clients rely on a limit of what they read",
		"-content-": "the generated type is another", "-multiple-of-": "few clients rely on a limit of what they read", "-unique-items-": "the same", "-max": "the same", "-min": "the same", "-dependent-required-": "the same",
		"-discriminator-": "variants are told apart in another way", "-type-changed": "the generated type is another",
		"-enum-value-": "", "-became-enum": "", "-became-not-enum": "",
	}
	ours := map[string]report.Severity{}
	for _, r := range drift.Rules() {
		ours[r.ID] = r.Severity
	}
	levels := map[checker.Level]report.Severity{checker.ERR: report.Error, checker.WARN: report.Warning, checker.INFO: report.Info}
	shared := 0
	for _, r := range checker.GetAllRules() {
		severity, ok := ours[r.Id]
		if !ok {
			continue
		}
		shared++
		if severity == levels[r.Level] {
			continue
		}
		found := false
		for part, reason := range reasons {
			found = found || strings.Contains(r.Id, part) && reason != ""
		}
		if !found {
			t.Errorf("%s is %s here and %s to oasdiff, for no reason", r.Id, severity, levels[r.Level])
		}
	}
	if shared < 300 {
		t.Errorf("only %d ids are oasdiff's", shared)
	}
}

func TestParseSeverities(t *testing.T) {
	t.Parallel()
	got, err := drift.ParseSeverities("s.yaml", []byte("# ours\napi-tag-added: none\nendpoint-added: info\n"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]report.Severity{"api-tag-added": report.None, "endpoint-added": report.Info}, got); diff != "" {
		t.Error(diff)
	}
	for _, empty := range []string{"", "# nothing\n", "---\n"} {
		if got, err := drift.ParseSeverities("s.yaml", []byte(empty)); err != nil || len(got) != 0 {
			t.Errorf("%q: %v %v", empty, got, err)
		}
	}
	_, err = drift.ParseSeverities("s.yaml", []byte("api-tag-aded: info\nendpoint-added: fatal\nendpoint-added: info\nwhatever-there-may-be-in-it: info\n"))
	want := `drift: the severities cannot be read:
s.yaml:1: there is no rule "api-tag-aded"; did you mean api-tag-added?
s.yaml:2: rule "endpoint-added": a severity is error, warning, info or none
s.yaml:3: rule "endpoint-added" stands in line 2 already
s.yaml:4: there is no rule "whatever-there-may-be-in-it": ` + "`digakit drift --list-rules` lists them"
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
	for _, broken := range []string{"- a", "a", "{a: ", "api-tag-added: [info]", "? [a]\n: info", "a: none\n---\nb: none"} {
		if _, err := drift.ParseSeverities("s.yaml", []byte(broken)); err == nil || !strings.Contains(err.Error(), "s.yaml") {
			t.Errorf("%q: %v", broken, err)
		}
	}
}

func FuzzParseSeverities(f *testing.F) {
	f.Add([]byte("api-tag-added: none\n"))
	f.Add([]byte("? &a [*a]\n: 1"))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := drift.ParseSeverities("s.yaml", data)
		if (got == nil) == (err == nil) {
			t.Fatal("neither severities nor an error")
		}
	})
}
