package session

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/suite/internal/call"
)

// request makes the request of a call.
func (s *Session) request(o *contract.Operation, c call.Call) *http.Request {
	c = s.Complete(o, c)
	method := c.Method
	if method == "" && o != nil {
		method = o.Method
	}
	u := *s.Root
	escaped := strings.TrimSuffix(u.EscapedPath(), "/") + c.Path
	if plain, err := url.PathUnescape(escaped); err == nil {
		u.Path, u.RawPath = plain, escaped
	} else {
		u.Opaque = "//" + u.Host + escaped // as it is: a path no server can read
	}
	if u.EscapedPath() != escaped {
		u.Opaque = "//" + u.Host + escaped // url.URL would escape it anew
	}
	u.RawQuery = c.Query
	r := &http.Request{Method: method, URL: &u, Host: u.Host, Header: s.Target.Header.Clone(), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}
	if r.Header == nil {
		r.Header = http.Header{}
	}
	// A body after the answer to HEAD would otherwise be taken for the next
	// answer, and net/http writes it to standard error.
	r.Close = method == http.MethodHead
	for name, values := range c.Header {
		r.Header[name] = values
	}
	if _, given := r.Header["User-Agent"]; !given {
		r.Header.Set("User-Agent", "digakit-verify")
	}
	if r.Header.Get("Accept") == "" {
		r.Header.Set("Accept", "application/json")
	}
	if o == nil {
		o = c.Like
	}
	if c.Body != nil {
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(c.Body)), int64(len(c.Body))
		if c.Media != "" {
			r.Header.Set("Content-Type", c.Media)
		}
	}
	s.authenticate(r, o, c.Auth)
	return r
}
