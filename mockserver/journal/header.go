package journal

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

const (
	maxHeader      = 32 << 10 // of one message, in bytes
	maxHeaderValue = 8 << 10
)

// appendHeader appends h, redacted, as "Name:value" lines. It reports whether it
// left lines out because there was too much.
func (m masker) appendHeader(b []byte, h http.Header) ([]byte, bool) {
	from := len(b)
	for name, values := range h {
		for _, value := range values {
			b = m.appendLine(b, name, value)
		}
		if len(b)-from > maxHeader {
			return m.appendSorted(b[:from], h), true
		}
	}
	return b, false
}

// appendSorted is appendHeader for too large a header: what fits, by name, so
// that equal headers are cut alike.
func (m masker) appendSorted(b []byte, h http.Header) []byte {
	from := len(b)
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, value := range h[name] {
			before := len(b)
			if b = m.appendLine(b, name, value); len(b)-from > maxHeader {
				b = b[:before]
			}
		}
	}
	return b
}

func (m masker) appendLine(b []byte, name, value string) []byte {
	b = append(append(b, name...), ':')
	from := len(b)
	switch http.CanonicalHeaderKey(name) {
	case "Authorization", "Proxy-Authorization":
		scheme, credential := splitScheme(value)
		if scheme != "" {
			b = append(append(b, scheme...), ' ')
		}
		b = appendMasked(b, credential)
	case "X-Api-Key", "Api-Key", "X-Auth-Token":
		b = appendMasked(b, value)
	case "Cookie":
		b = appendCookies(b, value)
	case "Set-Cookie":
		b = appendSetCookie(b, value)
	case "Location", "Content-Location", "Referer":
		b = m.appendURL(b, value)
	default:
		b = m.appendPlain(b, value)
	}
	if len(b)-from > maxHeaderValue {
		b = append(cutBytes(b, from+maxHeaderValue), ellipsis...)
	}
	// A line break would be sent as a space.
	for i := from; i < len(b); i++ {
		if b[i] == '\n' || b[i] == '\r' {
			b[i] = ' '
		}
	}
	return append(b, '\n')
}

// appendCookies appends the names of cookies (RFC 6265, section 4.2).
func appendCookies(b []byte, value string) []byte {
	for i, pair := range strings.Split(value, ";") {
		if i > 0 {
			b = append(b, "; "...)
		}
		name, secret, named := strings.Cut(strings.Trim(pair, " \t"), "=")
		if !named {
			name, secret = "", name
		} else {
			name += "="
		}
		b = appendMasked(append(b, name...), secret)
	}
	return b
}

// appendSetCookie appends a cookie's name (RFC 6265, section 4.1).
func appendSetCookie(b []byte, value string) []byte {
	pair, _, attributes := strings.Cut(value, ";")
	b = appendCookies(b, pair)
	if attributes {
		b = append(append(b, "; "...), ellipsis...)
	}
	return b
}

// parseHeader undoes appendHeader.
func parseHeader(lines string) http.Header {
	h := http.Header{}
	for line := range strings.Lines(lines) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ":")
		h[name] = append(h[name], strings.ToValidUTF8(value, "\uFFFD"))
	}
	return h
}
