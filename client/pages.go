package client

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"

	"github.com/oapi-codegen/runtime/types"

	"github.com/digakit/digakit/gen"
)

// List is a paginated operation of gen: a method of API such as
// c.API().ListCallsWithResponse, what Below makes of one with a path parameter, or a
// closure.
type List[Params, Response any] = func(context.Context, *Params, ...gen.RequestEditorFn) (Response, error)

// response and page are what the compiler infers the types of pages and items by.
type response[P any] interface{ GetJSON200() P }

type page[Struct, Item any] interface {
	*Struct
	Items() []Item
}

// Below gives a list that lies below a parent, such as the messages of a call,
// the parent's id:
//
//	client.All(ctx, client.Below(c.API().GetCallMessagesWithResponse, callID), nil)
func Below[ID, Params, Response any](
	list func(context.Context, ID, *Params, ...gen.RequestEditorFn) (Response, error), id ID,
) List[Params, Response] {
	return func(ctx context.Context, params *Params, editors ...gen.RequestEditorFn) (Response, error) {
		return list(ctx, id, params, editors...)
	}
}

// All iterates over the items of any list of the API, fetching page after page
// as they are asked for:
//
//	for call, err := range client.All(ctx, c.API().ListCallsWithResponse, &gen.ListCallsParams{AgentID: &id}) {
//
// Params go out as they are, nil ones not at all. Backward (Before, FromEnd) items
// come in exactly the opposite order of the list.
//
// An error, an *Error or of kind ErrInvalidOption or ErrPageLoop, is yielded
// once, with a zero item, and ends the sequence. Leaving the loop sends no
// further request; ranging again starts anew. Items that stay during the walk are
// visited once each, as far as the server's cursors are stable. A walk keeps one
// page, and 32 bytes for each page that it has seen.
func All[Params any, Response response[P], P page[Struct, Item], Struct, Item any](
	ctx context.Context, list List[Params, Response], params *Params, opts ...ListOption,
) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		w := &walk{}
		for page, err := range pages(ctx, w, list, params, opts) {
			if err != nil {
				var zero Item
				yield(zero, err)
				return
			}
			items := page.Items()
			if w.backward() {
				slices.Reverse(items)
			}
			for _, item := range items {
				if !yield(item, nil) {
					return
				}
			}
		}
	}
}

// Pages iterates over the pages of any list of the API, otherwise as All does. A list
// without items has one page, and it is empty. Inside a page the items are in the order
// of the list; backward it is the pages that come in opposite order, nearest first.
// HasMore tells whether another follows in the direction of the walk.
func Pages[Params any, Response response[P], P page[Struct, Item], Struct, Item any](
	ctx context.Context, list List[Params, Response], params *Params, opts ...ListOption,
) iter.Seq2[P, error] {
	return pages(ctx, &walk{}, list, params, opts)
}

func pages[Params any, Response response[P], P page[Struct, Item], Struct, Item any](
	ctx context.Context, w *walk, list List[Params, Response], params *Params, opts []ListOption,
) iter.Seq2[P, error] {
	return func(yield func(P, error) bool) {
		options, err := newListing(opts)
		*w = walk{options: options}
		for err == nil {
			var page P
			var hasMore bool
			var after error
			if page, err = fetch(ctx, w, list, params); err == nil {
				// The consumer may change the page, so what comes next is settled first.
				hasMore, after, err = w.advance(len(page.Items()))
			}
			if err != nil {
				break
			}
			if options.start == end {
				slices.Reverse(page.Items())
				swapEnds(reflect.ValueOf(page).Elem())
			}
			if !yield(page, nil) || !hasMore {
				return
			}
			err = after
		}
		yield(nil, err)
	}
}

// Page fetches one page of any list and checks it: status 200, application/json, exactly
// one JSON value, every required member there and of its type. What else came is an
// *Error.
func Page[Params any, Response response[P], P page[Struct, Item], Struct, Item any](
	ctx context.Context, list List[Params, Response], params *Params,
) (P, error) {
	return fetch(ctx, &walk{options: &listing{}}, list, params)
}

// fetch calls list, which makes the request, and decodes the answer that the
// walk catches: the generated parser would lose half of what can be wrong.
func fetch[Params any, Response response[P], P page[Struct, Item], Struct, Item any](
	ctx context.Context, w *walk, list List[Params, Response], params *Params,
) (P, error) {
	w.answer, w.err = nil, nil
	_, err := list(context.WithValue(ctx, walkKey{}, w), params)
	page := new(Struct)
	switch {
	case w.err != nil:
		return nil, w.err
	case w.answer == nil:
		return nil, fmt.Errorf("%w: %w", ErrInvalidOption, cmp.Or(err, errors.New("the list is not one of a Client's API")))
	}
	if e := w.answer.decode(page); e != nil {
		return nil, e
	}
	return page, nil
}

// swapEnds swaps first_id and last_id of a page that is turned round.
func swapEnds(page reflect.Value) {
	first, last := page.FieldByName("FirstID"), page.FieldByName("LastID")
	if first.IsValid() && last.IsValid() {
		old := reflect.ValueOf(first.Interface())
		first.Set(last)
		last.Set(old)
	}
}

// ListOption says which items of a list All and Pages visit, and in which order; options
// win over the parameters of the list. Without either, all items are visited from the
// newest to the oldest, in pages of the API's own size. At most one of After (forward),
// Before and FromEnd (backward) may be given.
type ListOption func(*listing)

// listing is the sum of the options.
type listing struct {
	query url.Values // what they set in each request
	size  *int
	start string // after, before, end or empty
	errs  []error
}

// PageSize sets how many items one request asks for; a number that the document does not
// allow for the list is refused before anything is sent. The default is the list's own.
func PageSize(n int) ListOption {
	return func(l *listing) {
		l.size = &n
		l.query.Set("limit", strconv.Itoa(n))
	}
}

// Order sets the order of the list: desc (newest first, the default) or asc (oldest
// first), of any type, such as gen.ListAPIKeysParamsOrderAsc. Anything else is refused.
// Two of Diga's lists, workflows and their executions, know desc alone.
func Order[O ~string](order O) ListOption {
	return func(l *listing) {
		l.query.Set("order", string(order))
		if order != "asc" && order != "desc" {
			l.refuse("Order: want asc or desc")
		}
	}
}

// After goes forward from the item that follows the one with this id.
func After[ID string | types.UUID](id ID) ListOption { return from("after", fmt.Sprint(id)) }

// Before goes backward from the item before the one with this id.
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

// FromEnd goes backward from the end of the list. The API has no cursor for the end, so
// the requests ask for the opposite order from its start; a list that knows one order
// alone refuses it.
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

// walk goes over a list: it makes each request one for the next page, catches the answer
// on its way, and notices when the pages do not advance. It works by the names of the
// query and of the page's JSON: these the lists have in common, and no Go type.
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

// advance takes the cursor of the next page, and refuses a page that begins or ends with
// an item that has been a cursor before. A page that promises another without saying
// where to go on is still good to show: that error, after, comes behind it.
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
