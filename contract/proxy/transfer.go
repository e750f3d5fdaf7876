package proxy

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"

	"github.com/digakit/digakit/contract"
)

// transfer is one exchange on its way through.
type transfer struct {
	writer   http.ResponseWriter
	body     *sample // nil when the request has none
	status   int     // the upstream's; 0: there was no answer
	upgraded bool
	events   bool  // Server-Sent Events
	broken   bool  // the upstream's body broke off
	failure  error // why there was no answer
}

type transferKey struct{}

func transferFrom(ctx context.Context) *transfer {
	t, _ := ctx.Value(transferKey{}).(*transfer)
	return t
}

// unjudged says why the answer was not judged, or not as a whole; empty when it
// was.
func (t *transfer) unjudged(r *http.Request, x *contract.Exchange) string {
	switch {
	case t.upgraded:
		return "the connection was upgraded to another protocol"
	case t.events:
		return "Server-Sent Events"
	case x.Refused:
		return ""
	case r.Context().Err() != nil && (t.broken || t.failure != nil), !t.broken && x.Status == 0:
		return "the client went away before the end of the answer"
	case t.broken:
		return "the upstream's answer broke off"
	case t.failure != nil:
		return "the upstream did not answer"
	case x.Operation == nil:
		return "" // there is a finding
	case x.Unjudged != "" && t.body.pending():
		return "the upstream answered without reading the request's body to its end"
	}
	return x.Unjudged
}

// sample keeps the beginning of a request's body, for the curl of a finding.
type sample struct {
	io.ReadCloser
	mu    sync.Mutex // the transport may still read when the exchange is over
	data  []byte
	ended bool
}

// maxSample is more than [contract.Validator.Curl] prints, in bytes, so that it knows of a
// longer body.
const maxSample = 4097

func (s *sample) Read(p []byte) (int, error) {
	n, err := s.ReadCloser.Read(p)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.data = append(s.data, p[:min(n, maxSample-len(s.data))]...)
	s.ended = s.ended || err != nil
	return n, err
}

// pending tells whether there is more of the body than was read.
func (s *sample) pending() bool {
	if s == nil {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.ended
}

func (s *sample) bytes() []byte {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.data
}

// watchedBody notices when a response's body breaks off.
type watchedBody struct {
	io.ReadCloser
	transfer *transfer
}

func (b *watchedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		b.transfer.broken = true
	}
	return n, err
}
