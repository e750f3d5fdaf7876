package project

import (
	"errors"
	"slices"
	"sort"

	"github.com/google/uuid"
)

// Errors of [Project.Page]. They name the rule; the caller knows the request.
var (
	ErrBothCursors    = errors.New("project: both cursors given")
	ErrPageWithCursor = errors.New("project: page number given together with a cursor")
	ErrUnknownCursor  = errors.New("project: cursor is not a key of this project")
)

// Order is the direction in which keys are listed.
type Order int

// Keys are listed newest first unless asked otherwise (Diga's spec: order
// defaults to desc).
const (
	NewestFirst Order = iota
	OldestFirst
)

// PageQuery asks for one page of keys. At most one of After, Before and Number
// may be set.
type PageQuery struct {
	Order  Order
	Limit  int        // items a page, at least 1
	After  *uuid.UUID // the items that follow this key in Order
	Before *uuid.UUID // the items right before this key, still in Order
	Number int        // the Number-th window of Limit items, from 1; 0 means not asked for

	// Resume lets a cursor name a deleted key: it stands where the key stood.
	// Otherwise such a cursor is unknown.
	Resume bool
	// Position asks for Page.Position.
	Position bool
}

// Page is one page of keys.
type Page struct {
	Keys []*Key // in the order asked for; never nil

	// More reports whether there are further items in the direction of travel:
	// behind the page, or ahead of it when Before was asked for.
	More bool

	// TotalPages is how many pages of Limit items the project has now, 0 when
	// it is empty.
	TotalPages int

	// Position is the number, from 1, of the page of Limit items that holds the
	// first of Keys; the last page's number, at least 1, when there are none.
	// It is 0 unless asked for.
	Position int
}

// Page returns the page that q asks for. The cost is O(log n + Limit) in a
// project of n keys, whatever the position.
//
// The errors are [ErrBothCursors], [ErrPageWithCursor] and [ErrUnknownCursor].
func (p *Project) Page(q PageQuery) (Page, error) {
	switch {
	case q.After != nil && q.Before != nil:
		return Page{}, ErrBothCursors
	case q.Number != 0 && (q.After != nil || q.Before != nil):
		return Page{}, ErrPageWithCursor
	}

	p.store.mu.RLock()
	defer p.store.mu.RUnlock()

	page := Page{TotalPages: (p.keys.Len() + q.Limit - 1) / q.Limit}
	var err error
	switch {
	case q.After != nil:
		page.Keys, page.More, err = p.followingLocked(*q.After, q.Resume, q.Order, q.Limit)
	case q.Before != nil:
		// What comes right before a key is what follows it the other way round.
		page.Keys, page.More, err = p.followingLocked(*q.Before, q.Resume, q.Order.reversed(), q.Limit)
		slices.Reverse(page.Keys)
	case q.Number > page.TotalPages:
		page.Keys = []*Key{} // also keeps (Number-1)*Limit from overflowing
	default:
		page.Keys, page.More = p.windowLocked(max(q.Number-1, 0)*q.Limit, q.Order, q.Limit)
	}
	if err != nil {
		return Page{}, err
	}
	if q.Position {
		page.Position = p.positionLocked(page, q)
	}
	return page, nil
}

// followingLocked returns up to limit keys that follow cursor in order o, and
// whether there are more behind them.
func (p *Project) followingLocked(cursor uuid.UUID, resume bool, o Order, limit int) (keys []*Key, more bool, err error) {
	if pivot, ok := p.byID[cursor]; ok {
		keys, more = p.walkLocked(pivot, o, limit+1)
		return keys[1:], more, nil
	}
	if place, ok := p.deleted.byID[cursor]; ok && resume {
		keys, more = p.walkLocked(place, o, limit)
		return keys, more, nil
	}
	return nil, false, ErrUnknownCursor
}

// positionLocked looks the first key up by its rank. The tree gives the key at a
// rank, not the rank of a key, hence the binary search: O(log² n).
func (p *Project) positionLocked(page Page, q PageQuery) int {
	if q.Number > 0 {
		return q.Number
	}
	if len(page.Keys) == 0 {
		return max(page.TotalPages, 1)
	}
	rank := sort.Search(p.keys.Len(), func(i int) bool {
		k, _ := p.keys.GetAt(i)
		return compareKeys(k, page.Keys[0]) >= 0
	})
	if q.Order == NewestFirst {
		rank = p.keys.Len() - 1 - rank
	}
	return rank/q.Limit + 1
}

// windowLocked returns up to limit keys from the offset-th on in order o, and
// whether there are more behind them.
func (p *Project) windowLocked(offset int, o Order, limit int) (keys []*Key, more bool) {
	index := offset
	if o == NewestFirst {
		index = p.keys.Len() - 1 - offset
	}
	first, ok := p.keys.GetAt(index)
	if !ok {
		return []*Key{}, false
	}
	return p.walkLocked(first, o, limit)
}

// walkLocked returns up to n keys in order o, beginning at first's place, and
// whether there are more behind them.
func (p *Project) walkLocked(first *Key, o Order, n int) (keys []*Key, more bool) {
	keys = make([]*Key, 0, min(n, p.keys.Len()))
	visit := func(k *Key) bool {
		if len(keys) == n {
			more = true
			return false
		}
		keys = append(keys, k)
		return true
	}
	if o == NewestFirst {
		p.keys.Descend(first, visit)
	} else {
		p.keys.Ascend(first, visit)
	}
	return keys, more
}

func (o Order) reversed() Order {
	if o == NewestFirst {
		return OldestFirst
	}
	return NewestFirst
}
