package client

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// hidden stands where the key stood.
const hidden = "[key]"

// userinfo matches the credentials of a URL inside a longer text.
var userinfo = regexp.MustCompile(`//[^/?#\s"'@]+@`)

// minAnywhere is how long a key must be, in bytes, to be looked for within words: a shorter
// one is found in ordinary ones, and is replaced where it stands by itself.
const minAnywhere = 8

var wordEnd = regexp.MustCompile(`\w`)

// secret keeps the key out of every print: fmt calls no String method on unexported
// fields, but a closure shows as an address to fmt, reflect and JSON.
type secret struct {
	reveal func() string
	redact func(string) string
}

// newSecret prepares the replacement of key in the spellings in which a server
// or a library may echo it: plain, in JSON, in a URL and in HTML.
func newSecret(key string) secret {
	quoted, _ := json.Marshal(key) // a string always can be
	edge := ""
	if len(key) < minAnywhere {
		edge = `\b`
	}
	var spellings []string
	for _, spelling := range []string{
		key, url.QueryEscape(key), url.PathEscape(key), html.EscapeString(key), string(quoted[1 : len(quoted)-1]),
		strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(key), strings.ReplaceAll(key, "/", `\/`),
	} {
		before, after := edge, edge
		if !wordEnd.MatchString(spelling[:1]) {
			before = ""
		}
		if !wordEnd.MatchString(spelling[len(spelling)-1:]) {
			after = ""
		}
		spellings = append(spellings, before+regexp.QuoteMeta(spelling)+after)
	}
	echoes := regexp.MustCompile(strings.Join(spellings, "|"))
	return secret{
		reveal: func() string { return key },
		redact: func(s string) string {
			return echoes.ReplaceAllLiteralString(userinfo.ReplaceAllString(s, "//[userinfo]@"), hidden)
		},
	}
}

// redactCut is redact for a text that may end in the beginning of the key.
func (s secret) redactCut(text string) string {
	text = s.redact(text)
	key := s.reveal()
	for n := len(key) - 1; n > 0 && len(key) >= minAnywhere; n-- {
		if head, cut := strings.CutSuffix(text, key[:n]); cut {
			return head + hidden
		}
	}
	return text
}

// clean returns err, or an error with the redacted text alone where that differs.
func (s secret) clean(err error) error {
	if redacted := s.redact(err.Error()); redacted != err.Error() {
		return errors.New(redacted)
	}
	return err
}

// checkKey reports why key cannot be sent as a bearer token, without quoting it. Refused
// is what cannot stand in the header, or is surely a slip: a pasted "Bearer " or a
// newline.
func checkKey(key string) error {
	if key == "" {
		return fmt.Errorf("%w: the key is empty", ErrInvalidOption)
	}
	if i := strings.IndexFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }); i >= 0 {
		return fmt.Errorf("%w: the key has a character that is not visible ASCII at byte %d; "+
			"give the key alone, without \"Bearer\" or a line end", ErrInvalidOption, i)
	}
	return nil
}

// credentials adds the key to requests for one origin and to no other, by where the
// request really goes: http.Client keeps Authorization on a redirect to a subdomain,
// another port, or from https to http.
type credentials struct {
	next   http.RoundTripper
	origin string
	key    secret
}

// RoundTrip implements http.RoundTripper. The response refers to the request
// without the key.
func (c *credentials) RoundTrip(req *http.Request) (*http.Response, error) {
	out := req.Clone(req.Context())
	if origin(req.URL) == c.origin {
		out.Header.Set("Authorization", "Bearer "+c.key.reveal())
	} else {
		out.Header.Del("Authorization")
	}
	res, err := c.next.RoundTrip(out)
	if res != nil {
		res.Request = req
	}
	return res, err
}

// parseBaseURL accepts an absolute http or https URL with an optional path prefix. Its
// errors never quote the URL: it may hold credentials, or be the key.
func parseBaseURL(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("%w: the base URL is not a URL", ErrInvalidOption)
	}
	web := u.Scheme == "http" || u.Scheme == "https"
	var errs []error
	for _, rule := range []struct {
		broken bool
		text   string
	}{
		{!web, "must start with http:// or https://"},
		{web && u.Hostname() == "", "has no host"},
		{u.User != nil, "must not hold a user name or password; the key is the only credential"},
		{u.RawQuery != "" || u.ForceQuery, "must not have a query"},
		{strings.Contains(raw, "#"), "must not have a fragment"},
	} {
		if rule.broken {
			errs = append(errs, fmt.Errorf("%w: the base URL %s", ErrInvalidOption, rule.text))
		}
	}
	if !strings.HasSuffix(u.Path, "/") {
		u = u.JoinPath("/") // keeps an escaped prefix escaped
	}
	return u, errors.Join(errs...)
}

// origin is the scheme, host and port of a URL (RFC 6454), the port always spelt out.
func origin(u *url.URL) string {
	port := cmp.Or(u.Port(), map[string]string{"https": "443"}[u.Scheme], "80")
	return strings.ToLower(u.Scheme + "://" + u.Hostname() + ":" + port)
}
