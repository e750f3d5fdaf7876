package mockserver_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"github.com/digakit/digakit/gen"
	"github.com/digakit/digakit/mockserver"
)

// broken is a handler in the place of the mock's own.
type broken struct {
	gen.StrictServerInterface

	answer handlerFunc
}

type handlerFunc func() (gen.ListAPIKeysResponseObject, error)

func (b broken) ListAPIKeys(context.Context, gen.ListAPIKeysRequestObject) (gen.ListAPIKeysResponseObject, error) {
	return b.answer()
}

// raw writes what it likes.
type raw func(http.ResponseWriter)

func (f raw) VisitListAPIKeysResponse(w http.ResponseWriter) error {
	f(w)
	return nil
}

func TestBadResponsesAreNeverSent(t *testing.T) {
	t.Parallel()
	answers := func(f raw) handlerFunc {
		return func() (gen.ListAPIKeysResponseObject, error) { return f, nil }
	}
	sends := func(status int, contentType, body string) handlerFunc {
		return answers(func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", contentType)
			w.Header().Set("X-Left-Over", "x")
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		})
	}
	for _, tc := range []struct {
		name, why string
		handler   handlerFunc
		judged    bool // the validator caught it; otherwise the handler failed by itself
	}{
		{"zero value", "data is null", func() (gen.ListAPIKeysResponseObject, error) {
			return gen.ListAPIKeys200JSONResponse{}, nil
		}, true},
		{"permission", "not of the enum", func() (gen.ListAPIKeysResponseObject, error) {
			k := gen.APIKey{ID: uuid.UUID{1}}
			k.Permissions.Set([]gen.Permission{"calls.listen"})
			return gen.ListAPIKeys200JSONResponse{Data: []gen.APIKey{k}}, nil
		}, true},
		{"status", "404 is not documented", sends(404, "application/json", `{"error_code":"A","message":"b"}`), true},
		{"content type", "text is not documented", sends(200, "text/plain", `{"data":[],"has_more":false}`), true},
		{"cut off", "no JSON", sends(200, "application/json", `{"data":[],"has_mo`), true},
		{"nothing", "the body is missing", answers(func(http.ResponseWriter) {}), true},
		{"error", "a handler may fail", func() (gen.ListAPIKeysResponseObject, error) { return nil, errors.New("sk-secret") }, false},
		{"panic", "a handler may panic", func() (gen.ListAPIKeysResponseObject, error) { panic("sk-secret") }, false},
		{"late panic", "after writing half", answers(func(w http.ResponseWriter) {
			_, _ = w.Write([]byte(`{"data":`))
			panic("sk-secret")
		}), true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			rt := &recordingT{} // a fixture fails its test for such answers
			t.Cleanup(func() { rt.end() })
			srv := mockserver.Start(rt, mockserver.WithHandlers(broken{answer: tc.handler}),
				mockserver.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
			a := call(t, http.MethodGet, srv.URL()+keysPath, as(mockserver.ReadOnlyKey))
			wantError(t, a, http.StatusInternalServerError, "INTERNAL_SERVER_ERROR", "Error: Internal Server Error")
			if a.header.Get("X-Left-Over") != "" {
				t.Error("a header of the bad answer was sent")
			}
			if bytes.Contains(a.body, []byte("sk-secret")) {
				t.Error("the client was told why")
			}
			if log.Len() == 0 {
				t.Error("nothing was logged")
			}
			if got := srv.BadResponses() == 1; got != tc.judged {
				t.Errorf("%s: counted as bad response: %t, want %t", tc.why, got, tc.judged)
			}
			// The server goes on.
			if a := call(t, http.MethodGet, srv.URL()+keysPath, as(mockserver.NoAccessKey)); a.status != http.StatusForbidden {
				t.Errorf("the next request was answered %d, want 403", a.status)
			}
		})
	}
}

func TestLatency(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, err := mockserver.New(mockserver.WithLatency(300 * time.Millisecond))
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest(http.MethodGet, "http://localhost"+keysPath, nil)
		r.Header = as(mockserver.ReadOnlyKey)
		start, w := time.Now(), httptest.NewRecorder()
		srv.ServeHTTP(w, r)
		if took := time.Since(start); took != 300*time.Millisecond || w.Code != http.StatusOK {
			t.Errorf("answered %d after %s, want 200 after 300ms", w.Code, took)
		}

		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		start = time.Now()
		srv.ServeHTTP(httptest.NewRecorder(), r.WithContext(ctx))
		if took := time.Since(start); took != 100*time.Millisecond {
			t.Errorf("a client that went away was waited for %s", took)
		}
	})
	if _, err := mockserver.New(mockserver.WithLatency(-1)); err == nil {
		t.Error("a negative latency: no error")
	}
}

func TestAccessLog(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	profile := mockserver.Profile{Unauthenticated: mockserver.UnauthenticatedUnauthorized}
	srv, err := mockserver.New(mockserver.WithProfile(profile), mockserver.WithAccessLog(slog.New(slog.NewJSONHandler(&log, nil))))
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name, method, target, key string
		want                      map[string]any // of the record
	}{
		{"a list", "GET", keysPath + "?limit=2", mockserver.UnrestrictedKey, map[string]any{
			"level": "INFO", "msg": "GET /v1/api_key/?limit=2", "status": 200.0, "project": "demo", "key": "…0001",
		}},
		{"a violation", "GET", keysPath + "?limit=0", mockserver.ReadOnlyKey, map[string]any{
			"level": "WARN", "status": 422.0, "key": "…0002", "violations": "request query limit: must be >= 1",
		}},
		{"a domain rule", "GET", keysPath + "?after=" + uuid.Nil.String(), mockserver.ReadOnlyKey, map[string]any{
			"status": 422.0, "violations": "request query after: Parameter 'after' must be the id of an API key of this project",
		}},
		{"a departure", "GET", keysPath, "secret-nobody-knows", map[string]any{
			"status": 401.0, "departure": "profile unauthenticated: unauthorized", "key": nil,
		}},
		{"a key in the query", "GET", keysPath + "?api_key=diga-mock-read-only-0002&limit=1", mockserver.ReadOnlyKey, map[string]any{
			"msg": "GET /v1/api_key/?api_key=…&limit=1",
		}},
		{"an unknown path", "POST", "/v2/?token=x", mockserver.ReadOnlyKey, map[string]any{
			"msg": "POST /v2/?token=…", "status": 404.0, "bytes": 66.0,
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			log.Reset()
			r := httptest.NewRequest(tc.method, "http://localhost"+tc.target, nil)
			r.Header = as(tc.key)
			srv.ServeHTTP(httptest.NewRecorder(), r)
			if n := strings.Count(log.String(), "\n"); n != 1 {
				t.Errorf("%d lines for one request:\n%s", n, log.String())
			}
			if strings.Contains(log.String(), tc.key) {
				t.Errorf("the key stands in the log: %s", log.String())
			}
			var got map[string]any
			if err := json.Unmarshal(log.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			for k, want := range tc.want {
				if got[k] != want {
					t.Errorf("%s is %v, want %v", k, got[k], want)
				}
			}
			if got["took"] == nil {
				t.Error("no duration")
			}
		})
	}
}
