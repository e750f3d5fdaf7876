package paging

import (
	"crypto/sha256"
	"strings"

	"github.com/google/uuid"
	"github.com/tidwall/gjson"

	"github.com/digakit/digakit/contract/spec"
)

// known holds every item that was ever seen, under a number each, in the order of first
// sight. A million take some 70 MB.
type known struct {
	ids     [][16]byte
	dates   []int64 // of creation
	numbers map[[16]byte]uint32
	texts   map[[16]byte]string // of ids that are no UUID in canonical form
}

// identify turns the text of an id into 16 bytes: a UUID as it is, anything else as a digest.
func identify(text string) (id [16]byte, canonical bool) {
	if u, err := uuid.Parse(text); err == nil && u.String() == text {
		return u, true
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
	k.numbers[id] = uint32(len(k.ids)) //nolint:gosec // walks are bounded far below
	k.ids, k.dates = append(k.ids, id), append(k.dates, created)
	return k.numbers[id]
}

// find returns the number of an id; false: it was never seen.
func (k *known) find(text string) (uint32, bool) {
	id, _ := identify(text)
	number, seen := k.numbers[id]
	return number, seen
}

// text is the id of an item as the server wrote it.
func (k *known) text(number uint32) string {
	if text, is := k.texts[k.ids[number]]; is {
		return text
	}
	return uuid.UUID(k.ids[number]).String()
}

// noDate stands for a date of creation that is missing or cannot be read.
const noDate int64 = -1 << 63

// instant reads a date, whatever its offset and precision.
func instant(v gjson.Result) int64 {
	if v.Type == gjson.Number {
		return v.Int()
	}
	at, zoned, ok := spec.Instant(v.Str)
	if !ok || !zoned {
		return noDate
	}
	return at.UnixNano()
}

// set is a set of items: whether the one with a number is in it. The last is.
type set []bool

func (s *set) add(number uint32) {
	if more := int(number) + 1 - len(*s); more > 0 {
		*s = append(*s, make([]bool, more)...)
	}
	(*s)[number] = true
}

func (s set) has(number uint32) bool { return int(number) < len(s) && s[number] }
