package client

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// credentials adds the key to requests for one origin and to no other.
//
// http.Client alone would not do: on a redirect to a subdomain, another port, or
// from https to http on the same host it keeps Authorization. So the header is set
// here, by where the request really goes.
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

// parseBaseURL accepts an absolute http or https URL with an optional path
// prefix. Its errors never quote the URL: it may hold credentials, or be the
// key, where a caller mixed up the arguments of New.
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

// origin is the scheme, host and port of a URL (RFC 6454), the port always
// spelt out so that https://h and https://h:443 are one.
func origin(u *url.URL) string {
	port := cmp.Or(u.Port(), map[string]string{"https": "443"}[u.Scheme], "80")
	return strings.ToLower(u.Scheme + "://" + u.Hostname() + ":" + port)
}
