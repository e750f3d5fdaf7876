package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strings"
)

// hidden stands where the key stood.
const hidden = "[key]"

// userinfo matches the credentials of a URL inside a longer text.
var userinfo = regexp.MustCompile(`//[^/?#\s"'@]+@`)

// secret keeps the key out of every print. fmt calls no String method on
// unexported fields, so a string type with one would still show under %+v of a
// struct that holds it; a closure shows as an address to fmt, reflect and JSON.
type secret struct {
	reveal func() string
	redact func(string) string
}

// newSecret prepares the replacement of key in the spellings in which a server
// or a library may echo it: plain, in JSON, in a URL and in HTML.
func newSecret(key string) secret {
	quoted, _ := json.Marshal(key) // a string always can be
	var pairs []string
	for _, spelling := range []string{
		key, url.QueryEscape(key), url.PathEscape(key), html.EscapeString(key), string(quoted[1 : len(quoted)-1]),
		strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(key), strings.ReplaceAll(key, "/", `\/`),
	} {
		pairs = append(pairs, spelling, hidden)
	}
	replacer := strings.NewReplacer(pairs...)
	return secret{
		reveal: func() string { return key },
		redact: func(s string) string {
			return replacer.Replace(userinfo.ReplaceAllString(s, "//[userinfo]@"))
		},
	}
}

// redactCut is redact for a text that may have been cut off inside the key: the
// beginning of the key at its very end goes too.
func (s secret) redactCut(text string) string {
	text = s.redact(text)
	key := s.reveal()
	for n := len(key) - 1; n > 0; n-- {
		if head, cut := strings.CutSuffix(text, key[:n]); cut {
			return head + hidden
		}
	}
	return text
}

// clean returns err itself when its text is harmless, and otherwise an error
// with the redacted text and no way back to the original.
func (s secret) clean(err error) error {
	if redacted := s.redact(err.Error()); redacted != err.Error() {
		return errors.New(redacted)
	}
	return err
}

// checkKey reports why key cannot be sent as a bearer token, without quoting
// it. RFC 6750 allows even less than visible ASCII; we refuse only what cannot
// stand in the header, or is surely a slip: a pasted "Bearer " or a newline.
func checkKey(key string) error {
	if key == "" {
		return fmt.Errorf("%w: the key is empty", ErrInvalidOption)
	}
	for i := range len(key) {
		if key[i] <= ' ' || key[i] > '~' {
			return fmt.Errorf("%w: the key has a character that is not visible ASCII at byte %d; "+
				"give the key alone, without \"Bearer\" or a line end", ErrInvalidOption, i)
		}
	}
	return nil
}
