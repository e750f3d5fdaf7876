package plan

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// Listing is how a list is shown, cut into pages, ordered and filtered. The
// array itself is at [Answer].Data.
type Listing struct {
	Members []Member `json:"members,omitempty"` // the parts of the envelope beside the array
	Paging  Paging   `json:"paging"`
	Order   *Order   `json:"order,omitempty"` // nil: no parameter for it
	Filters []Filter `json:"filters,omitempty"`
}

// Member is the part of the envelope that has a role; nil when there is none.
func (l *Listing) Member(role Role) *Member {
	if i := slices.IndexFunc(l.Members, func(m Member) bool { return m.Role == role }); i >= 0 {
		return &l.Members[i]
	}
	return nil
}

// Role is what a member of an envelope says.
type Role string

// Each is said of the page that is answered.
const (
	HasMore        Role = "has_more"      // boolean: more items follow
	FirstID        Role = "first_id"      // identity of the page's first item; null of none
	LastID         Role = "last_id"       // of its last
	CurrentPage    Role = "current_page"  // number of the page
	TotalPages     Role = "total_pages"   // how many pages there are
	Total          Role = "total"         // how many items there are
	PageSize       Role = "page_size"     // the limit that was asked for
	Returned       Role = "returned"      // how many items this page has
	Offset         Role = "offset"        // how many items stand before this page
	NextCursor     Role = "next_cursor"   // for Paging.After; null or empty at the end
	PreviousCursor Role = "before_cursor" // for Paging.Before
	NextURL        Role = "next_url"      // address of the next page; null at the end
	PreviousURL    Role = "previous_url"
	FirstURL       Role = "first_url"
	LastURL        Role = "last_url"
	SelfURL        Role = "self_url"
)

// Member is a part of an envelope.
type Member struct {
	Role     Role   `json:"role"`
	Pointer  string `json:"pointer"` // RFC 6901, into the answer
	Required bool   `json:"required,omitempty"`
	Nullable bool   `json:"nullable,omitempty"`
}

// Paging names the query parameters that choose a page; those that are empty are
// not there. A list may have several kinds: cursors and pages.
type Paging struct {
	After     string `json:"after,omitempty"`      // the items that follow a cursor
	Before    string `json:"before,omitempty"`     // the items before a cursor
	Opaque    bool   `json:"opaque,omitempty"`     // cursors are what NextCursor says, not identities
	Page      string `json:"page,omitempty"`       // number of the page
	FirstPage int    `json:"first_page,omitempty"` // that of the first: 1, or 0 where the schema says so
	Offset    string `json:"offset,omitempty"`     // items to leave out
	Limit     string `json:"limit,omitempty"`      // items on a page
	Default   *int   `json:"default,omitempty"`    // of Limit, as Min and Max; nil: the schema has none
	Min       *int   `json:"min,omitempty"`
	Max       *int   `json:"max,omitempty"`
}

// Order is the parameter for the direction of a list.
type Order struct {
	Parameter  string `json:"parameter"`
	Ascending  string `json:"ascending,omitempty"` // its values; empty where the schema has none
	Descending string `json:"descending,omitempty"`
	Default    string `json:"default,omitempty"`
}

// Match is how a filter compares.
type Match string

// Null, and a property that is not there, match nothing.
const (
	Equal    Match = "equal"    // the value, or of a repeated parameter one of the values
	From     Match = "from"     // at or after
	To       Match = "to"       // at or before
	Contains Match = "contains" // has the text, whatever the case of letters
	Has      Match = "has"      // an array that has the value, or one of the values
	Named    Match = "named"    // the parameter's item, of Filter.Collection, names those shown by Properties
)

// Filter is a parameter that leaves out items.
type Filter struct {
	Parameter  string          `json:"parameter"`
	Properties []string        `json:"properties"` // RFC 6901 pointers into the item: /contact/id; of several, one must match
	Match      Match           `json:"match"`
	Collection string          `json:"collection,omitempty"` // of Named alone
	Default    json.RawMessage `json:"default,omitempty"`    // filters when nothing is sent
	Flag       bool            `json:"flag,omitempty"`       // a boolean whose false, the default, asks for nothing
	Values     string          `json:"values,omitempty"`     // pointer to the schema that lists the property's values, where its own does not
	Reason     string          `json:"reason"`
}

