package spec_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/digakit/digakit/contract/spec"
)

func TestDifferences(t *testing.T) {
	t.Parallel()
	decoded := func(text string) (v any) {
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		if err := d.Decode(&v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, tc := range []struct{ why, before, after, want string }{
		{"equal values", `{"a":[1,{"b":null}]}`, `{"a":[1,{"b":null}]}`, ``},
		{"numbers count by value", `[1.0,10]`, `[1e0,1E1]`, ``},
		{"digits beyond a float's", `12345678901234567890`, `12345678901234567891`, `[{"pointer":"","before":12345678901234567890,"after":12345678901234567891}]`},
		{"null is not nothing", `{"a":null}`, `{}`, `[{"pointer":"/a","before":null}]`},
		{"nothing is not null", `{}`, `{"a":null}`, `[{"pointer":"/a","after":null}]`},
		{"false is not null", `false`, `null`, `[{"pointer":"","before":false,"after":null}]`},
		{"another kind is told whole", `{"a":{"b":1}}`, `{"a":[1]}`, `[{"pointer":"/a","before":{"b":1},"after":[1]}]`},
		{"a scalar in place of an object", `{"a":"x"}`, `{"a":{}}`, `[{"pointer":"/a","before":"x","after":{}}]`},
		{"items by index, one more", `[1,2]`, `[1,3,4]`, `[{"pointer":"/1","before":2,"after":3},{"pointer":"/2","after":4}]`},
		{"by name, escaped", `{"b~":1,"a/":1}`, `{"b~":2,"a/":2}`, `[{"pointer":"/a~1","before":1,"after":2},{"pointer":"/b~0","before":1,"after":2}]`},
	} {
		var got []spec.Difference
		for d := range spec.Differences(decoded(tc.before), decoded(tc.after)) {
			got = append(got, d)
		}
		text, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		if string(text) != tc.want && (len(got) > 0 || tc.want != "") {
			t.Errorf("%s: %s, want %s", tc.why, text, tc.want)
		}
		for range spec.Differences(decoded(tc.before), decoded(tc.after)) {
			break // whoever wants the first alone gets it
		}
	}
}
