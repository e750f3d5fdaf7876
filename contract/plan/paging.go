package plan

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

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

// paging takes the parameters that choose a page and the order out of those of
// an operation, and returns the others.
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
	for _, m := range list.Members {
		p.Opaque = p.Opaque || m.Role == NextCursor && p.After != ""
	}
	return others
}

// limits are the default, the least and the greatest of a whole number; nil where
// the schema has none.
func limits(s *spec.Schema) (def, least, greatest *int) {
	whole := func(v any, step int) *int {
		n, err := strconv.Atoi(fmt.Sprint(v))
		if n += step; err != nil {
			return nil
		}
		return &n
	}
	bound := func(b *spec.Bound, step int) *int {
		switch {
		case b == nil:
			return nil
		case b.Exclusive:
			return whole(b.Number, step)
		}
		return whole(b.Number, 0)
	}
	if s.Default != nil {
		def = whole(*s.Default, 0)
	}
	return def, bound(s.Minimum, 1), bound(s.Maximum, -1)
}

// orderOf reads a parameter for the direction of a list: one of that name whose
// values begin with asc and desc. nil: it is none.
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
