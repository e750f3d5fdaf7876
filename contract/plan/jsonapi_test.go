package plan_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract/plan"
)

// An item in a wrapper, with its properties one deeper, is the object with the
// id: what is sent and what is answered are both found in data.
func TestJSONAPI(t *testing.T) {
	t.Parallel()
	p := planOf(t, `
		Article = {type:(articles) id:str attributes:{title:str body:str}}
		GET /articles?page[number]:int -> 200 {data:[Article] links:{next:uri~}}
		POST /articles {data:{type:str attributes:{title:str}}} -> 201 {data:Article}
		GET /articles/{id} -> 200 {data:Article included?:[obj]}
		PATCH /articles/{id} {data:{type:str id:str attributes:{title?:str}}} -> 200 {data:Article}
	`)
	create := line(t, p, "POST", "/articles")
	want := []plan.Mapping{{From: "type", To: "type", How: plan.Same}, {From: "attributes", To: "attributes", How: plan.Same}}
	if diff := cmp.Diff(want, create.Write.Mappings); diff != "" || create.Write.Data != "/data" || create.Write.Unkept != nil {
		t.Errorf("written from %s, unkept %v (-want +got):\n%s", create.Write.Data, create.Write.Unkept, diff)
	}
	update := line(t, p, "PATCH", "/articles/{id}")
	if diff := cmp.Diff(want, update.Write.Mappings); diff != "" || !slices.Equal(update.Write.Unkept, []string{"id"}) {
		t.Errorf("the path names the item: unkept %v (-want +got):\n%s", update.Write.Unkept, diff)
	}
	for _, l := range p.Lines {
		if l.Answer.Data != "/data" || l.Answer.Item != "/components/schemas/Article" || !l.Answer.HasItem {
			t.Errorf("%s answers %s at %q", l.Text(), l.Answer.Item, l.Answer.Data)
		}
	}
	if c := p.Collection("articles"); c.Identity[0].Property != "id" || c.Schema != "/components/schemas/Article" {
		t.Errorf("articles are %s told apart by %v", c.Schema, c.Identity)
	}
}
