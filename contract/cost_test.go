package contract_test

import (
	"strings"
	"testing"
)

func nested(depth int, inner string) []byte {
	const open, end = `{"kind":"letter","inside":[`, `]}`
	return []byte(strings.Repeat(open, depth) + inner + strings.Repeat(end, depth))
}

// Alternatives inside alternatives: the engine's work doubles and more with
// every level. Shallow values are judged, absurd ones are not, wide ones are.
func TestRecursiveAlternativesAreBounded(t *testing.T) {
	t.Parallel()
	v := depot(t)
	o := route(t, v, "GET", "/parcels/a")
	expect(t, brief(v.Response(o, 200, jsonHeader(), nested(6, `{"kind":"letter"}`))))
	expect(t, brief(v.Response(o, 200, jsonHeader(), nested(6, `{"kind":"letter","pages":"x"}`))),
		"invalid_body body "+strings.Repeat("/inside/0", 6)+"/pages type")
	expect(t, brief(v.Response(o, 200, jsonHeader(), nested(60, `{"kind":"letter"}`))), "cannot_judge body")
	wide := `{"kind":"letter","inside":[` + strings.Repeat(`{"kind":"letter"},`, 2_000) + `{"kind":"letter"}]}`
	expect(t, brief(v.Response(o, 200, jsonHeader(), []byte(wide))))
}
