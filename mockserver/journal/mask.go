package journal

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/spec"
)

const (
	ellipsis = "…"
	// minMasked is how long a secret must be, in characters, for its last four to be
	// shown.
	minMasked = 12
	// minOwn is how long a request's own credential must be, in bytes, to be looked for:
	// a shorter one would be found in ordinary words.
	minOwn = 8
)

// Redacted is a decoded JSON value, as it stands at an RFC 6901 pointer, with what is secret
// by its name (see [contract.HoldsSecret]), or was made by the mock, masked. It changes
// nothing of the value.
func Redacted(pointer string, v any) any {
	return redact(slices.ContainsFunc(spec.Tokens(pointer), namedSecret), v)
}

func namedSecret(name string) bool {
	return contract.HoldsSecret(name) || slices.Contains(secretNames[:], name)
}

const madeSecret = "diga-mock-" // begins each

func redact(secret bool, v any) any {
	switch v := v.(type) {
	case string:
		if secret || strings.HasPrefix(v, madeSecret) {
			return string(appendMasked(nil, v))
		}
	case map[string]any:
		made := make(map[string]any, len(v))
		for name, one := range v {
			made[name] = redact(secret || namedSecret(name), one)
		}
		return made
	case []any:
		made := make([]any, len(v))
		for i, one := range v {
			made[i] = redact(secret, one)
		}
		return made
	}
	return v
}

// appendMasked appends what may be shown of a secret.
func appendMasked(b []byte, secret string) []byte {
	b = append(b, ellipsis...)
	if utf8.RuneCountInString(secret) < minMasked {
		return b
	}
	from := len(secret)
	for range 4 {
		_, size := utf8.DecodeLastRuneInString(secret[:from])
		from -= size
	}
	return append(b, secret[from:]...)
}

// schemes are those of IANA's registry, and some in common use. Another first word may be
// a part of a secret.
var schemes = [...]string{
	"Bearer", "Basic", "Digest", "DPoP", "GNAP", "HOBA", "Mutual", "Negotiate", "OAuth", "PrivateToken",
	"SCRAM-SHA-1", "SCRAM-SHA-256", "vapid", "Concealed", "Token", "ApiKey", "AWS4-HMAC-SHA256", "NTLM",
}

// splitScheme splits the value of an Authorization header; no scheme when it is unknown.
func splitScheme(value string) (scheme, credential string) {
	first, rest, found := strings.Cut(value, " ")
	if !found {
		return "", value
	}
	for _, s := range schemes {
		if strings.EqualFold(s, first) {
			return first, strings.Trim(rest, " ")
		}
	}
	return "", value
}

// masker redacts the texts of one exchange.
type masker struct {
	own        string // the request's own credential; empty: none worth looking for
	declared   func(string) bool
	credential func(string) bool
}

func newMasker(x *Exchange) masker {
	m := masker{declared: x.Declared, credential: x.Credential}
	if m.credential == nil {
		m.credential = contract.HoldsSecret
	}
	if values := x.Request.Header["Authorization"]; len(values) > 0 {
		if _, credential := splitScheme(values[0]); len(credential) >= minOwn {
			m.own = credential
		}
	}
	return m
}

// appendPlain appends s without the request's own credential.
func (m masker) appendPlain(b []byte, s string) []byte {
	for m.own != "" {
		before, after, found := strings.Cut(s, m.own)
		if !found {
			break
		}
		b = appendMasked(append(b, before...), m.own)
		s = after
	}
	return append(b, s...)
}

// clone returns a copy of s without the request's own credential.
func (m masker) clone(s string) string { return string(m.appendPlain(nil, s)) }

const (
	maxHeader      = 32 << 10 // of one message, in bytes
	maxHeaderValue = 8 << 10
)

// appendHeader appends h, redacted, as "Name:value" lines, and reports whether some were
// left out because there was too much.
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

// appendSorted is appendHeader for too large a header: what fits, by name.
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
	case "Cookie":
		b = appendCookies(b, value)
	case "Set-Cookie":
		b = appendSetCookie(b, value)
	case "Location", "Content-Location", "Referer":
		b = m.appendURL(b, value)
	case "Accept", "Accept-Encoding", "Cache-Control", "Content-Length", "Content-Type", "Date", "Host", "Origin", "User-Agent":
		b = m.appendPlain(b, value) // what most messages have, looked up no further
	default:
		if m.credential(name) {
			b = appendMasked(b, value)
		} else {
			b = m.appendPlain(b, value)
		}
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
		pair = strings.Trim(pair, " \t")
		secret := pair[strings.IndexByte(pair, '=')+1:]
		b = appendMasked(append(b, strings.TrimSuffix(pair, secret)...), secret)
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

// maxUndeclared is how long the value of an undeclared parameter may be, in bytes, and be
// shown: a misspelt parameter is to be seen, and what may be a secret is not.
const maxUndeclared = 16

// appendQuery appends a query without the values of credentials, the long ones of
// undeclared parameters and the request's own credential.
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
	if err != nil || m.credential(plain) || len(value) > maxUndeclared && (m.declared == nil || !m.declared(plain)) {
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

// appendURL appends a URL without user information, its query redacted.
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
