package suite

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract"
)

// greet calls every operation that can be called without harm once, plainly:
// to learn whether there is a server at all, whether it takes the key for any
// operation, and what its items are called.
func (s *session) greet(ctx context.Context) error {
	tried, refused, throttled := 0, 0, 0
	for again := true; again; {
		again = false
		for _, o := range s.operations {
			if _, reason := s.required(o); reason != "" || !readOnly(s, o) || s.greetings[o] != nil {
				continue
			}
			a, err := s.send(ctx, o, call{})
			if errors.Is(err, errThrottled) {
				throttled++
				err = nil
			}
			if err != nil {
				return err
			}
			again = true // its items may be what another operation wants
			s.greetings[o] = a
			if a.ok() {
				s.pool.learn(o, a.body)
			}
			if wantsCredential(o) {
				tried++
				if a.status == http.StatusUnauthorized || a.status == http.StatusForbidden {
					refused++
				}
			}
		}
	}
	for _, o := range s.operations {
		s.bases[o], _ = s.required(o)
	}
	switch {
	case len(s.greetings) > 0 && throttled == len(s.greetings):
		return fmt.Errorf("%w: %s: it goes on to answer 429 to everything; lower the rate, or try again later", ErrUnreachable, s.root.Redacted())
	case tried > 0 && tried == refused:
		return fmt.Errorf("%w: every operation answers 401 or 403; give a key that may call them", ErrRefused)
	}
	return nil
}

// required gives the required parameters of an operation their first value, or
// says why it cannot.
func (s *session) required(o *contract.Operation) ([]setting, string) {
	if known := s.bases[o]; known != nil {
		return known, ""
	}
	var list []setting
	for _, p := range s.parametersOf(o) {
		if !p.required {
			continue
		}
		values := s.values(o, p)
		if i := slices.IndexFunc(values, func(v value) bool { return !v.guess }); i > 0 {
			values[0] = values[i]
		}
		switch {
		case len(values) == 0:
			return nil, fmt.Sprintf("no value can be made for the required parameter %s", p.name)
		case p.in == pathPlace && values[0].guess:
			return nil, fmt.Sprintf("no value known for %s in the path: no answer showed one", p.name)
		}
		list = append(list, setting{p, values[0]})
	}
	return list, ""
}

// complete adds to a call the required parameters it does not have.
func (s *session) complete(o *contract.Operation, c call) call {
	if c.bare || o == nil {
		return c
	}
	base, _ := s.required(o)
	base = slices.DeleteFunc(slices.Clone(base), func(one setting) bool {
		return one.parameter.in == queryPlace && hasParameter(c.query, one.parameter.name)
	})
	own := compose(o, base)
	if c.path == "" {
		c.path = own.path
	}
	c.query = strings.Trim(c.query+"&"+own.query, "&")
	maps.Copy(own.header, c.header)
	c.header = own.header
	return c
}

// hasParameter tells whether a query has a parameter, however it is escaped.
func hasParameter(query, name string) bool {
	return slices.ContainsFunc(strings.Split(query, "&"), func(pair string) bool {
		key, _, _ := strings.Cut(pair, "=")
		return unescaped(key) == name
	})
}

// accepted is the answer to the plain call of the probe's operation; when it
// was not a success it says why nothing can be learned from others.
func (p *probe) accepted() (*answer, string) {
	a := p.greetings[p.op]
	switch {
	case a == nil:
		return nil, "the operation was not called"
	case a.broken != "":
		return a, "the answer to its plain call broke off"
	case a.status < 200 || a.status > 299:
		return a, fmt.Sprintf("its plain call is answered %d", a.status)
	}
	return a, ""
}
