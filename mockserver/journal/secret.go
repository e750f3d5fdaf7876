package journal

import (
	"bytes"
	"encoding/binary"
)

// secretNames are the properties and form fields whose values are redacted.
var secretNames = [...]string{"secret", "admin_key"}

// A whole body is looked through before it is kept, so that has to be quick.
// Every name's window is eight bytes long and begins at one of seven places
// relative to any seventh byte of the body: looking at each seventh pair of bytes
// finds them all.
var windows = [...]string{`"secret"`, `admin_ke`}

// pairs says which window a pair of bytes is of, and where in it: 1 + 8*window +
// offset, or 0 for none. It is never written to after its making.
var pairs = func() *[1 << 16]uint8 {
	var table [1 << 16]uint8
	for w, window := range windows {
		for at := range len(window) - 1 {
			table[binary.LittleEndian.Uint16([]byte(window[at:]))] = uint8(1 + 8*w + at)
		}
	}
	return &table
}()

// mayHoldSecret reports whether b may hold a secret: it has one of the names, or
// escapes that may stand for one.
func mayHoldSecret(b []byte) bool {
	for i := 0; i+1 < len(b); i += 7 {
		if hit := int(pairs[binary.LittleEndian.Uint16(b[i:])]) - 1; hit >= 0 {
			if at := i - hit%8; at >= 0 && at+8 <= len(b) && string(b[at:at+8]) == windows[hit/8] {
				return true
			}
		}
	}
	return bytes.Contains(b, []byte(`\u`))
}
