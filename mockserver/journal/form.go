package journal

import (
	"net/url"
	"slices"
	"strings"
)

// redactForm returns an application/x-www-form-urlencoded body with the values
// of secret fields redacted; b itself when there are none.
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
		secret, err := url.QueryUnescape(value)
		if err != nil {
			secret = ""
		}
		out = appendMasked(append(append(out, name...), '='), secret)
		redacted = true
	}
	if !redacted {
		return b
	}
	return out
}