// pagingNames are names of the query parameters that choose a page.
var pagingNames = map[string]string{
	"after":  "after starting_after start_after after_id cursor page_token next_token continuation_token page_after page_cursor marker",
	"before": "before ending_before end_before before_id page_before",
	"page":   "page page_number page_no page_index",
	"offset": "offset skip page_offset start_index",
	"limit":  "limit per_page page_size page_limit size max_results max_items top take",
}

// pagingRole is the key of pagingNames for a query parameter; empty: none.
func pagingRole(name string) string {
	for role, names := range pagingNames {
		if is(name, names) {
			return role
		}
	}
	return ""
}

// paging takes out the parameters that choose a page and the order, and returns the others.
func (o *operation) paging(list *Listing) (others []input) {
	p := &list.Paging
	places := map[string]*string{"after": &p.After, "before": &p.Before, "page": &p.Page, "offset": &p.Offset, "limit": &p.Limit}
	for _, q := range o.query {
		role := pagingRole(q.name)
		place, order := places[role], orderOf(q)
		switch {
		case order != nil && list.Order == nil:
			list.Order = order
		case place == nil, *place != "", isDate(q.schema), (role == "page" || role == "limit") && !hasType(q.schema, "integer", "number"):
			others = append(others, q)
		default:
			*place = q.name
			switch role {
			case "page":
				if def, least, _ := limits(q.schema); (def == nil || *def > 0) && (least == nil || *least > 0) {
					p.FirstPage = 1
				}
			case "limit":
				p.Default, p.Min, p.Max = limits(q.schema)
			}
		}
	}
	p.Opaque = p.After != "" && list.Member(NextCursor) != nil
	return others
}

// limits are the default and the bounds of a whole number; nil where the schema has none.
func limits(s *spec.Schema) (def, least, greatest *int) {
	whole := func(b *spec.Bound, step int) *int {
		if b == nil {
			return nil
		}
		n, err := strconv.Atoi(string(b.Number))
		if b.Exclusive {
			n += step
		}
		if err != nil {
			return nil
		}
		return &n
	}
	if s.Default != nil {
		number, _ := (*s.Default).(json.Number)
		def = whole(&spec.Bound{Number: number}, 0)
	}
	return def, whole(s.Minimum, 1), whole(s.Maximum, -1)
}

// orderOf reads a parameter for the direction of a list: its values begin with asc and desc.
func orderOf(q input) *Order {
	if !is(q.name, "order direction sort_order sort_direction sort_dir order_direction sort order_by") || q.schema == nil || len(q.schema.Enum) == 0 {
		return nil
	}
	o := &Order{Parameter: q.name}
	for _, v := range q.schema.Enum {
		value, _ := v.(string)
		switch lower := strings.ToLower(value); {
		case strings.HasPrefix(lower, "asc"):
			o.Ascending = value
		case strings.HasPrefix(lower, "desc"):
			o.Descending = value
		default:
			return nil
		}
	}
	if q.schema.Default != nil {
		o.Default, _ = (*q.schema.Default).(string)
	}
	return o
}

// filters finds what the parameters leave out, and returns those that leave out nothing.
func (c *compiler) filters(o *operation, one *collection, query []input) (others []input) {
	reverse := func(_ *spec.Schema, q input) *Filter { return c.reverse(o, one, q) }
	for _, q := range query {
		var f *Filter
		for _, find := range []func(*spec.Schema, input) *Filter{equal, within, search, nested, reverse} {
			if f == nil {
				f = find(o.shown.item, q)
			}
		}
		if f == nil {
			others = append(others, q)
			continue
		}
		f.Parameter = q.name
		if q.schema != nil && q.schema.Default != nil && *q.schema.Default != nil {
			f.Flag = *q.schema.Default == false
			if data, err := json.Marshal(*q.schema.Default); err == nil && !f.Flag {
				f.Default = data
			}
		}
		o.line.List.Filters = append(o.line.List.Filters, *f)
	}
	return others
}

