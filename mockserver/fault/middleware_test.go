package fault_test

import (
	"errors"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/mockserver/fault"
)

// TestAroundAndInsideOfAValidatingMiddleware shows why Serve belongs around it.
func TestAroundAndInsideOfAValidatingMiddleware(t *testing.T) {
	t.Parallel()
	validator, err := digaValidator()
	if err != nil {
		t.Fatal(err)
	}
	checked := func(h http.Handler) http.Handler {
		return validator.Middleware(h, contract.ReplaceResponses(
			func(w http.ResponseWriter, _ *http.Request, _ *contract.Operation, _ int, _ []contract.Violation) {
				w.WriteHeader(http.StatusInternalServerError)
			}))
	}
	dribble := fault.Spec{ChunkedDribbleDelay: &fault.Dribble{NumberOfChunks: 2, TotalDuration: 1000}}
	cut := dribble
	cut.TruncateBodyAtFraction = new(0.5)
	for _, tc := range []struct {
		name, why string
		spec      fault.Spec
		inside    bool
		body      []arrival
		err       error
	}{
		{"dribble around", "the judged answer is dribbled", dribble, false, []arrival{{500 * time.Millisecond, page[:14]}, {time.Second, page[14:]}}, nil},
		{"dribble inside", "it is held back for judgement", dribble, true, []arrival{{time.Second, page}}, nil},
		{"truncated around", "the judged answer is cut", cut, false, []arrival{{500 * time.Millisecond, page[:7]}, {time.Second, page[7:14]}}, io.ErrUnexpectedEOF},
		{"truncated inside", "a declared departure is not held back", cut, true, []arrival{{500 * time.Millisecond, page[:7]}, {time.Second, page[7:14]}}, io.ErrUnexpectedEOF},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				set, op := diga(t)
				add(t, set, tc.spec)
				var next http.Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Content-Type", "application/json")
					_, _ = io.WriteString(w, page)
				})
				if !tc.inside {
					next = checked(next)
				}
				var h http.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					d := set.Fire(fault.Request{Operation: op})
					if d.Departure() != "" {
						contract.DeclareDeparture(r.Context(), d.Departure())
					}
					if err := d.Serve(w, r, next); err != nil {
						t.Error(err)
					}
				})
				if tc.inside {
					h = checked(h)
				}
				_, body, err := arrivals(t, ask(t, h), time.Now())
				if diff := cmp.Diff(tc.body, body); diff != "" || !errors.Is(err, tc.err) {
					t.Errorf("%s: ended with %v, want %v (-want +got):\n%s", tc.why, err, tc.err, diff)
				}
			})
		})
	}
}
