package drift_test

import (
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