func filterBy(match Match, pointer, reason string, args ...any) *Filter {
	return &Filter{Match: match, Properties: []string{pointer}, Reason: fmt.Sprintf(reason, args...)}
}

func equal(item *spec.Schema, q input) *Filter {
	p, match := property(item, q.name), Equal
	switch {
	case p == nil, !isArray(p.Schema) && isObject(p.Schema):
		return nil
	case isArray(p.Schema):
		match = Has
	case isText(p.Schema) && isText(q.schema) && is(lastOf(wordsOf(p.Name)), "name title description"):
		match = Contains
	}
	f := filterBy(match, pointerTo(p), "the property has the parameter's name")
	if match == Equal && p.Name != "" && isText(p.Schema) && q.schema != nil && q.schema.Enum != nil {
		f.Values = q.schema.Pointer
	}
	return f
}

// within compares with the property of the parameter's name without a word for a bound.
func within(item *spec.Schema, q input) *Filter {
	words := wordsOf(q.name)
	if len(words) == 0 || isArray(q.schema) {
		return nil
	}
	bounds := map[Match]string{From: "start from min since after gte gt begin", To: "end to max until before lte lt"}
	for _, match := range []Match{From, To} {
		rest := words[1:]
		if !is(words[0], bounds[match]) {
			rest = words[:len(words)-1]
			if !is(lastOf(words), bounds[match]) {
				continue
			}
		}
		if len(rest) == 0 { // the date of making
			rest = wordsOf(dateOf(item, createdWords))
		}
		p := property(item, strings.Join(rest, "_"))
		if p == nil {
			p = only(item, func(p spec.Property) bool { return isDate(p.Schema) && startsWith(wordsOf(p.Name), rest) })
		}
		if p != nil && (hasType(p.Schema, "integer", "number") || isDate(p.Schema)) {
			return filterBy(match, pointerTo(p), "the parameter bounds the property %s", p.Name)
		}
	}
	return nil
}

func search(item *spec.Schema, q input) *Filter {
	if !is(q.name, "search q query search_term search_text keyword keywords term text") || !hasType(q.schema, "string") {
		return nil
	}
	f := &Filter{Match: Contains, Reason: "a search in the properties that say what an item is"}
	for _, p := range properties(item) {
		if isText(p.Schema) && is(p.Name, "name title label display_name full_name description subject summary email text content") {
			f.Properties = append(f.Properties, spec.Join("", p.Name))
		}
	}
	if f.Properties == nil {
		return nil
	}
	return f
}

// nested finds X_id in the object X, or in the only property that begins with X and ends in id.
func nested(item *spec.Schema, q input) *Filter {
	words := idOf(q.name)
	if words == nil {
		return nil
	}
	for _, p := range properties(item) {
		match, value, at := Equal, p.Schema, spec.Join("", p.Name)
		if isArray(value) {
			match, value, at = Has, value.Items(), at+"/*"
		}
		if id := property(value, "id"); id != nil && slices.Equal(stem(p.Name), words) {
			return filterBy(match, spec.Join(at, id.Name), "%s is an object with an id", p.Name)
		}
	}
	match, p := Equal, only(item, func(p spec.Property) bool { return startsWith(idOf(p.Name), words) })
	if p == nil {
		match, p = Has, only(item, func(p spec.Property) bool {
			rest, many := idStem(p.Name)
			return many && slices.Equal(rest, words) && isArray(p.Schema)
		})
	}
	if p == nil {
		return nil
	}
	return filterBy(match, pointerTo(p), "%s is the only property that begins so and ends in id", p.Name)
}

// reverse finds the items that the item of X_id names in its turn.
func (c *compiler) reverse(o *operation, one *collection, q input) *Filter {
	other := c.resolve(idOf(q.name), o.path, one)
	if other == nil || one == nil {
		return nil
	}
	for _, l := range other.Links {
		if l.Collection == one.Name {
			f := filterBy(Named, l.Property, "the item of %s that the parameter names has links to %s", other.Name, one.Name)
			f.Collection = other.Name
			return f
		}
	}
	return nil
}
