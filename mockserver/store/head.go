package store

import (
	"hash/maphash"
	"sort"
	"sync"
	"sync/atomic"

	"github.com/tidwall/btree"
)

// head is the items that a scope begins with. They are made when they are looked at,
// since there may be a million: the same each time. Those that are not changed are
// not kept, but for some that were looked at last.
type head struct {
	n     int
	first uint64                  // number of the first of them
	of    func(ordinal int) *Item // from 0; but for the number
	idOf  func(ordinal int) string

	changed map[int]*Item
	gone    btree.Set[int]         // ordinals of those that were deleted
	looked  []atomic.Pointer[Item] // those that were looked at last, by ordinal
	named   []atomic.Pointer[Item] // and by the hash of the id

	indexing sync.Once
	index    map[string]int32 // ordinals by id, made when an id is not among named
}

const maxLooked = 1 << 12

var idSeed = maphash.MakeSeed()

func newHead(n int, first uint64, idOf func(int) string, of func(int) *Item) *head {
	return &head{n: n, first: first, of: of, idOf: idOf, changed: map[int]*Item{},
		looked: make([]atomic.Pointer[Item], min(n, maxLooked)), named: make([]atomic.Pointer[Item], min(n, maxLooked))}
}

func (h *head) has(number uint64) bool { return number >= h.first && number < h.first+uint64(h.n) } //nolint:gosec // a count

func (h *head) ordinal(number uint64) int { return int(number - h.first) } //nolint:gosec // less than n

func (h *head) len() int {
	if h == nil {
		return 0
	}
	return h.n - h.gone.Len()
}

// at returns the ordinal of the item at an index, oldest first.
func (h *head) at(index int) int {
	// Before the index-th item that is there stand as many gone ones as have an
	// ordinal that is no further on than that.
	return index + sort.Search(h.gone.Len(), func(k int) bool { ordinal, _ := h.gone.GetAt(k); return ordinal-k > index })
}

// rank is how many items are there before an ordinal.
func (h *head) rank(ordinal int) int {
	return ordinal - sort.Search(h.gone.Len(), func(k int) bool { at, _ := h.gone.GetAt(k); return at >= ordinal })
}

// item returns an item that is there.
func (h *head) item(ordinal int) *Item {
	if i := h.changed[ordinal]; i != nil {
		return i
	}
	place := &h.looked[ordinal%len(h.looked)]
	number := h.first + uint64(ordinal) //nolint:gosec // not negative
	if i := place.Load(); i != nil && i.Number == number {
		return i
	}
	i := h.of(ordinal)
	i.Number = number
	place.Store(i)
	h.name(i.ID).Store(i)
	return i
}

// name is the place of an id in named.
func (h *head) name(id string) *atomic.Pointer[Item] {
	return &h.named[maphash.String(idSeed, id)%uint64(len(h.named))]
}

// find returns an item by its id; nil: there is none.
func (h *head) find(id string) *Item {
	if h.n == 0 {
		return nil
	}
	var ordinal int
	if i := h.name(id).Load(); i != nil && i.ID == id {
		ordinal = h.ordinal(i.Number)
	} else {
		h.indexing.Do(func() {
			h.index = make(map[string]int32, h.n)
			for i := range h.n {
				h.index[h.idOf(i)] = int32(i) // a million at most
			}
		})
		at, ok := h.index[id]
		if !ok {
			return nil
		}
		ordinal = int(at)
	}
	if h.gone.Contains(ordinal) {
		return nil
	}
	return h.item(ordinal)
}

func (h *head) remove(i *Item) {
	ordinal := h.ordinal(i.Number)
	h.gone.Insert(ordinal)
	delete(h.changed, ordinal)
}
