package drift_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract/drift"
	"github.com/digakit/digakit/contract/report"
)

func TestPartial(t *testing.T) {
	t.Parallel()
	base := edited(t, append(withCreate(), set("/tags", `[{"name":"API Keys"}]`), set("/info/contact", `{"name":"x"}`))...)
	page := func(edits ...edit) []byte { return edited(t, append(edits, remove("/servers"))...) }
	r := compared(t, base, page(), drift.Partial())
	if diff := cmp.Diff([]string{}, found(r, true)); diff != "" {
		t.Errorf("what a page leaves out is told (-want +got):\n%s", diff)
	}
	if !slices.ContainsFunc(r.Notes, func(n string) bool { return strings.Contains(n, "part of a document") }) {
		t.Errorf("the notes do not say it: %q", r.Notes)
	}
	for _, c := range []struct {
		name, why, want string
		edit            edit
	}{
		{"in the operation", "it is shown", "error request-parameter-max-decreased", set(limit+"/schema/maximum", `100`)},
		{"in a component it reaches", "that is shown as well", "error response-property-enum-value-added", set(schemas+"/Permission/enum/-", `"x"`)},
		{"a status it leaves out", "the operation is shown whole", "warning response-non-success-status-removed", remove(get + "/responses/500")},
		{"a new operation", "it is shown", "warning endpoint-added", set(path+"/delete", `{"responses":{"204":{"description":"gone"}}}`)},
	} {
		if diff := cmp.Diff([]string{c.want}, found(compared(t, base, page(c.edit), drift.Partial()), false)); diff != "" {
			t.Errorf("%s: %s (-want +got):\n%s", c.name, c.why, diff)
		}
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	base, revision := edited(t), edited(t, set(limit+"/schema/default", `20`), set(get+"/tags/-", `"Keys"`))
	r := compared(t, base, revision, drift.Names("old.json", "new.json"), drift.Severities(map[string]report.Severity{
		"request-parameter-default-value-changed": report.Info, "api-tag-added": report.None,
	}))
	if diff := cmp.Diff([]string{"info request-parameter-default-value-changed"}, found(r, false)); diff != "" {
		t.Error(diff)
	}
	if f := r.Findings[0]; r.Base != "old.json" || f.Revision.Source != "new.json" {
		t.Errorf("names: %q, %+v", r.Base, f.Revision)
	}
	for _, wrong := range []map[string]report.Severity{{"api-tag-aded": report.Info}, {"api-tag-added": "fatal"}} {
		if _, err := drift.Compare(context.Background(), parsed(t, base), parsed(t, base), drift.Severities(wrong)); err == nil {
			t.Errorf("%v is taken", wrong)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := drift.Compare(ctx, parsed(t, base), parsed(t, revision)); !errors.Is(err, context.Canceled) {
		t.Errorf("a run that was called off ends with %v", err)
	}
}

// TestFingerprints compares with two revisions of which the later only adds to
// the earlier: what was found before keeps its fingerprint.
func TestFingerprints(t *testing.T) {
	t.Parallel()
	edits := []edit{set(limit+"/schema/default", `20`), set(get+"/parameters/-", `{"name":"search","in":"query","schema":{"type":"string"}}`), set(schemas+"/Permission/enum/-", `"a"`)}
	more := append(slices.Clone(edits), set(get+"/parameters/-", `{"name":"kind","in":"query","schema":{"type":"boolean"}}`), set(schemas+"/Permission/enum/-", `"b"`), set(get+"/parameters/0/description", `"d"`))
	prints := func(edits []edit) map[string]bool {
		m := map[string]bool{}
		r := compared(t, edited(t), edited(t, edits...))
		for _, f := range r.Findings {
			if m[f.Fingerprint] || f.Count != 1 {
				t.Errorf("two findings have one fingerprint: %s", f.Message)
			}
			m[f.Fingerprint] = true
		}
		return m
	}
	earlier, later := prints(edits), prints(more)
	if len(earlier) != 3 || len(later) != 6 {
		t.Fatalf("found %d, then %d", len(earlier), len(later))
	}
	for p := range earlier {
		if !later[p] {
			t.Errorf("%s is gone", p)
		}
	}
}

func TestSharedChangesAreToldOnce(t *testing.T) {
	t.Parallel()
	r := compared(t, edited(t, withCreate()...), edited(t, append(withCreate(), set(key+"/properties/id/type", `"integer"`), remove(key+"/properties/id/format"))...))
	want := []string{
		"error response-property-type-changed: type of property id of schema RedactedApiKeyResponseSchema changed from string to integer (in 2 operations: list_api_keys_v1_api_key__get, create)",
		"warning response-property-format-removed: format of property id of schema RedactedApiKeyResponseSchema was removed: \"uuid\" (in 2 operations: list_api_keys_v1_api_key__get, create)",
	}
	if diff := cmp.Diff(want, found(r, true)); diff != "" {
		t.Error(diff)
	}
	if f := r.Findings[0]; f.Operation != "" || f.Pointer != key+"/properties/id/type" {
		t.Errorf("%+v", f)
	}
}

// TestReferencesWithWordsOfTheirOwn names a parameter that is a reference with a
// description beside it, whatever of it changes.
func TestReferencesWithWordsOfTheirOwn(t *testing.T) {
	t.Parallel()
	const shared = "/components/parameters"
	base := []edit{set(shared, `{}`), set(shared+"/Size", `{"name":"size","in":"query","schema":{"type":"integer","maximum":9}}`), set(get+"/parameters/-", `{"$ref":"#/components/parameters/Size","description":"d"}`)}
	got := found(compared(t, edited(t, base...), edited(t, append(slices.Clone(base), set(shared+"/Size/schema/maximum", `8`))...)), true)
	want := []string{"error request-parameter-max-decreased: maximum of query parameter size changed from 9 to 8"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
