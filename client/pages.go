package client

import (
	"context"
	"iter"
	"slices"

	"github.com/digakit/digakit/gen"
)

// APIKeys iterates over the project's API keys, fetching page after page as
// they are asked for. Without options it visits every key, newest first.
//
// Forward, keys come in the order of the list. Backward (Before, FromEnd) they
// come in exactly the opposite order, so the first key visited is the one
// nearest to the start of the walk.
//
// An error is yielded once, with a zero key, and ends the sequence. Leaving the
// loop sends no further request; ranging again starts anew. Keys created or
// deleted during the walk may or may not be seen; those that stay are visited
// once each, as far as the server's cursors are stable.
func (c *Client) APIKeys(ctx context.Context, opts ...ListOption) iter.Seq2[gen.APIKey, error] {
	return func(yield func(gen.APIKey, error) bool) {
		l, err := newListing(opts)
		if err != nil {
			yield(gen.APIKey{}, err)
			return
		}
		for page, err := range c.pages(ctx, l) {
			if err != nil {
				yield(gen.APIKey{}, err)
				return
			}
			if l.backward() {
				slices.Reverse(page.Data)
			}
			for _, key := range page.Data {
				if !yield(key, nil) {
					return
				}
			}
		}
	}
}

// APIKeyPages iterates over the pages of the project's API keys. Without
// options it visits every page from the start; a project without keys has one
// page, and it is empty.
//
// Inside a page the keys are always in the order of the list, in both
// directions; backward (Before, FromEnd) it is the pages that come in opposite
// order, nearest first. HasMore tells whether another page follows in the
// direction of the walk, as the API is understood to mean it. With FromEnd the
// page is turned round after it was fetched, FirstID and LastID with it.
//
// Errors, leaving the loop and ranging again are as with APIKeys.
func (c *Client) APIKeyPages(ctx context.Context, opts ...ListOption) iter.Seq2[*gen.APIKeyPage, error] {
	return func(yield func(*gen.APIKeyPage, error) bool) {
		l, err := newListing(opts)
		if err != nil {
			yield(nil, err)
			return
		}
		for page, err := range c.pages(ctx, l) {
			if !yield(page, err) {
				return
			}
		}
	}
}

func (c *Client) pages(ctx context.Context, l *listing) iter.Seq2[*gen.APIKeyPage, error] {
	return func(yield func(*gen.APIKeyPage, error) bool) {
		walk := newWalk(l)
		for {
			page, err := c.ListAPIKeys(ctx, walk.params)
			if err == nil {
				err = walk.check(page)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			// The consumer may change the page, so what comes next is settled
			// first; a page without the promised cursor is still good to show.
			hasMore, next := page.HasMore, walk.advance(page)
			if l.fromEnd {
				slices.Reverse(page.Data)
				page.FirstID, page.LastID = page.LastID, page.FirstID
			}
			if !yield(page, nil) || !hasMore {
				return
			}
			if next != nil {
				yield(nil, next)
				return
			}
		}
	}
}
