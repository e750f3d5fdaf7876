package journal

import (
	"bytes"
	"mime"
	"net/http"
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

// newText redacts and copies a body that is not kept yet. A reason means that it
// must not be kept.
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
	for _, name := range secretNames {
		if bytes.Contains(b, []byte(name)) {
			return true
		}
	}
	return false
}
