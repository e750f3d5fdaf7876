package journal

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// secretNames are the properties and form fields whose values are redacted.
var secretNames = [...]string{"secret", "admin_key"}

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

// newText redacts and copies a body. A reason means that it must not be kept.
func (m masker) newText(b []byte, of media) (t *text, omitted string) {
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
	if namesSecret(shown) || bytes.Contains(shown, []byte(`\u`)) { // an escape may stand for a letter of a name
		shown = redactJSON(shown)
	}
	if m.own != "" && bytes.Contains(shown, []byte(m.own)) {
		shown = m.appendPlain(nil, string(shown))
	}
	return &text{s: string(shown), shared: string(shown) == string(b)}, ""
}

func namesSecret(b []byte) bool {
	return slices.ContainsFunc(secretNames[:], func(name string) bool { return bytes.Contains(b, []byte(name)) })
}

// secretName is the name of a secret property, up to its value. Each letter may be
// escaped (RFC 8259, section 7).
var secretName = regexp.MustCompile(func() string {
	var names []string
	for _, name := range secretNames {
		pattern := ""
		for _, letter := range name {
			pattern += fmt.Sprintf(`(?:%c|\\u00(?i:%02x))`, letter, letter)
		}
		names = append(names, pattern)
	}
	return `"(?:` + strings.Join(names, "|") + `)"[ \t\n\r]*:[ \t\n\r]*`
}())

// redactJSON returns b with the values of secret properties redacted; b itself when there
// are none. A name in quotes before a colon is enough, so that what is cut or broken is
// redacted too.
func redactJSON(b []byte) []byte {
	var out []byte
	done, next := 0, 0
	for at := secretName.FindIndex(b); at != nil; at = secretName.FindIndex(b[next:]) {
		next += at[1]
		if to, shown := maskedValue(b, next); shown != nil {
			out = append(append(out, b[done:next]...), shown...)
			done, next = to, to
		}
	}
	if done == 0 {
		return b
	}
	return append(out, b[done:]...)
}

// maskedValue returns where the JSON value at from ends, and what is shown instead, if
// any.
func maskedValue(b []byte, from int) (int, []byte) {
	hidden := []byte(`"` + ellipsis + `"`)
	if from == len(b) {
		return from, nil
	}
	switch b[from] {
	case '"':
		to, closed := stringEnd(b, from)
		var secret string
		if !closed || json.Unmarshal(b[from:to], &secret) != nil {
			return to, hidden
		}
		shown, _ := json.Marshal(string(appendMasked(nil, secret))) // a string always can be
		return to, shown
	case '{', '[':
		return nestedEnd(b, from), hidden
	}
	to := from
	for to < len(b) && !strings.ContainsRune(",}]\n\r", rune(b[to])) {
		to++
	}
	switch strings.TrimRight(string(b[from:to]), " \t") {
	case "null", "true", "false", "":
		return to, nil
	}
	return to, hidden
}

// stringEnd returns the end of the string that begins at from.
func stringEnd(b []byte, from int) (end int, closed bool) {
	for i := from + 1; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i + 1, true
		}
	}
	return len(b), false
}

// nestedEnd returns the end of the object or array that begins at from.
func nestedEnd(b []byte, from int) int {
	depth := 0
	for i := from; i < len(b); i++ {
		switch b[i] {
		case '"':
			end, _ := stringEnd(b, i)
			i = end - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(b)
}

// redactForm returns a form with the values of secret fields redacted; b itself when
// there are none.
func redactForm(b []byte) []byte {
	var out []byte
	redacted := false
	for i, pair := range strings.Split(string(b), "&") {
		if i > 0 {
			out = append(out, '&')
		}
		name, value, given := strings.Cut(pair, "=")
		plain, err := url.QueryUnescape(name)
		if err != nil || !given || !slices.Contains(secretNames[:], strings.ToLower(strings.TrimSpace(plain))) {
			out = append(out, pair...)
			continue
		}
		secret, _ := url.QueryUnescape(value) // empty when it cannot be
		out = appendMasked(append(append(out, name...), '='), secret)
		redacted = true
	}
	if !redacted {
		return b
	}
	return out
}
