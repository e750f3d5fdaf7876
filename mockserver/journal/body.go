package journal

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// Body is a body as the journal shows it. At most one of JSON, Text and Base64
// is there: none when the body is left out, or was cut before its first byte.
type Body struct {
	JSON   json.RawMessage `json:"json,omitempty"`   // the body, when it is whole and one JSON value
	Text   string          `json:"text,omitempty"`   // else, when it is UTF-8
	Base64 []byte          `json:"base64,omitempty"` // else; in JSON as standard base64
	Size   int64           `json:"size"`             // of the whole body as sent, in bytes
	// Truncated says that only the beginning is shown.
	Truncated bool `json:"truncated,omitempty"`
	// Omitted says why nothing is shown.
	Omitted string `json:"omitted,omitempty"`
}

// text is the kept part of a body, redacted. Exchanges with equal bodies share
// one: a mock is asked the same again and again.
type text struct {
	s      string
	shared bool // as sent, so that it may stand for equal bodies to come
	refs   int  // records in the ring that have it; the journal's lock guards it
}

// kept is a body in a record.
type kept struct {
	*text          // nil: nothing is kept
	size    int64  // as sent
	cut     bool   // text is the beginning
	omitted string // why there is no text
}

// show returns nil for an absent body.
func (k kept) show() *Body {
	if k.size == 0 {
		return nil
	}
	b := &Body{Size: k.size, Truncated: k.cut, Omitted: k.omitted}
	switch {
	case k.text == nil:
	case !utf8.ValidString(k.s):
		b.Base64 = []byte(k.s)
	case !k.cut && json.Valid([]byte(k.s)):
		b.JSON = json.RawMessage(k.s)
	default:
		b.Text = k.s
	}
	return b
}

// cutBytes returns the first limit bytes of b, or up to three fewer so that no
// UTF-8 sequence is cut in two.
func cutBytes(b []byte, limit int) []byte {
	if len(b) <= limit {
		return b
	}
	end := limit
	for end > 0 && limit-end < utf8.UTFMax-1 && !utf8.RuneStart(b[end]) {
		end--
	}
	if !utf8.RuneStart(b[end]) {
		end = limit // not UTF-8 anyway
	}
	return b[:end]
}

// cutString is cutBytes for a short field, marking the cut with "…".
func cutString(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return strings.Clone(s[:limit]) + ellipsis
}
