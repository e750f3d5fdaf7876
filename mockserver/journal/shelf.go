package journal

import (
	"bytes"
	"encoding/binary"
	"mime"
	"net/http"
	"strings"
)

// shelfSize is how many bodies the shelf can find again. It must be even.
const shelfSize = 512

// shelf finds the kept text of a body that came before, so that it need not be
// looked through and copied again. It has no texts but those in the ring. The
// journal's lock guards it.
type shelf [shelfSize]*text

// slotOf picks one of two neighbouring places, by the length of b and a few of
// its bytes. Bodies that share both displace each other; what is found is always
// compared in full.
func slotOf(b []byte) uint32 {
	sum := uint64(len(b))
	mix := func(v uint64) { sum = (sum ^ v) * 0x9E3779B97F4A7C15; sum ^= sum >> 29 }
	if len(b) < 8 {
		for _, c := range b {
			mix(uint64(c))
		}
	} else {
		last := len(b) - 8
		for i := range 33 {
			mix(binary.LittleEndian.Uint64(b[last*i/32:]))
		}
	}
	return uint32(sum>>32) % shelfSize
}

func (s *shelf) find(b []byte, slot uint32) *text {
	for _, t := range [...]*text{s[slot], s[slot^1]} {
		if t != nil && t.s == string(b) {
			return t
		}
	}
	return nil
}

// put gives t a place, a free one if there is one.
func (s *shelf) put(t *text) {
	if s[t.slot] != nil && s[t.slot^1] == nil {
		t.slot ^= 1
	}
	s[t.slot] = t
}

func (s *shelf) remove(t *text) {
	if s[t.slot] == t {
		s[t.slot] = nil
	}
}

// media is what the headers say of a body, as far as it matters here.
type media struct{ encoded, form, multipart bool }

func mediaOf(h http.Header) media {
	var m media
	for _, coding := range h["Content-Encoding"] {
		m.encoded = m.encoded || coding != "" && !strings.EqualFold(coding, "identity")
	}
	kind := h.Get("Content-Type")
	if kind == "" || kind == "application/json" {
		return m
	}
	name, _, err := mime.ParseMediaType(kind)
	if err != nil {
		name, _, _ = strings.Cut(strings.ToLower(kind), ";")
	}
	m.form = strings.TrimSpace(name) == "application/x-www-form-urlencoded"
	m.multipart = strings.HasPrefix(name, "multipart/")
	return m
}

// newText redacts and copies a body that is not on the shelf. A reason means
// that it must not be kept.
func (m masker) newText(b []byte, of media, slot uint32) (t *text, omitted string) {
	if of.multipart && namesSecret(b) {
		return nil, "a multipart body that names a secret"
	}
	if bytes.IndexByte(b, 0) >= 0 && namesSecret(bytes.ReplaceAll(b, []byte{0}, nil)) {
		return nil, "not UTF-8, and names a secret"
	}
	shown := b
	if of.form {
		shown = redactForm(shown)
	}
	if mayHoldSecret(shown) {
		shown = redactJSON(shown)
	}
	if m.own != "" && bytes.Contains(shown, []byte(m.own)) {
		shown = m.appendPlain(nil, string(shown))
	}
	return &text{s: string(shown), slot: slot, shared: string(shown) == string(b)}, ""
}

func namesSecret(b []byte) bool {
	for _, name := range secretNames {
		if bytes.Contains(b, []byte(name)) {
			return true
		}
	}
	return false
}
