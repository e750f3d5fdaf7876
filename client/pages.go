package client

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"slices"

	"github.com/digakit/digakit/gen"
)

// List is a paginated operation of gen: a method of API such as
// c.API().ListCallsWithResponse, what Below makes of one with a path parameter,
// or a closure around one that takes more, which sends one request.
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
// Params go out as they are, nil ones not at all. Forward, items come in the
// order of the list. Backward (Before, FromEnd) they come in exactly the opposite
// order, so the first item visited is the one nearest to the start of the walk.
//
// An error, an *Error or of kind ErrInvalidOption or ErrPageLoop, is yielded
// once, with a zero item, and ends the sequence. Leaving the loop sends no
// further request; ranging again starts anew. Items created or deleted during
// the walk may or may not be seen; those that stay are visited once each, as far
// as the server's cursors are stable. A walk keeps one page, and 32 bytes for
// each page that it has seen.
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

// Pages iterates over the pages of any list of the API, otherwise as All does. A
// list without items has one page, and it is empty.
//
// Inside a page the items are always in the order of the list; backward it is the
// pages that come in opposite order, nearest first. HasMore tells whether another
// follows in the direction of the walk. With FromEnd the page is turned round
// after it was fetched, FirstID and LastID with it.
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

// Page fetches one page of any list, as the parameters ask for it, and checks
// it: status 200, application/json, exactly one JSON value, every required
// member there and of its type. What else came is an *Error.
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
