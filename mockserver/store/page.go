package store

import (
	"slices"
	"sort"
)

// Query asks for a page of a scope's items.
type Query struct {
	Ascending bool // oldest first
	Limit     int  // items a page; less than 1: all
	// At most one of these chooses where the page begins.
	After, Before string // the items that follow an id in the order asked for, or stand right before it
	Page          int    // the number of the page, from 1
	Offset        int    // items to leave out
	// Keep leaves out the items that it does not choose; nil: none.
	Keep func(*Item) bool
	// Resume lets a cursor that was deleted stand where it stood.
	Resume bool
}

// Page is what a [Query] finds.
type Page struct {
	Items []*Item
	More  bool // in the direction of travel
	Total int  // items in the whole list
	First int  // index of the first of Items in the order asked for; Total when there are none
}

// Page returns a page of a scope. Without Keep it costs O(log n + Limit) whatever
// the position; with it every item is looked at. The error is ErrUnknownCursor.
func (s *Store) Page(name, in string, q Query) (Page, error) {
	c := s.collections[name]
	if c == nil || c.scopes[in] == nil {
		if q.After != "" || q.Before != "" {
			return Page{}, ErrUnknownCursor
		}
		return Page{Items: []*Item{}}, nil
	}
	from := c.scopes[in]
	list := ranks{n: from.items.Len(), at: func(i int) *Item { item, _ := from.items.GetAt(i); return item }}
	if q.Keep != nil {
		kept := []*Item{}
		from.items.Scan(func(i *Item) bool {
			if q.Keep(i) {
				kept = append(kept, i)
			}
			return true
		})
		list = ranks{n: len(kept), at: func(i int) *Item { return kept[i] }}
	}
	if q.Limit < 1 {
		q.Limit = max(list.n, 1)
	}
	begin, end, err := from.window(list, q)
	if err != nil {
		return Page{}, err
	}
	page := Page{Total: list.n, First: begin, Items: make([]*Item, 0, max(end-begin, 0)), More: end < list.n}
	if q.Before != "" {
		page.More = begin > 0
	}
	for i := begin; i < end; i++ {
		page.Items = append(page.Items, list.at(list.index(i, q.Ascending)))
	}
	return page, nil
}

// ranks is a list by index, oldest first.
type ranks struct {
	n  int
	at func(int) *Item
}

// index turns an index in the order asked for into one of the list, and back.
func (r ranks) index(i int, ascending bool) int {
	if ascending {
		return i
	}
	return r.n - 1 - i
}

// window is where the page begins and ends, in the order asked for.
func (in *scope) window(list ranks, q Query) (begin, end int, err error) {
	cursor := q.After + q.Before
	if cursor == "" {
		begin = q.Offset
		if q.Page > 0 {
			if q.Page-1 > list.n/q.Limit {
				return list.n, list.n, nil // also keeps the product from overflowing
			}
			begin = (q.Page - 1) * q.Limit
		}
		begin = min(max(begin, 0), list.n)
		return begin, begin + min(q.Limit, list.n-begin), nil
	}
	number, ok := in.deleted[cursor]
	if item := in.byID[cursor]; item != nil {
		number, ok = item.Number, true
	} else if !q.Resume {
		ok = false
	}
	if !ok {
		return 0, 0, ErrUnknownCursor
	}
	rank := sort.Search(list.n, func(i int) bool { return list.at(i).Number >= number })
	there := rank < list.n && list.at(rank).Number == number
	// First is where the items behind the cursor begin, last where those before end.
	first, last := rank, rank
	if there {
		first = rank + 1
	}
	if !q.Ascending {
		first, last = list.n-rank, list.n-first
	}
	if q.After != "" {
		return first, first + min(q.Limit, list.n-first), nil
	}
	return max(last-q.Limit, 0), last, nil
}

// All returns the items of a scope, oldest first.
func (s *Store) All(name, in string) []*Item {
	page, _ := s.Page(name, in, Query{Ascending: true}) // fails for cursors alone
	return slices.Clip(page.Items)
}
