package drift_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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
		if left := drift.WithoutTakingOver(r.Remedy); strings.Contains(left, "spec import") || strings.Contains(left, "make generate") || !strings.HasSuffix(left, ".") {
			t.Errorf("%s: whoever has taken the revision over is told: %s", r.ID, left)
		}
	}
	if len(seen) < 500 {
		t.Errorf("%d rules only", len(seen))
	}
}

// TestRuleIDsStay looks for the ids that files of severities may name:
// testdata/rules.txt only ever grows.
func TestRuleIDsStay(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/rules.txt")
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for _, r := range drift.Rules() {
		ids[r.ID] = true
	}
	for _, id := range strings.Fields(string(data)) {
		if !ids[id] {
			t.Errorf("%s is gone", id)
		}
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
s.yaml:1:1: there is no rule "api-tag-aded"; did you mean api-tag-added?
s.yaml:2:1: rule "endpoint-added": a severity is error, warning, info or none
s.yaml:3:1: this key is given twice, first with the value at line 2; keep one
s.yaml:4:1: there is no rule "whatever-there-may-be-in-it": ` + "`digakit drift --list-rules` lists them"
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
