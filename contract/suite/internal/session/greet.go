package session

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/digakit/digakit/contract/suite/internal/call"
)

// Greet calls every operation that can be called without harm once, plainly:
// to learn whether there is a server at all, whether it takes the key for any
// operation, and what its items are called.
func (s *Session) Greet(ctx context.Context) error {
	tried, refused, throttled := 0, 0, 0
	for again := true; again; {
		again = false
		for _, o := range s.Operations {
			if _, reason := s.Required(o); reason != "" || !ReadOnly(s, o) || s.Skipped(o) || s.Greetings[o] != nil {
				continue
			}
			a, err := s.Send(ctx, o, call.Call{})
			if errors.Is(err, errThrottled) {
				throttled++
				err = nil
			}
			if err != nil {
				return err
			}
			again = true // its items may be what another operation wants
			s.Greetings[o] = a
			if a.Ok() {
				s.Learn(o, a.Body)
			}
			if WantsCredential(o) {
				tried++
				if a.Status == http.StatusUnauthorized || a.Status == http.StatusForbidden {
					refused++
				}
			}
		}
	}
	for _, o := range s.Operations {
		s.Bases[o], _ = s.Required(o)
	}
	switch {
	case len(s.Greetings) > 0 && throttled == len(s.Greetings):
		return fmt.Errorf("%w: %s: it goes on to answer 429 to everything; lower the rate, or try again later", ErrUnreachable, s.Root.Redacted())
	case tried > 0 && tried == refused:
		return fmt.Errorf("%w: every operation answers 401 or 403; give a key that may call them", ErrRefused)
	}
	return nil
}

// Accepted is the answer to the plain call of the probe's operation. The error is Cannot
// when it was no success, so that nothing can be learned from others.
func (p *Probe) Accepted() (*Answer, error) {
	a := p.Greetings[p.Op]
	switch {
	case a == nil:
		return nil, Cannot("the operation was not called")
	case !a.Success():
		return a, Cannot("its plain call is " + a.Outcome())
	}
	return a, nil
}
