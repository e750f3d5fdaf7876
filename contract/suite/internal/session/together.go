package session

import (
	"context"
	"io"
	"net/http"
	"sync"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/suite/internal/call"
)

// Together sends calls of an operation at the same time, and judges the answers when
// all are there. One that is throttled is not sent again.
func (s *Session) Together(ctx context.Context, o *contract.Operation, calls []call.Call) ([]*Answer, error) {
	whole := ctx
	ctx = finishing(ctx, s, o)
	limited, cancel := context.WithTimeout(ctx, s.Target.Timeout)
	defer cancel()
	answers := make([]*Answer, len(calls))
	for i, c := range calls {
		if err := s.limiter.Wait(whole); err != nil {
			return nil, err
		}
		answers[i] = &Answer{Request: s.request(o, c), call: c}
		s.requests++
	}
	var sending sync.WaitGroup
	for _, a := range answers {
		sending.Go(func() {
			resp, err := s.Target.Transport.RoundTrip(a.Request.WithContext(limited))
			if err == nil {
				a.Status, a.Header = resp.StatusCode, resp.Header
				a.Body, err = io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
				_ = resp.Body.Close()
			}
			if err != nil {
				a.Broken = plain(err)
			}
		})
	}
	sending.Wait()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	for _, a := range answers {
		if a.Status == http.StatusTooManyRequests {
			continue
		}
		s.judge(o, a)
		if plain, err := contract.PlainBody(a.Header, a.Body, maxBody); err == nil {
			a.Body = plain
		}
	}
	return answers, nil
}
