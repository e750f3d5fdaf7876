package client

import (
	"errors"
	"fmt"

	"github.com/oapi-codegen/runtime/types"

	"github.com/digakit/digakit/gen"
)

// ListOption says which keys APIKeys and APIKeyPages visit, and in which order.
// Without any they visit all keys from the newest to the oldest, in pages of 50.
//
// Where to start also tells the direction: After goes forward, Before and
// FromEnd go backward. At most one of the three may be given.
type ListOption func(*listing)

// listing is the sum of the options.
type listing struct {
	size          int // zero: the API's default
	order         gen.ListAPIKeysParamsOrder
	after, before *types.UUID
	fromEnd       bool
	errs          []error
}

// PageSize sets how many keys one request asks for, from 1 to 1000; what is
// outside is refused before anything is sent. The default is the API's, 50. It
// changes the number of requests, never the keys visited.
func PageSize(n int) ListOption {
	return func(l *listing) {
		l.size = n
		if n < 1 || n > 1000 {
			l.errs = append(l.errs, fmt.Errorf("%w: PageSize: %d is not from 1 to 1000", ErrInvalidOption, n))
		}
	}
}

// Order sets the order of the list: gen.ListAPIKeysParamsOrderDesc (newest
// first, the default) or gen.ListAPIKeysParamsOrderAsc (oldest first). Anything
// else is refused before anything is sent.
func Order(order gen.ListAPIKeysParamsOrder) ListOption {
	return func(l *listing) {
		l.order = order
		if !order.Valid() {
			l.errs = append(l.errs, fmt.Errorf("%w: Order: want asc or desc", ErrInvalidOption))
		}
	}
}

// After goes forward from the key with this id, which is itself left out: first
// the key that follows it in the order of the list, then on to the end.
func After(id types.UUID) ListOption {
	return func(l *listing) { l.after = &id }
}

// Before goes backward from the key with this id, which is itself left out:
// first the key right before it in the order of the list, then on to the start.
func Before(id types.UUID) ListOption {
	return func(l *listing) { l.before = &id }
}

// FromEnd goes backward from the end of the list: its last key first, its first
// key last. The API has no cursor for the end, so the requests ask for the
// opposite order from its start; that is the same, for the order is total.
func FromEnd() ListOption {
	return func(l *listing) { l.fromEnd = true }
}

func newListing(opts []ListOption) (*listing, error) {
	l := &listing{}
	for _, opt := range opts {
		if opt == nil {
			l.errs = append(l.errs, fmt.Errorf("%w: a list option is nil", ErrInvalidOption))
			continue
		}
		opt(l)
	}
	starts := 0
	for _, given := range []bool{l.after != nil, l.before != nil, l.fromEnd} {
		if given {
			starts++
		}
	}
	if starts > 1 {
		l.errs = append(l.errs, fmt.Errorf("%w: give only one of After, Before and FromEnd", ErrInvalidOption))
	}
	return l, errors.Join(l.errs...)
}

// backward reports whether the walk goes against the order of the list.
func (l *listing) backward() bool { return l.before != nil || l.fromEnd }

// params is the first request.
func (l *listing) params() *gen.ListAPIKeysParams {
	p := &gen.ListAPIKeysParams{After: l.after, Before: l.before}
	if l.size > 0 {
		p.Limit = &l.size
	}
	order := l.order
	if l.fromEnd {
		order = opposite(order)
	}
	if order != "" {
		p.Order = &order
	}
	return p
}

func opposite(order gen.ListAPIKeysParamsOrder) gen.ListAPIKeysParamsOrder {
	if order == gen.ListAPIKeysParamsOrderAsc {
		return gen.ListAPIKeysParamsOrderDesc
	}
	return gen.ListAPIKeysParamsOrderAsc
}
