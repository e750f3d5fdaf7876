package store

import (
	"cmp"
	"slices"
	"sort"
	"strings"
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
func (s *Items) Page(name, in string, q Query) (Page, error) {
	from := s.find(name, in)
	if from == nil {
		if q.After != "" || q.Before != "" {
			return Page{}, ErrUnknownCursor
		}
		return Page{Items: []*Item{}}, nil
	}
	list := ranks{n: from.len(), at: from.at, of: from.rank}
	if q.Keep != nil {
		kept := []*Item{}
		for i := range from.each {
			if q.Keep(i) {
				kept = append(kept, i)
			}
		}
		list = ranks{n: len(kept), at: func(i int) *Item { return kept[i] }, of: func(number uint64) int {
			return sort.Search(len(kept), func(i int) bool { return kept[i].Number >= number })
		}}
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
	of func(number uint64) int // how many items have a smaller number
}

// rank is how many items have a smaller number.
func (in *scope) rank(number uint64) int {
	switch {
	case in.head != nil && in.head.has(number):
		return in.head.rank(in.head.ordinal(number))
	case in.head != nil && number < in.head.first:
		return 0
	}
	return in.head.len() + sort.Search(in.items.Len(), func(i int) bool {
		item, _ := in.items.GetAt(i)
		return item.Number >= number
	})
}

// each yields all items, oldest first.
func (in *scope) each(yield func(*Item) bool) {
	for index := range in.head.len() {
		if !yield(in.head.item(in.head.at(index))) {
			return
		}
	}
	in.items.Scan(yield)
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
	item := in.get(cursor)
	if item == nil && q.Resume {
		item = cmp.Or(in.deleted[cursor], in.deleted[strings.ToLower(cursor)])
	}
	if item == nil {
		return 0, 0, ErrUnknownCursor
	}
	number := item.Number
	rank := list.of(number)
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
func (s *Items) All(name, in string) []*Item {
	page, _ := s.Page(name, in, Query{Ascending: true}) // fails for cursors alone
	return slices.Clip(page.Items)
}
