package plan_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract/plan"
)

// line returns the only line of a document that has a path.
func line(t *testing.T, p *plan.Plan, method, path string) *plan.Line {
	t.Helper()
	l := p.Line(method, path)
	if l == nil {
		t.Fatalf("no line for %s %s", method, path)
	}
	return l
}

func number(n int) *int { return &n }

func TestPaging(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, query, answer string
		paging              plan.Paging
		members             []plan.Member
		data                string
	}{
		{
			"cursors that are ids", "after:uuid&before:uuid&limit:int=20",
			"{data:[Book] has_more:bool first_id?:uuid~ last_id?:uuid~}",
			plan.Paging{After: "after", Before: "before", Limit: "limit", Default: number(20)},
			[]plan.Member{{Role: plan.HasMore, Pointer: "/has_more", Required: true}, {Role: plan.FirstID, Pointer: "/first_id", Nullable: true}, {Role: plan.LastID, Pointer: "/last_id", Nullable: true}},
			"/data",
		}, {
			"cursors that the answer gives", "pageToken:str&maxResults:int",
			"{items:[Book] nextPageToken?:str}",
			plan.Paging{After: "pageToken", Opaque: true, Limit: "maxResults"},
			[]plan.Member{{Role: plan.NextCursor, Pointer: "/nextPageToken"}},
			"/items",
		}, {
			"numbered pages", "page:int=1&per_page:int=30",
			"{books:[Book] page:int per_page:int total:int total_pages:int}",
			plan.Paging{Page: "page", FirstPage: 1, Limit: "per_page", Default: number(30)},
			[]plan.Member{
				{Role: plan.CurrentPage, Pointer: "/page", Required: true}, {Role: plan.PageSize, Pointer: "/per_page", Required: true},
				{Role: plan.Total, Pointer: "/total", Required: true}, {Role: plan.TotalPages, Pointer: "/total_pages", Required: true},
			},
			"/books",
		}, {
			"pages numbered from 0", "page:int=0&size:int=10",
			"{content:[Book] totalElements:int}",
			plan.Paging{Page: "page", FirstPage: 0, Limit: "size", Default: number(10)},
			[]plan.Member{{Role: plan.Total, Pointer: "/totalElements", Required: true}},
			"/content",
		}, {
			"offset and limit, addresses of the neighbours", "offset:int&limit:int",
			"{count:int next:uri~ previous:uri~ results:[Book]}",
			plan.Paging{Offset: "offset", Limit: "limit"},
			[]plan.Member{
				{Role: plan.Total, Pointer: "/count", Required: true},
				{Role: plan.NextURL, Pointer: "/next", Required: true, Nullable: true}, {Role: plan.PreviousURL, Pointer: "/previous", Required: true, Nullable: true},
			},
			"/results",
		}, {
			"JSON:API", "page[number]:int&page[size]:int",
			"{data:[Book] links:{self:uri next:{href:uri}} meta:{total:int}}",
			plan.Paging{Page: "page[number]", FirstPage: 1, Limit: "page[size]"},
			[]plan.Member{
				{Role: plan.SelfURL, Pointer: "/links/self", Required: true}, {Role: plan.NextURL, Pointer: "/links/next/href", Required: true},
				{Role: plan.Total, Pointer: "/meta/total", Required: true},
			},
			"/data",
		}, {"no envelope, no pages", "", "[Book]", plan.Paging{}, nil, ""},
		{"dates called after and before choose no page", "after:date&before:date", "[Book]", plan.Paging{}, nil, ""},
		{"an array of no known name in an envelope that is cut into pages", "limit:int", "{volumes:[Book] note:str}", plan.Paging{Limit: "limit"}, nil, "/volumes"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := planOf(t, "Book = {id:uuid title:str created_at:date}\nGET /books?"+test.query+" -> 200 "+test.answer)
			l := line(t, p, "GET", "/books")
			if l.Kind != plan.List {
				t.Fatalf("it is %s: %s", l.Text(), l.Reason)
			}
			if diff := cmp.Diff(test.paging, l.List.Paging); diff != "" {
				t.Errorf("paging (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.members, l.List.Members); diff != "" {
				t.Errorf("members (-want +got):\n%s", diff)
			}
			want := plan.Answer{Status: 200, Media: "application/json", Schema: l.Answer.Schema, Data: test.data, HasItem: true, Items: true, Item: "/components/schemas/Book"}
			if diff := cmp.Diff(want, l.Answer); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOrder(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, query string
		want        *plan.Order
		ignored     []string
	}{
		{"both directions", "order:(asc,desc)=desc", &plan.Order{Parameter: "order", Ascending: "asc", Descending: "desc", Default: "desc"}, nil},
		{"one direction", "order:(desc)", &plan.Order{Parameter: "order", Descending: "desc"}, nil},
		{"long words", "sort_direction:(ascending,descending)", &plan.Order{Parameter: "sort_direction", Ascending: "ascending", Descending: "descending"}, nil},
		{"properties to sort by are no direction", "sort:(title,created)", nil, []string{"sort"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			l := line(t, planOf(t, "GET /books?"+test.query+" -> 200 [{id:uuid name:str}]"), "GET", "/books")
			if diff := cmp.Diff(test.want, l.List.Order); diff != "" {
				t.Errorf("order (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.ignored, l.Ignored); diff != "" {
				t.Errorf("ignored (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFilters(t *testing.T) {
	t.Parallel()
	const item = `
		Book = {id:uuid title:str genre:(novel,essay) tags:[str] language:str lent:bool price:num author:{id:uuid name:str} shelf_place_id:uuid
			series_ids:[uuid] created:date bought_at:date~ description:str}
		Shelf = {id:uuid name:str book_ids:[uuid]}
		GET /shelf -> 200 [Shelf]
		GET /shelf/{shelf_id} -> 200 Shelf
		GET /book/{book_id} -> 200 Book
	`
	for _, test := range []struct {
		name, query string
		want        *plan.Filter // nil: ignored
	}{
		{"same name, enum", "genre:(novel,essay)", &plan.Filter{Properties: []string{"/genre"}, Match: plan.Equal}},
		{"same name, several values", "genre:[str]", &plan.Filter{Properties: []string{"/genre"}, Match: plan.Equal}},
		{"a free text is looked for within", "title:str", &plan.Filter{Properties: []string{"/title"}, Match: plan.Contains}},
		{"other words of the same name", "boughtAt:date", &plan.Filter{Properties: []string{"/bought_at"}, Match: plan.Equal}},
		{"an array that has it", "tags:[str]", &plan.Filter{Properties: []string{"/tags"}, Match: plan.Has}},
		{"a default filters", "language:str=es", &plan.Filter{Properties: []string{"/language"}, Match: plan.Equal, Default: json.RawMessage(`"es"`)}},
		{"a boolean that is false by default asks for nothing then", "lent:bool=false", &plan.Filter{Properties: []string{"/lent"}, Match: plan.Equal, Flag: true}},
		{"from, in front", "start_created:date", &plan.Filter{Properties: []string{"/created"}, Match: plan.From}},
		{"to, behind", "created_before:date", &plan.Filter{Properties: []string{"/created"}, Match: plan.To}},
		{"the start of a property's name", "bought_after:date", &plan.Filter{Properties: []string{"/bought_at"}, Match: plan.From}},
		{"brackets", "created[gte]:date", &plan.Filter{Properties: []string{"/created"}, Match: plan.From}},
		{"numbers", "min_price:num", &plan.Filter{Properties: []string{"/price"}, Match: plan.From}},
		{"no property left is the date of making", "since:date", &plan.Filter{Properties: []string{"/created"}, Match: plan.From}},
		{"search", "q:str", &plan.Filter{Properties: []string{"/title", "/description"}, Match: plan.Contains}},
		{"the id of an object", "author_id:uuid", &plan.Filter{Properties: []string{"/author/id"}, Match: plan.Equal}},
		{"the only id that begins so", "shelf_place:uuid", nil},
		{"the only id that begins so, with id", "shelf_id:uuid", &plan.Filter{Properties: []string{"/shelf_place_id"}, Match: plan.Equal}},
		{"one of many ids", "series_id:uuid", &plan.Filter{Properties: []string{"/series_ids"}, Match: plan.Has}},
		{"nothing of the item", "colour:str", nil},
		{"an object is no value", "author:str", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			document := item + "GET /book?limit:int&" + test.query + " -> 200 {data:[Book]}"
			l := line(t, planOf(t, joined(document)), "GET", "/book")
			if test.want == nil {
				if len(l.List.Filters) > 0 || len(l.Ignored) != 1 {
					t.Errorf("filters %v, ignored %v: want the parameter ignored", l.List.Filters, l.Ignored)
				}
				return
			}
			if len(l.List.Filters) != 1 {
				t.Fatalf("%d filters, ignored: %v", len(l.List.Filters), l.Ignored)
			}
			got := l.List.Filters[0]
			if got.Reason == "" || got.Parameter == "" {
				t.Errorf("no reason or parameter: %+v", got)
			}
			got.Reason, got.Parameter = "", ""
			if diff := cmp.Diff(*test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// What the item of another collection names is filtered by that item's id.
func TestFilterByWhatNamesIt(t *testing.T) {
	t.Parallel()
	p := planOf(t, `
		Shelf = {id:uuid name:str book_ids:[uuid]}
		GET /shelf -> 200 [Shelf]
		GET /shelf/{shelf_id} -> 200 Shelf
		GET /book?shelf_id:uuid&limit:int -> 200 {data:[{id:uuid title:str}]}
	`)
	got := line(t, p, "GET", "/book").List.Filters
	if len(got) != 1 || got[0].Match != plan.Named || got[0].Collection != "shelf" || got[0].Properties[0] != "/book_ids" {
		t.Errorf("filters are %+v, want those that the shelf's book_ids name", got)
	}
}
