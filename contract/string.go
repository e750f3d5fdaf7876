package contract

import "math/bits"

// stringEnd returns where the JSON string (RFC 8259, section 7) whose opening
// quote is at i ends, and whether it is plain: without escapes.
func stringEnd(s string, i int) (end int, plain, ok bool) {
	plain = true
	for i++; i < len(s); i++ {
		if i = skipOrdinary(s, i); i >= len(s) {
			break
		}
		switch c := s[i]; {
		case c == '"':
			return i + 1, plain, true
		case c == '\\':
			plain = false
			if i, ok = escapeEnd(s, i+1); !ok {
				return i, false, false
			}
		case c < 0x20:
			return i, false, false
		}
	}
	return i, false, false
}

// escapeEnd returns the last byte of the escape whose letter is at i.
func escapeEnd(s string, i int) (int, bool) {
	if i >= len(s) {
		return i, false
	}
	switch s[i] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i, true
	case 'u':
		for range 4 {
			i++
			if i >= len(s) || !isHex(s[i]) {
				return i, false
			}
		}
		return i, true
	}
	return i, false
}

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// skipOrdinary returns the first byte from i on that is a quote, a backslash
// or a control character, looking at eight at a time.
func skipOrdinary(s string, i int) int {
	for i+8 <= len(s) {
		c := s[i : i+8]
		w := uint64(c[0]) | uint64(c[1])<<8 | uint64(c[2])<<16 | uint64(c[3])<<24 |
			uint64(c[4])<<32 | uint64(c[5])<<40 | uint64(c[6])<<48 | uint64(c[7])<<56
		quote, backslash := w^(ones*'"'), w^(ones*'\\')
		// (x-ones)&^x has the high bit of the lowest zero byte set; bits
		// above it may be false, so only the lowest is used. w-ones*0x20
		// does the same for bytes under 0x20.
		found := ((quote-ones)&^quote | (backslash-ones)&^backslash | (w-ones*0x20)&^w) & highs
		if found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
		i += 8
	}
	for i < len(s) && s[i] != '"' && s[i] != '\\' && s[i] >= 0x20 {
		i++
	}
	return i
}

func isHex(c byte) bool { return isDigit(c) || (c|0x20 >= 'a' && c|0x20 <= 'f') }
