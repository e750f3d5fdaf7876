package contract_test

import (
	"encoding/json"
	"testing"

	"github.com/digakit/digakit/contract"
)

// A value that no exchange carries is judged, and what is wrong with it worded, as
// one in an answer.
func TestJudge(t *testing.T) {
	t.Parallel()
	v, err := contract.New([]byte(`
openapi: 3.1.0
info: {title: t, version: "1"}
paths: {}
components:
  schemas:
    Tree:
      type: object
      required: [name]
      properties:
        name: {type: string, maxLength: 3}
        size: {type: integer}
        below: {type: array, items: {$ref: '#/components/schemas/Tree'}}
    None: {$ref: '#/components/schemas/Broken'}
    Broken: {$dynamicRef: 'nowhere'}
`))
	if err != nil {
		t.Fatal(err)
	}
	const tree = "/components/schemas/Tree"
	good := map[string]any{"name": "a", "size": json.Number("3"), "below": []any{map[string]any{"name": "b"}}}
	if list := v.Judge(contract.SideResponse, tree, good); list != nil || !v.Fits(tree, good) {
		t.Errorf("a value that fits: %v", list)
	}
	bad := map[string]any{"size": "s3cret", "below": []any{map[string]any{"name": "s3cret"}}}
	var got []string
	for _, found := range v.Judge(contract.SideResponse, tree, bad) {
		got = append(got, string(found.Kind)+" "+found.String())
	}
	want := []string{
		`invalid_body response body: must have the property "name"`,
		"invalid_body response body /below/0/name: must be at most 3 characters long",
		"invalid_body response body /size: must be an integer",
	}
	if len(got) != len(want) || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] || v.Fits(tree, bad) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	for _, pointer := range []string{"/nothing", "/components/schemas/None"} {
		if list := v.Judge(contract.SideResponse, pointer, good); len(list) != 1 || list[0].Kind != contract.KindCannotJudge {
			t.Errorf("%s: %v, want that it cannot be judged", pointer, list)
		}
	}
}
