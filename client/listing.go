package client

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"strconv"

	"github.com/oapi-codegen/runtime/types"
)

// ListOption says which items of a list All and Pages visit, and in which
// order; options win over the parameters of the list. Without either, all items
// are visited from the newest to the oldest, in pages of the API's own size.
//
// Where to start also tells the direction: After goes forward, Before and
// FromEnd go backward. At most one of the three may be given.
type ListOption func(*listing)

// listing is the sum of the options.
type listing struct {
	query url.Values // what they set in each request
	size  *int
	start string // after, before, end or empty
	errs  []error
}

// PageSize sets how many items one request asks for; a number that the document
// does not allow for the list is refused before anything is sent. The default
// is the list's own. It changes the number of requests, never the items visited.
func PageSize(n int) ListOption {
	return func(l *listing) {
		l.size = &n
		l.query.Set("limit", strconv.Itoa(n))
	}
}

// Order sets the order of the list: desc (newest first, the default) or asc
// (oldest first), of any type, such as gen.ListAPIKeysParamsOrderAsc. Anything
// else is refused before anything is sent. Two of Diga's lists, workflows and
// their executions, know desc alone.
func Order[O ~string](order O) ListOption {
	return func(l *listing) {
		l.query.Set("order", string(order))
		if order != "asc" && order != "desc" {
			l.refuse("Order: want asc or desc")
		}
	}
}

// After goes forward from the item with this id, which is itself left out:
// first the item that follows it in the order of the list, then on to the end.
func After[ID string | types.UUID](id ID) ListOption { return from("after", fmt.Sprint(id)) }

// Before goes backward from the item with this id, which is itself left out:
// first the item right before it in the order of the list, then on to the start.
func Before[ID string | types.UUID](id ID) ListOption { return from("before", fmt.Sprint(id)) }

func from(start, id string) ListOption {
	return func(l *listing) {
		if l.start != "" && l.start != start {
			l.refuse("give only one of After, Before and FromEnd")
		}
		l.start = start
		l.query.Set(start, id)
	}
}

// FromEnd goes backward from the end of the list: its last item first, its first
// item last. The API has no cursor for the end, so the requests ask for the
// opposite order from its start; that is the same, for the order is total. A
// list that knows one order alone refuses it.
func FromEnd() ListOption { return from(end, "") }

const end = "end" // no parameter: apply takes it away

func newListing(opts []ListOption) (*listing, error) {
	l := &listing{query: url.Values{}}
	for _, opt := range opts {
		if opt == nil {
			l.refuse("a list option is nil")
		} else {
			opt(l)
		}
	}
	return l, errors.Join(l.errs...)
}

func (l *listing) refuse(format string, values ...any) {
	l.errs = append(l.errs, fmt.Errorf("%w: "+format, append([]any{ErrInvalidOption}, values...)...))
}

// withoutStart takes away what says where a page begins.
func withoutStart(query url.Values) {
	maps.DeleteFunc(query, func(name string, _ []string) bool { return name == "after" || name == "before" || name == "page" })
}

// apply puts the options into the query of a request to op.
func (l *listing) apply(query url.Values, op func() operation) error {
	if l.size != nil {
		if least, most := op().limits(); *l.size < least || *l.size > most {
			l.refuse("PageSize: %d is not from %d to %d", *l.size, least, most)
		}
	}
	if l.start == end && (query.Has("after") || query.Has("before")) {
		l.refuse("FromEnd: the parameters of the list give another start")
	}
	if l.start != "" {
		withoutStart(query)
	}
	maps.Copy(query, l.query)
	if query.Del(end); l.start == end {
		query.Set("order", cmp.Or(map[string]string{"asc": "desc"}[query.Get("order")], "asc"))
	}
	return errors.Join(l.errs...)
}
