package contract

import (
	"cmp"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/digakit/digakit/contract/spec"
)

// TestingT is the part of *testing.T that [FailTest] needs.
type TestingT interface {
	Helper()
	Errorf(format string, args ...any)
	Cleanup(func())
}

// FailTest has a Transport fail a test for what breaks the document, and let
// every exchange go on: the code under test runs as it would without it. Each
// distinct violation is told once, however often it comes (items of an array
// that are wrong alike are one), with how to fix it and the curl that repeats
// the exchange; 50 at most.
//
// Responses are read whole, up to the cap, before they are handed over, so that
// those whose body nobody reads are judged too; an answer that breaks off is
// handed over as far as it came, and Server-Sent Events as they come. Together
// with [ObserveOnly] nothing is delayed, and only what is read to its end is
// judged. With [Observe], the observer is told first.
//
// Nothing is told after the test has ended: an exchange that a goroutine of the
// test has left behind cannot fail it. Cleanup functions registered after the
// Transport was made (they run before) are still part of the test.
func FailTest(t TestingT) TransportOption {
	f := &testFailer{t: t, told: map[Violation]bool{}}
	t.Cleanup(func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.ended = true
	})
	return transportOption(func(r *roundTripper) { r.fail = f })
}

// maxTold is how many distinct violations fail one test.
const maxTold = 50

// testFailer fails a test. It is safe for concurrent use.
type testFailer struct {
	t     TestingT
	mu    sync.Mutex // held while the test is failed, so that it cannot end meanwhile
	ended bool
	told  map[Violation]bool
	full  bool
}

// tell fails the test for the violations of x that it has not been failed for.
func (f *testFailer) tell(v *Validator, x *Exchange) {
	if len(x.Violations) == 0 {
		return
	}
	f.t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ended {
		return
	}
	var text strings.Builder
	for _, bad := range x.Violations {
		key := bad
		key.Pointer = spec.AnyIndex(bad.Pointer)
		if bad.Operation == "" { // no operation tells them apart
			key.Name = cmp.Or(x.Request.Method, http.MethodGet) + " " + x.Request.URL.EscapedPath()
		}
		if f.full || f.told[key] {
			continue
		}
		if f.full = len(f.told) == maxTold; f.full {
			fmt.Fprintf(&text, "\n  and more: only the first %d distinct violations of a test are listed", maxTold)
			continue
		}
		f.told[key] = true
		fmt.Fprintf(&text, "\n  %s\n    fix: %s", bad, bad.HowToFix)
	}
	if text.Len() > 0 {
		f.t.Errorf("contract: %s breaks the document:%s\n  repeat: %s", described(x), &text, v.Curl(x.Request, x.RequestBody))
	}
}

// described names an exchange for a person.
func described(x *Exchange) string {
	text := cmp.Or(x.Request.Method, http.MethodGet) + " " + x.Request.URL.EscapedPath()
	if x.Operation != nil {
		text = x.Operation.Method + " " + x.Operation.Path
		if x.Operation.ID != "" {
			text += " (" + x.Operation.ID + ")"
		}
	}
	if x.Status != 0 {
		text += ", answered " + strconv.Itoa(x.Status) + ","
	}
	return text
}
