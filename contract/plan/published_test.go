package plan_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/spec/spectest"
)

// TestPublished counts by rule what the rules say of the published documents.
// Every line behind these counts has been read against the document.
func TestPublished(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		file  string
		rules map[string]int
	}{
		{"diga/openapi-2025-11-20.json", map[string]int{
			"act-without-answer": 3, "bulk": 1, "create": 9, "create-below": 2, "delete": 9,
			"list": 15, "read": 12, "sample": 3, "singleton": 3,
			"update": 9, "view": 1,
		}},
		{"diga/openapi-2026-01-20.json", map[string]int{
			"act-on-link": 1, "act-without-answer": 2, "bulk": 1, "create": 10, "create-below": 4,
			"delete": 13, "list": 21, "read": 15, "sample": 4,
			"singleton": 3, "update": 10, "view": 1,
		}},
		{"diga/openapi-2026-04-07.json", map[string]int{
			"act-on-link": 1, "act-without-answer": 2, "bulk": 2, "copy": 2, "create": 11,
			"create-below": 7, "delete": 13, "join": 1, "leave": 1,
			"list": 23, "read": 16, "sample": 3, "singleton": 3, "update": 10,
			"view": 3,
		}},
		{"diga/openapi-2026-07-22.json", map[string]int{
			"act": 15, "act-on-link": 1, "act-without-answer": 2, "bulk": 3, "copy": 4,
			"create": 13, "create-below": 6, "delete": 14, "join": 1,
			"leave": 1, "list": 28, "read": 21, "renew": 1, "sample": 8,
			"singleton": 5, "update": 10, "view": 3,
		}},
	} {
		t.Run(test.file, func(t *testing.T) {
			t.Parallel()
			p := published(t, test.file)
			got := map[string]int{}
			for _, l := range p.Lines {
				got[l.Rule]++
				if l.Reason == "" {
					t.Errorf("%s %s has no reason", l.Method, l.Path)
				}
			}
			if diff := cmp.Diff(test.rules, got); diff != "" {
				t.Errorf("operations by rule (-want +got):\n%s", diff)
			}
		})
	}
}

func published(t *testing.T, file string) *plan.Plan {
	t.Helper()
	document, err := spec.Parse(spectest.Shared(t, file))
	if err != nil {
		t.Fatal(err)
	}
	p, err := plan.New(document)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func BenchmarkNew(b *testing.B) {
	document, err := spec.Parse(spectest.Shared(b, "diga/openapi-2026-07-22.json"))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := plan.New(document); err != nil {
			b.Fatal(err)
		}
	}
}

// A first look reads every schema that later ones find read.
func BenchmarkNewUnread(b *testing.B) {
	data := spectest.Shared(b, "diga/openapi-2026-07-22.json")
	for b.Loop() {
		b.StopTimer()
		document, err := spec.Parse(data)
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		if _, err := plan.New(document); err != nil {
			b.Fatal(err)
		}
	}
}
