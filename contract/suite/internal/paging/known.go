package paging

import (
	"crypto/sha256"
	"hash/maphash"
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
// of first sight. A million take 40 MB: whole ids as keys would take twice that, and
// a list that grows in one piece leaves its old self to the collector each time.
type known struct {
	blocks  [][]kept
	count   int
	seed    maphash.Seed
	numbers map[uint32]uint32 // by a digest of the id
	others  map[itemID]uint32 // by id: those whose digest was taken
	texts   map[itemID]string // of ids that are no UUID in canonical form
}

func newKnown() known {
	return known{seed: maphash.MakeSeed(), numbers: map[uint32]uint32{}, others: map[itemID]uint32{}, texts: map[itemID]string{}}
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
	k.texts[id] = text
	return id
}

// kept is what is kept of an item: its id, and a digest of its date of creation,
// which is 0 for none.
type kept struct {
	id      itemID
	created uint32
}

// blockSize is how many items a block holds.
const blockSize = 1024

// item is the one with a number.
func (k *known) item(number uint32) kept { return k.blocks[number/blockSize][number%blockSize] }

// text is the id of an item as the server wrote it.
func (k *known) text(id itemID) string {
	if text, is := k.texts[id]; is {
		return text
	}
	return uuid.UUID(id).String()
}

// textOf is the id of the item with a number.
func (k *known) textOf(number uint32) string { return k.text(k.item(number).id) }

// add returns the number of an item, a new one for one never seen.
func (k *known) add(i item) uint32 {
	number, seen := k.find(i.id)
	if seen {
		return number
	}
	number = uint32(k.count) //nolint:gosec // walks are bounded far below
	if k.count%blockSize == 0 {
		k.blocks = append(k.blocks, make([]kept, 0, blockSize))
	}
	one := kept{id: i.id}
	if i.created != noDate {
		one.created = max(digest(k, i.created), 1)
	}
	k.blocks[number/blockSize] = append(k.blocks[number/blockSize], one)
	k.count++
	if at := digest(k, i.id); k.numbers[at] == 0 {
		k.numbers[at] = number + 1
	} else {
		k.others[i.id] = number + 1
	}
	return number
}

// find returns the number of an id; false: it was never seen.
func (k *known) find(id itemID) (uint32, bool) {
	number := k.numbers[digest(k, id)] // more by one: 0 is none
	if number > 0 && k.item(number-1).id != id {
		number = k.others[id]
	}
	return number - 1, number > 0
}

func digest[T comparable](k *known, v T) uint32 {
	return uint32(maphash.Comparable(k.seed, v)) //nolint:gosec // half of it is enough
}

// set is a set of items: whether the one with a number is in it.
type set []bool

func (s *set) add(number uint32) {
	for int(number) >= len(*s) {
		*s = append(*s, false)
	}
	(*s)[number] = true
}

func (s set) has(number uint32) bool { return int(number) < len(s) && s[number] }

// equal tells whether two sets are the same.
func (s set) equal(other set) bool {
	for n := range uint32(max(len(s), len(other))) { //nolint:gosec // walks are bounded
		if s.has(n) != other.has(n) {
			return false
		}
	}
	return true
}
