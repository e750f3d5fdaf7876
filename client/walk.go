package client

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
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

// walkKey leads to the *walk in the context of a request for a page.
type walkKey struct{}

// walk goes over a list: it makes each request one for the next page, catches
// the answer on its way, and notices when the pages do not advance.
//
// It works on the wire, by the names of the query and of the page's JSON: these
// the lists have in common, and no Go type.
type walk struct {
	options   *listing
	parameter string            // after or before
	cursor    string            // of the next request, empty at the start
	seen      map[[32]byte]bool // digests of all cursors; nil before the first request
	answer    *answer           // of the last request
	err       error             // of the last request
}

// backward tells whether the walk goes against the order of the list.
func (w *walk) backward() bool { return w.parameter == "before" || w.options.start == end }

// do sends the request for a page. What it returns is for the generated parser,
// which finds nothing in it.
func (w *walk) do(req *http.Request, s *sender) (*http.Response, error) {
	query := req.URL.Query()
	if w.err = w.options.apply(query, func() operation { return operationOf(req, s.base) }); w.err != nil {
		return nil, w.err
	}
	if w.seen == nil {
		w.seen = map[[32]byte]bool{}
		w.parameter = "after"
		if query.Has("before") {
			w.parameter = "before"
		}
		w.cursor = query.Get(w.parameter)
	} else {
		withoutStart(query)
		query.Set(w.parameter, w.cursor)
	}
	w.seen[sha256.Sum256([]byte(w.cursor))] = true
	out := req.Clone(req.Context())
	out.URL.RawQuery = query.Encode()
	if w.answer, w.err = s.send(out); w.err != nil {
		return nil, w.err
	}
	return &http.Response{Body: http.NoBody}, nil
}

// advance takes the cursor of the next page, and refuses a page that begins or
// ends with an item that has been a cursor before: its items would be visited
// twice, and perhaps for ever.
//
// A page that promises another without saying where to go on is still good to
// show: that error, after, comes behind it.
func (w *walk) advance(items int) (hasMore bool, after, err error) {
	var page map[string]json.RawMessage
	if err := json.Unmarshal(w.answer.body, &page); err != nil {
		return false, nil, err // cannot be: it has been decoded
	}
	ends := map[string]string{}
	for _, name := range []string{"first_id", "last_id"} {
		var id string
		if json.Unmarshal(page[name], &id) == nil && id != "" && w.seen[sha256.Sum256([]byte(id))] && items > 0 {
			id = printable(w.answer.sender.key.redact(id), maxSnippet)
			return false, nil, fmt.Errorf("%w: %s %s has been the cursor before", ErrPageLoop, name, id)
		}
		ends[name] = id
	}
	next := map[string]string{"after": "last_id", "before": "first_id"}[w.parameter]
	w.cursor = ends[next]
	if items == 0 {
		after = fmt.Errorf("%w: an empty page says has_more", ErrPageLoop)
	} else if w.cursor == "" {
		after = fmt.Errorf("%w: a page says has_more but has no %s", ErrPageLoop, next)
	}
	return string(page["has_more"]) == "true", after, nil
}
