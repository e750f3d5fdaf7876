package guard

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net/http"
	"strings"

	"github.com/digakit/digakit/contract"
)

// NewToken returns a random token with at least 128 bits of entropy, in letters
// and digits.
func NewToken() string { return rand.Text() }

// token is kept as a digest, so that comparing takes the same time for tokens of
// any length, and so that no dump of a Guard shows it.
type token struct{ digest [sha256.Size]byte }

// newToken returns nil for an empty token. It accepts more than the token68 of
// RFC 6750, section 2.1: whatever survives a header and splits from the scheme.
func newToken(secret string) (*token, error) {
	if secret == "" {
		return nil, nil
	}
	for _, b := range []byte(secret) {
		if b <= ' ' || b > '~' {
			return nil, errors.New("guard: the token has a space or a character that no header can carry; use visible ASCII characters")
		}
	}
	return &token{sha256.Sum256([]byte(secret))}, nil
}

// refusal returns nil when h brings the token. The scheme's case does not
// matter, and one or more spaces follow it (RFC 9110, section 11.4).
func (t *token) refusal(h http.Header) *contract.Problem {
	const remedy = "Send the header \"Authorization: Bearer TOKEN\" with the token that --token set or that the server printed at its start."
	given := h.Values("Authorization")
	if len(given) == 0 {
		return t.forbidden("Requests to " + Prefix + " need a token, because other machines can reach this server or its operator asked for one. " + remedy)
	}
	// Of two, a proxy in front may have judged the other one.
	if len(given) > 1 {
		return t.forbidden("There is more than one Authorization header. Send one.")
	}
	scheme, secret, _ := strings.Cut(given[0], " ")
	secret = strings.Trim(secret, " ")
	if !strings.EqualFold(scheme, "Bearer") || secret == "" {
		return t.forbidden("The Authorization header is not of the form \"Bearer TOKEN\". " + remedy)
	}
	digest := sha256.Sum256([]byte(secret))
	if subtle.ConstantTimeCompare(digest[:], t.digest[:]) != 1 {
		return t.forbidden("The token is not this server's. " + remedy)
	}
	return nil
}

func (*token) forbidden(detail string) *contract.Problem {
	return forbidden("token-required", "Token required", detail)
}
