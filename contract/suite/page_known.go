package suite

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"strings"

	"github.com/google/uuid"
)

// itemID is an item's id in 16 bytes: a UUID as it is, anything else as a digest.
type itemID [16]byte

// noDate stands for a date of creation that is missing or cannot be read.
const noDate = math.MinInt64

// item is one item of a page.
type item struct {
	id      itemID
	created int64 // Unix time in nanoseconds, or noDate
}

// known holds every item that was ever seen, under a number each, in the order
// of first sight. A million take 32 MB.
type known struct {
	ids     []itemID
	created []int64
	table   []uint32          // open addressing; number + 1, 0 is free
	texts   map[itemID]string // of ids that are no UUID in canonical form
}

// identify turns the text of an id into its 16 bytes.
func (k *known) identify(text string) itemID {
	if len(text) == 36 && strings.ToLower(text) == text {
		if u, err := uuid.Parse(text); err == nil {
			return itemID(u)
		}
	}
	sum := sha256.Sum256([]byte(text))
	id := itemID(sum[:16])
	if k.texts == nil {
		k.texts = map[itemID]string{}
	}
	k.texts[id] = text
	return id
}

// text is the id as the server wrote it.
func (k *known) text(number uint32) string {
	id := k.ids[number]
	if text, is := k.texts[id]; is {
		return text
	}
	return uuid.UUID(id).String()
}

// add returns the number of an item, a new one for one never seen.
func (k *known) add(i item) uint32 {
	if 2*(len(k.ids)+1) > len(k.table) {
		k.grow()
	}
	slot := k.slot(i.id)
	if k.table[slot] != 0 {
		return k.table[slot] - 1
	}
	k.ids = append(k.ids, i.id)
	k.created = append(k.created, i.created)
	k.table[slot] = uint32(len(k.ids)) //nolint:gosec // walks are bounded far below
	return k.table[slot] - 1
}

// find returns the number of an id; false: it was never seen.
func (k *known) find(id itemID) (uint32, bool) {
	if len(k.table) == 0 {
		return 0, false
	}
	n := k.table[k.slot(id)]
	return n - 1, n != 0
}

// slot is where an id is, or would be put.
func (k *known) slot(id itemID) uint64 {
	mask := uint64(len(k.table)) - 1
	h := (binary.LittleEndian.Uint64(id[:8]) ^ binary.LittleEndian.Uint64(id[8:])) * 0x9e3779b97f4a7c15
	for slot := (h >> 20) & mask; ; slot = (slot + 1) & mask {
		if n := k.table[slot]; n == 0 || k.ids[n-1] == id {
			return slot
		}
	}
}

func (k *known) grow() {
	k.table = make([]uint32, max(1024, 2*len(k.table)))
	for n, id := range k.ids {
		k.table[k.slot(id)] = uint32(n) + 1
	}
}

// numbers is a set of items by their numbers.
type numbers []uint64

func (n *numbers) add(number uint32) {
	for int(number/64) >= len(*n) {
		*n = append(*n, 0)
	}
	(*n)[number/64] |= 1 << (number % 64)
}

func (n numbers) has(number uint32) bool {
	return int(number/64) < len(n) && n[number/64]&(1<<(number%64)) != 0
}

// equal tells whether two sets are the same.
func (n numbers) equal(other numbers) bool {
	for i := range max(len(n), len(other)) {
		var a, b uint64
		if i < len(n) {
			a = n[i]
		}
		if i < len(other) {
			b = other[i]
		}
		if a != b {
			return false
		}
	}
	return true
}
