package drift_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract/spec/spectest"
)

// TestReduced compares what stands in the folder ../shared: pairs of documents
// that public APIs' own revisions were reduced to.
func TestReduced(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ pair, why, want string }{
		{"drift/allof-split-request.?.json", "the same properties, in parts", ``},
		{"drift/prop-into-allof-parent.?.json", "the same properties, one of them in the parent", ``},
		{"drift/anyof-inline-enum-to-ref.?.json", "the same values, with a name", ``},
		{"drift/nullable-enum-moved-to-component.?.json", "the same values, with a name", ``},
		{"drift/readonly-becomes-required.?.json", "never sent by callers, and answers promise more", `info response-property-became-required: property id of schema G is now required`},
		{"drift/security-scheme-renamed.?.json", "shown in the same way", `info api-security-scheme-renamed: security scheme A is now called B`},
		{"drift/ref-gains-title.?.json", "words", `info title-changed: title of property mode of response 200 changed from "CallMode" to "Mode"`},
		{"drift/media-type-charset-added.?.json", "JSON is UTF-8", `info response-body-charset-changed: media type application/json of response 200 is now written application/json; charset=utf-8`},
		{"real/allof2-?.yaml", "words where the component has words too", `info description-changed: description of property outcome of schema Pass changed from "result" to "how it went"`},
		{"real/br2-?.yaml", "words in two parts without a name", `info description-changed: description of property data[] of response 200 was added: "a name"
info description-changed: description of property links.next of response 200 was added: "the next page"`},
		{"real/one2-?.yaml", "words in two branches without a name", `info description-changed: description of property a of response 200 was added: "x"
info description-changed: description of property b of response 200 was added: "y"`},
		{"real/branchorder-?.yaml", "a part without a name beside one that changed", `info description-changed: description of property aaa of the request body was added: "free text"
info request-property-enum-value-added: property zzz of schema Zed gained the value "l"`},
		{"real/branchadd-?.yaml", "a property of a part without a name", `warning response-optional-property-added: property extra of response 200 was added
info description-changed: description of property zzz of schema Zed was added: "words"`},
		{"real/split-?.yaml", "the same properties, in parts", ``},
		{"real/enc-?.yaml", "how a new property is written comes with it", `warning new-optional-request-property: property tags of the request body was added`},
		{"real/propname-?.yaml", "a property has a name, also where a component describes it", `error response-property-became-optional: property owner of schema Cat is no longer required
warning response-optional-property-added: property more of schema Cat was added`},
		{"real/int32-?.yaml", "0 to 100 is within int32", `warning request-property-generated-type-changed: format of property n of the request body was added: "int32": no value is concerned, but the type a generator makes of it`},
	} {
		t.Run(c.pair, func(t *testing.T) {
			t.Parallel()
			read := func(letter string) []byte {
				return spectest.Shared(t, "cases/"+strings.Replace(c.pair, "?", letter, 1))
			}
			if diff := cmp.Diff(c.want, strings.Join(found(compared(t, read("a"), read("b")), true), "\n")); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.why, diff)
			}
		})
	}
}

// TestPublishedHistory compares the published revisions of the vendor's document,
// each with each later one: testdata/history.txt has what was read in the texts.
func TestPublishedHistory(t *testing.T) {
	t.Parallel()
	table, err := os.ReadFile("testdata/history.txt")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]string{}
	pair := ""
	for line := range strings.Lines(string(table)) {
		switch fields := strings.Fields(line); {
		case strings.HasPrefix(line, "#"):
		case len(fields) == 2:
			pair = strings.Join(fields, " ")
		case len(fields) > 3:
			want[pair] = append(want[pair], fmt.Sprintf("%s %s %s", fields[0], fields[1], fields[2]))
		default:
			t.Errorf("a line without a reason: %q", line)
		}
	}
	if len(want) != 6 {
		t.Fatalf("%d pairs in the table", len(want))
	}
	for pair, lines := range want {
		t.Run(pair, func(t *testing.T) {
			t.Parallel()
			before, after, _ := strings.Cut(pair, " ")
			r := compared(t, spectest.Shared(t, "diga/openapi-"+before+".json"), spectest.Shared(t, "diga/openapi-"+after+".json"))
			counts := map[[2]string]int{}
			seen := map[string]bool{}
			for _, f := range r.Findings {
				counts[[2]string{string(f.Severity), f.Check}]++
				at := strings.Join([]string{f.Check, f.Pointer, f.Message}, " ")
				if seen[at] || f.Pointer == "" && f.Check == "other-changed" {
					t.Errorf("told twice, or of nothing: %s", at)
				}
				seen[at] = true
			}
			var got []string
			for k, n := range counts {
				got = append(got, fmt.Sprintf("%s %d %s", k[0], n, k[1]))
			}
			sort := func(lines []string) []string { slices.Sort(lines); return lines }
			if diff := cmp.Diff(sort(lines), sort(got)); diff != "" {
				t.Errorf("-want +got:\n%s\n%s", diff, strings.Join(found(r, true), "\n"))
			}
		})
	}
}

// TestPublishedUnchanged compares each published document with itself.
func TestPublishedUnchanged(t *testing.T) {
	t.Parallel()
	for path, data := range spectest.SharedFiles(t, "diga/*.json") {
		if lines := found(compared(t, data, data), true); len(lines) > 0 {
			t.Errorf("%s differs from itself: %q", path, lines)
		}
	}
}
