package mockserver_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/mockserver"
	"github.com/digakit/digakit/mockserver/engine"
)

// itemNames lists what a collection shows, newest first.
func itemNames(t *testing.T, srv *mockserver.Server, path string) []string {
	t.Helper()
	a := call(t, http.MethodGet, srv.URL()+path, as(mockserver.UnrestrictedKey))
	var page struct{ Data []struct{ Name string } }
	if err := json.Unmarshal(a.body, &page); err != nil || a.status != http.StatusOK {
		t.Fatalf("GET %s answered %d: %s", path, a.status, a.body)
	}
	list := []string{}
	for _, one := range page.Data {
		list = append(list, one.Name)
	}
	return list
}

// A project that is seeded with items has these in the collections named, what is made
// up in the others, and has them again after a reset.
func TestSeededItems(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithDocument(parsed(t, string(spectest.Document(30)))), mockserver.WithItems(3))
	p, err := srv.Project("demo")
	try(t, err)
	try(t, p.SeedItems(map[string][]map[string]any{"vessel": {{"name": "First"}, {"name": "Second"}}, "berth": {}}))
	want := []string{"Second", "First"}
	if got := itemNames(t, srv, "/v1/vessel/"); !cmp.Equal(got, want) {
		t.Errorf("the vessels are %q, want %q", got, want)
	}
	if got := itemNames(t, srv, "/v1/berth/"); len(got) != 0 {
		t.Errorf("a collection that is named with no item has %q", got)
	}
	if got, _, err := p.Collection("survey").List(engine.Search{}); len(got) != 3 {
		t.Errorf("a collection that is not named has %v, %v, want the 3 that are made up", got, err)
	}

	err = p.SeedItems(map[string][]map[string]any{"vessel": {{"name": "Third"}, {"name": true}}, "none": {{}}})
	for _, wanted := range []string{"vessel, item 1: engine: /name must fit", "none, item -1: engine: no such collection"} {
		if err == nil || !strings.Contains(err.Error(), wanted) {
			t.Errorf("got %v, want that it tells %q", err, wanted)
		}
	}
	_, err = p.Collection("vessel").Create(map[string]any{"name": "Later"})
	try(t, err)
	if got := itemNames(t, srv, "/v1/vessel/"); !cmp.Equal(got, []string{"Later", "Second", "First"}) {
		t.Errorf("after a mistake and a create the vessels are %q", got)
	}
	try(t, p.Reset())
	if got := itemNames(t, srv, "/v1/vessel/"); !cmp.Equal(got, want) {
		t.Errorf("after a reset the vessels are %q, want %q", got, want)
	}
	try(t, p.SeedItems(nil))
	if got := itemNames(t, srv, "/v1/vessel/"); len(got) != 3 {
		t.Errorf("without seeded items the vessels are %q, want the 3 that are made up", got)
	}
}
