package client

import "net/http"

// credentials adds the key to requests for one origin and to no other.
//
// http.Client alone would not do: it drops Authorization on a redirect to
// another domain, but keeps it on one to a subdomain, another port, or from
// https to http on the same host. And a RoundTripper that always adds it undoes
// even that. So the header is set here, by where the request really goes.
type credentials struct {
	next   http.RoundTripper
	origin string
	key    secret
}

// RoundTrip implements http.RoundTripper. The request is cloned, as the
// interface demands, and the response refers to the original, so that the key
// is not to be found on it either.
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
