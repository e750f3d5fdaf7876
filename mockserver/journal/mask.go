package journal

import (
	"net/http"
	"strings"
	"unicode/utf8"
)

const (
	ellipsis = "…"
	// minMasked is how long a secret must be, in characters, for its last four to
	// be shown: eight at least stay hidden.
	minMasked = 12
	// minOwn is how long a request's own credential must be, in bytes, to be
	// looked for elsewhere. A shorter one would be found in ordinary words.
	minOwn = 8
)

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

// schemes are the authentication schemes of IANA's registry, and some in common
// use. A first word that is none of them may be a part of a secret.
var schemes = [...]string{
	"Bearer", "Basic", "Digest", "DPoP", "GNAP", "HOBA", "Mutual", "Negotiate", "OAuth", "PrivateToken",
	"SCRAM-SHA-1", "SCRAM-SHA-256", "vapid", "Concealed", "Token", "ApiKey", "AWS4-HMAC-SHA256", "NTLM",
}

// splitScheme splits the value of an Authorization header. The scheme is empty
// when it is not a known one.
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
	own      string // the request's own credential; empty: none worth looking for
	declared func(string) bool
}

func newMasker(h http.Header, declared func(string) bool) masker {
	m := masker{declared: declared}
	if values := h["Authorization"]; len(values) > 0 {
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

// plain is appendPlain for one string, a copy when it has to be.
func (m masker) plain(s string) string {
	if m.own == "" || !strings.Contains(s, m.own) {
		return s
	}
	return string(m.appendPlain(nil, s))
}
