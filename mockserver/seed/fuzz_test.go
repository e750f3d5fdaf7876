package seed_test

import (
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/mockserver/seed"
	"github.com/digakit/digakit/mockserver/store"
)

// large finds numbers that make a file right and slow.
var large = regexp.MustCompile(`[^-.0-9A-Za-z][0-9]{5}`)

func FuzzParse(f *testing.F) {
	for _, text := range []string{
		whole, "", "projects: []", keyed("count: 3"), keyed("permissions: &p [calls.view]"), bomb(),
		"projects: [{name: a, members: [{name: \"\\xe9\", role: administrator}], keys: [{name: b, created_date: 2199-12-31T23:59:59.999999Z}]}]",
		"projects: &p [*p]", "---\n...\n---\n", "? {a: b}\n: !!binary c", "projects: !!str [{<<: *a}]", "%YAML 1.1\n---\nprojects: []",
		keyed("access: {Calls: Read, API Keys: Write}"),
		faulty("match: {operation: GET /v1/api_key/, query: {limit: \"7\"}}\n    status: 503\n    retry_after: 1\n    probability: 0.5\n    seed: 3\n  - body: &b {a: [1, -0.5e3, ~, True, 2025-01-07, \"\\0<\"], '<<': x}\n  - {status: 200, body: *b}"),
		faulty("{delayDistribution: {type: lognormal, median: 80, sigma: 0.4}, chunkedDribbleDelay: {numberOfChunks: 3, totalDuration: 9}}"),
		faulty("{fault: EMPTY_RESPONSE, times: 1, skip: 2}\n  - {truncateBodyAtFraction: 0}\n  - {body: &b [*b]}"),
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if large.Match(data) {
			t.Skip()
		}
		got, err := seed.Parse("f", data)
		again, errAgain := seed.Parse("f", data)
		if (err == nil) != (errAgain == nil) || err != nil && err.Error() != errAgain.Error() {
			t.Fatalf("first %v, then %v", err, errAgain)
		}
		if diff := cmp.Diff(got, again); diff != "" {
			t.Fatalf("twice parsed (-first +second):\n%s", diff)
		}
		if err != nil {
			return
		}
		inject(t, got)
		s := store.New(store.Config{})
		add(t, s, got)
		for _, p := range s.Projects() {
			k, _, err := p.CreateKey(store.KeySpec{Name: "next"})
			if err != nil {
				t.Fatalf("no key can be created: %v", err)
			}
			if _, err := k.Created.MarshalJSON(); err != nil {
				t.Fatal(err)
			}
		}
	})
}
