package plan

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// What a query parameter says of the page asked for.
const (
	roleAfter  = "after"
	roleBefore = "before"
	rolePage   = "page"
	roleOffset = "offset"
	roleLimit  = "limit"
	roleOrder  = "order"
)

var pagingNames = map[string]string{
	"after": roleAfter, "starting_after": roleAfter, "start_after": roleAfter, "after_id": roleAfter, "cursor": roleAfter, "page_token": roleAfter,
	"next_token": roleAfter, "continuation_token": roleAfter, "page_after": roleAfter, "page_cursor": roleAfter, "marker": roleAfter,
	"before": roleBefore, "ending_before": roleBefore, "end_before": roleBefore, "before_id": roleBefore, "page_before": roleBefore,
	"page": rolePage, "page_number": rolePage, "page_no": rolePage, "page_index": rolePage,
	"offset": roleOffset, "skip": roleOffset, "page_offset": roleOffset, "start_index": roleOffset,
	"limit": roleLimit, "per_page": roleLimit, "page_size": roleLimit, "page_limit": roleLimit, "size": roleLimit, "max_results": roleLimit,
	"max_items": roleLimit, "top": roleLimit, "take": roleLimit,
}

// pagingRole is what a query parameter of that name says; empty: nothing.
func pagingRole(name string) string { return pagingNames[strings.Join(wordsOf(name), "_")] }

// paging takes the parameters that choose a page and the order out of those of
// an operation, and returns the others.
func (o *operation) paging(list *Listing) (others []input) {
	for _, q := range o.query {
		role := pagingRole(q.name)
		if (role == roleAfter || role == roleBefore) && isDate(q.schema) {
			role = ""
		}
		if order := orderOf(q); order != nil && list.Order == nil {
			list.Order = order
			continue
		}
		p := &list.Paging
		switch {
		case role == roleAfter && p.After == "":
			p.After = q.name
		case role == roleBefore && p.Before == "":
			p.Before = q.name
		case role == rolePage && p.Page == "" && hasType(q.schema, "integer", "number"):
			p.Page, p.FirstPage = q.name, firstPage(q.schema)
		case role == roleOffset && p.Offset == "":
			p.Offset = q.name
		case role == roleLimit && p.Limit == "" && hasType(q.schema, "integer", "number"):
			p.Limit = q.name
			p.Default, p.Min, p.Max = defaultOf(q.schema), bound(q.schema.Minimum, 1), bound(q.schema.Maximum, -1)
		default:
			others = append(others, q)
		}
	}
	for _, m := range list.Members {
		list.Paging.Opaque = list.Paging.Opaque || m.Role == NextCursor && list.Paging.After != ""
	}
	return others
}

// firstPage is the number of the first page: 0 where the schema allows it.
func firstPage(s *spec.Schema) int {
	for _, n := range []*int{bound(s.Minimum, 1), defaultOf(s)} {
		if n != nil && *n <= 0 {
			return 0
		}
	}
	return 1
}

func defaultOf(s *spec.Schema) *int {
	if s.Default == nil {
		return nil
	}
	return integer(*s.Default)
}

// bound is the last number within a bound; step leads away from what is beyond.
func bound(b *spec.Bound, step int) *int {
	if b == nil {
		return nil
	}
	n := integer(b.Number)
	if n != nil && b.Exclusive {
		*n += step
	}
	return n
}

// integer reads a whole number of a document; nil when it is none.
func integer(v any) *int {
	number, _ := v.(json.Number)
	if n, err := strconv.Atoi(number.String()); err == nil {
		return &n
	}
	return nil
}

// orderOf reads a parameter for the direction of a list: one of that name whose
// values begin with asc and desc. nil: it is none.
func orderOf(q input) *Order {
	if !is(q.name, "order", "direction", "sort_order", "sort_direction", "sort_dir", "order_direction", "sort", "order_by") || q.schema == nil {
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
	if o.Ascending == "" && o.Descending == "" {
		return nil
	}
	if q.schema.Default != nil {
		o.Default, _ = (*q.schema.Default).(string)
	}
	return o
}
