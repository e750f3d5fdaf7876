package journal

import (
	"net/url"
	"strings"
)

// appendQuery appends a query as sent, without the values of undeclared
// parameters and without the request's own credential, however it is encoded.
func (m masker) appendQuery(b []byte, query string) []byte {
	for first := true; first || query != ""; first = false {
		pair, rest, more := strings.Cut(query, "&")
		b = m.appendPair(b, pair)
		if !more {
			return b
		}
		b, query = append(b, '&'), rest
	}
	return b
}

func (m masker) appendPair(b []byte, pair string) []byte {
	name, value, given := strings.Cut(pair, "=")
	plain, err := url.QueryUnescape(name)
	switch {
	case err != nil:
		plain = name
	case m.hides(plain) && plain != name:
		name = plain
	}
	b = m.appendPlain(b, name)
	if !given {
		return b
	}
	b = append(b, '=')
	if err != nil || m.declared == nil || !m.declared(plain) {
		if value == "" {
			return b
		}
		return append(b, ellipsis...)
	}
	if plain, err := url.QueryUnescape(value); err == nil && m.hides(plain) {
		value = plain
	}
	return m.appendPlain(b, value)
}

// hides reports whether s holds the request's own credential.
func (m masker) hides(s string) bool { return m.own != "" && strings.Contains(s, m.own) }

// appendPath appends a path as sent.
func (m masker) appendPath(b []byte, u *url.URL) []byte {
	escaped := u.EscapedPath()
	if m.hides(u.Path) && !m.hides(escaped) {
		escaped = u.Path
	}
	return m.appendPlain(b, escaped)
}

// appendURL appends the URL a header holds: without user information, and with
// its query redacted like that of the request.
func (m masker) appendURL(b []byte, value string) []byte {
	u, err := url.Parse(value)
	if err != nil {
		return append(b, ellipsis...)
	}
	if u.Host != "" || u.Scheme != "" || u.Opaque != "" {
		bare := url.URL{Scheme: u.Scheme, Host: u.Host, Opaque: u.Opaque}
		b = m.appendPlain(b, bare.String())
	}
	b = m.appendPath(b, u)
	if u.RawQuery != "" {
		b = m.appendQuery(append(b, '?'), u.RawQuery)
	}
	if u.Fragment != "" {
		b = append(append(b, '#'), ellipsis...)
	}
	return b
}
