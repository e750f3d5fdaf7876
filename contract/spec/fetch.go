package spec

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// ErrUnreachable is what an error of [Load] is when an address does not answer with a
// document: network errors, timeouts, any status but 200, redirects not followed.
var ErrUnreachable = errors.New("spec: unreachable")

const maxRedirects = 5

// isAddress says whether a source is fetched rather than opened.
func isAddress(source string) bool {
	scheme, _, ok := strings.Cut(source, "://")
	return ok && (strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https"))
}

// parseAddress reads an http(s) address.
func parseAddress(source string) (*url.URL, error) {
	address, err := url.Parse(source)
	if err != nil || address.Host == "" {
		// The parser's own text would repeat a password.
		return nil, &Error{Message: "a source is not an address", HowToFix: "write it as https://host/path"}
	}
	address.Fragment = ""
	return address, nil
}

// shown is how an address is written in messages: without what may be secret,
// the user's name and the query.
func shown(address *url.URL) string {
	name := address.Scheme + "://" + address.Host + address.EscapedPath()
	if address.RawQuery != "" {
		name += "?…"
	}
	return name
}

// fetch gets what an address holds, and the address it was found at in the
// end. With sameOrigin, redirects stay there.
func (l *loader) fetch(ctx context.Context, address *url.URL, sameOrigin bool) (data []byte, from *url.URL, err error) {
	name := shown(address)
	l.progress("fetching " + name)
	ctx, cancel := context.WithTimeout(ctx, l.timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return nil, nil, unreachable(name, err)
	}
	request.Header.Set("Accept", "application/json, application/yaml, text/markdown, text/plain;q=0.9, */*;q=0.5")
	request.Header.Set("User-Agent", "digakit")
	cached := l.remembered(address)
	if cached != nil {
		request.Header.Set("If-None-Match", cached.ETag)
	}
	response, err := l.client(address, sameOrigin).Do(request)
	if err != nil {
		return nil, nil, unreachable(name, err)
	}
	defer response.Body.Close()
	switch {
	case response.StatusCode == http.StatusNotModified && cached != nil:
		data, err = l.readAll(name, bytes.NewReader(cached.Body))
		return data, response.Request.URL, err
	case response.StatusCode != http.StatusOK:
		return nil, nil, unreachable(name, fmt.Errorf("it answers %d %s", response.StatusCode, http.StatusText(response.StatusCode)))
	}
	if data, err = l.readAll(name, response.Body); err != nil {
		if _, ours := errors.AsType[*Error](err); !ours {
			err = unreachable(name, err)
		}
		return nil, nil, err
	}
	return data, response.Request.URL, l.remember(address, response.Header.Get("ETag"), data)
}

// client returns the configured client with our rules for redirects.
func (l *loader) client(from *url.URL, sameOrigin bool) *http.Client {
	c := *l.http
	c.CheckRedirect = func(request *http.Request, via []*http.Request) error {
		to := request.URL
		switch {
		case len(via) > maxRedirects:
			return fmt.Errorf("more than %d redirects", maxRedirects)
		case !isAddress(to.String()):
			return fmt.Errorf("a redirect to %s, which is no http address", printable(to.Scheme))
		case via[len(via)-1].URL.Scheme == "https" && to.Scheme != "https":
			return fmt.Errorf("a redirect from https to %s", shown(to))
		case sameOrigin && origin(to) != origin(from):
			return fmt.Errorf("a redirect to another host, %s", shown(to))
		}
		return nil
	}
	return &c
}

// origin is scheme, host and port.
func origin(u *url.URL) string { return strings.ToLower(u.Scheme + "://" + u.Host) }

func unreachable(name string, err error) error {
	return &Error{
		Position: Position{Source: name}, Message: "cannot be fetched: " + plain(err).Error(),
		HowToFix: "check the address and the network, or save the document and give the file", Err: fmt.Errorf("%w: %w", ErrUnreachable, err),
	}
}

// plain takes the address out of an error of net/http: its query may hold a
// secret.
func plain(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		err = e.Err
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return errors.New("no answer in time")
	}
	return err
}
