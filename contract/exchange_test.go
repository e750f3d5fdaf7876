package contract_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/digakit/digakit/contract"
)

const echoing = `{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{"/a":{"post":{
"requestBody":{"content":{"application/json":{"schema":{"type":"object"}}}},
"responses":{"200":{"description":"d","content":{"application/json":{"schema":{"type":"object"}}}}}}}}}`

// told is what an observer sees of an exchange, copied as the rule asks.
type told struct {
	requestBody, body, contentType string
	hasHeader                      bool
	unjudged                       string
}

func observed(into chan<- told) contract.DoorOption {
	return contract.Observe(func(x contract.Exchange) {
		into <- told{string(x.RequestBody), string(x.Body), x.Header.Get("Content-Type"), x.Header != nil, x.Unjudged}
	})
}

func TestObserversSeeBothBodies(t *testing.T) {
	t.Parallel()
	v, err := contract.New([]byte(echoing))
	if err != nil {
		t.Fatal(err)
	}
	answer := func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if r.Header.Get("X-Departs") != "" {
			contract.DeclareDeparture(r.Context(), "asked for")
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"b":2}`)
	}
	refuse := contract.RefuseRequests(func(w http.ResponseWriter, _ *http.Request, _ *contract.Operation, _ []contract.Violation) {
		w.WriteHeader(http.StatusBadRequest)
	})
	throughMiddleware := func(opts ...contract.MiddlewareOption) func(*testing.T, *http.Request) told {
		return func(t *testing.T, r *http.Request) told {
			seen := make(chan told, 1)
			v.Middleware(http.HandlerFunc(answer), append(opts, observed(seen))...).ServeHTTP(httptest.NewRecorder(), r)
			return <-seen
		}
	}
	throughTransport := func(opts ...contract.TransportOption) func(*testing.T, *http.Request) told {
		return func(t *testing.T, r *http.Request) told {
			seen := make(chan told, 1)
			resp, err := v.Transport(handlerTransport(answer), append(opts, observed(seen))...).RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, resp.Body)
			_ = resp.Body.Close()
			return <-seen
		}
	}
	for _, tt := range []struct {
		name, why string
		door      func(*testing.T, *http.Request) told
	}{
		{"middleware", "bodies are copied as they pass", throughMiddleware()},
		{"refusing middleware", "the request was read before the handler", throughMiddleware(refuse)},
		{"transport", "the response is read whole", throughTransport()},
		{"observing transport", "the response is judged at its end", throughTransport(contract.ObserveOnly())},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(http.MethodPost, "/a", strings.NewReader(`{"a":1}`))
			r.Header.Set("Content-Type", "application/json")
			if got, want := tt.door(t, r), (told{`{"a":1}`, `{"b":2}`, "application/json", true, ""}); got != want {
				t.Errorf("saw %+v, want %+v: %s", got, want, tt.why)
			}
		})
	}
	t.Run("departure", func(t *testing.T) {
		t.Parallel()
		r := httptest.NewRequest(http.MethodPost, "/a", strings.NewReader(`{}`))
		r.Header.Set("X-Departs", "yes")
		if got := throughMiddleware()(t, r); got.hasHeader || got.body != "" || got.unjudged == "" {
			t.Errorf("saw a response that was not judged: %+v", got)
		}
	})
}

type handlerTransport http.HandlerFunc

func (h handlerTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	h(w, r)
	return w.Result(), nil
}

func TestPlainBody(t *testing.T) {
	t.Parallel()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = io.WriteString(z, `{"a":1}`)
	_ = z.Close()
	for _, tt := range []struct {
		name, coding, body, want string
		fails                    bool
	}{
		{"as it is", "", `{"a":1}`, `{"a":1}`, false},
		{"gzip", "gzip", packed.String(), `{"a":1}`, false},
		{"broken", "gzip", "{}", "", true},
		{"broken brotli", "br", "{}", "", true},
		{"unknown", "compress", "{}", "", true},
	} {
		header := http.Header{}
		if tt.coding != "" {
			header.Set("Content-Encoding", tt.coding)
		}
		r, _ := http.NewRequestWithContext(context.Background(), http.MethodPost, "/a", nil)
		r.Header = header
		x := contract.Exchange{Request: r, RequestBody: []byte(tt.body), Header: header, Body: []byte(tt.body)}
		response, err := x.PlainBody()
		request, requestErr := x.PlainRequestBody()
		if string(response) != tt.want || string(request) != tt.want || (err != nil) != tt.fails || (requestErr != nil) != tt.fails {
			t.Errorf("%s: got %q and %q, errors %v and %v", tt.name, response, request, err, requestErr)
		}
	}
}
