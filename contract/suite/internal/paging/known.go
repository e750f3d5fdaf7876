package paging

import (
	"crypto/sha256"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// known holds every item that was ever seen, under a number each, in the order of first
// sight. A million take some 70 MB.
type known struct {
	blocks  [][]item // a list that grows in one piece leaves its old self to the collector each time
	count   int
	numbers map[[16]byte]uint32
	texts   map[[16]byte]string // of ids that are no UUID in canonical form
}

// item is what is kept of an item.
type item struct {
	id      [16]byte
	created int64
}

func newKnown() known {
	return known{numbers: map[[16]byte]uint32{}, texts: map[[16]byte]string{}}
}

// blockSize is how many items a block holds.
const blockSize = 1024

func (k *known) item(number uint32) item { return k.blocks[number/blockSize][number%blockSize] }

// identify turns the text of an id into 16 bytes: a UUID as it is, anything else as a digest.
func identify(text string) (id [16]byte, canonical bool) {
	if len(text) == 36 && strings.ToLower(text) == text {
		if u, err := uuid.Parse(text); err == nil {
			return u, true
		}
	}
	sum := sha256.Sum256([]byte(text))
	return [16]byte(sum[:16]), false
}

// add returns the number of the item with an id, a new one for one never seen.
func (k *known) add(text string, created int64) uint32 {
	id, canonical := identify(text)
	if number, seen := k.numbers[id]; seen {
		return number
	}
	if !canonical {
		k.texts[id] = strings.Clone(text) // it would hold on to the whole answer
	}
	number := uint32(k.count) //nolint:gosec // walks are bounded far below
	if k.count%blockSize == 0 {
		k.blocks = append(k.blocks, make([]item, 0, blockSize))
	}
	last := &k.blocks[k.count/blockSize]
	*last = append(*last, item{id, created})
	k.count++
	k.numbers[id] = number
	return number
}

// find returns the number of an id; false: it was never seen.
func (k *known) find(text string) (uint32, bool) {
	id, _ := identify(text)
	number, seen := k.numbers[id]
	return number, seen
}

// text is the id of an item as the server wrote it.
func (k *known) text(number uint32) string {
	id := k.item(number).id
	if text, is := k.texts[id]; is {
		return text
	}
	return uuid.UUID(id).String()
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

// equal tells whether two sets are the same. The last of each is in it.
func (s set) equal(other set) bool { return slices.Equal(s, other) }
