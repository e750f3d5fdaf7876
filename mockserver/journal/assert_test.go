package journal_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/mockserver/journal"
)

// told is a journal with four exchanges of a program under test.
func told(t *testing.T, opts ...journal.Option) *journal.Journal {
	t.Helper()
	j := newJournal(t, opts...)
	for i, c := range []struct {
		method, target, operation string
		status                    int
		broken                    bool
	}{
		{"GET", "/v1/api_key/?limit=10", "list_api_keys", 200, false},
		{"GET", "/v1/api_key/?limit=0&key=diga-mock-unrestricted-0001", "list_api_keys", 422, true},
		{"POST", "/v1/api_key/", "", 405, false},
		{"GET", "/v1/api_keys", "", 404, false},
	} {
		x := journal.Exchange{
			Time: start.Add(time.Duration(i) * time.Second), Duration: 1234567 * time.Nanosecond,
			Request: httptest.NewRequest(c.method, c.target, nil), Declared: func(name string) bool { return name == "limit" },
			Status: c.status, Operation: c.operation,
		}
		if c.operation != "" {
			x.KeyID, x.KeyLastFour = "7d9f", "0001"
		}
		if c.broken {
			x.Violations = []contract.Violation{{Side: contract.SideRequest, In: "query", Name: "limit", Message: "must be at least 1"}}
			x.Departure, x.FaultID, x.Preference = "fault", "f1", "code=422"
		}
		j.Record(x)
	}
	return j
}

func TestAssertRequested(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		want journal.Want
		fail string // empty: the assertion holds
	}{
		{"anything", journal.Want{}, ""},
		{"all fields", journal.Want{Operation: "list_api_keys", Method: "get", Path: "/v1/api_key/", Query: map[string]string{"limit": "10"}, Status: 200, KeyID: "7d9f", Times: 1}, ""},
		{"times", journal.Want{Operation: "list_api_keys", Times: 2}, ""},
		{"never", journal.Want{Status: 500, Times: journal.Never}, ""},
		{"undeclared value", journal.Want{Query: map[string]string{"key": "…"}}, ""},
		{"nearest by fields", journal.Want{Path: "/v1/api_key/", Query: map[string]string{"limit": "20", "order": "asc"}, Status: 200}, `journal: not requested as wanted
  want: one or more exchanges with path "/v1/api_key/", query limit "20", query order "asc", status 200 OK
  have: 0 of 4 recorded
  nearest: #1 GET /v1/api_key/?limit=10 -> 200 OK in 1.23ms, key …0001
    query limit: want "20", have "10"
    query order: want "asc", have none`},
		{"nearest by path", journal.Want{Path: "/v1/api_keys/"}, `journal: not requested as wanted
  want: one or more exchanges with path "/v1/api_keys/"
  have: 0 of 4 recorded
  nearest: #4 GET /v1/api_keys -> 404 Not Found in 1.23ms
    path: want "/v1/api_keys/", have "/v1/api_keys"`},
		{"nearest by age", journal.Want{Method: "DELETE"}, `journal: not requested as wanted
  want: one or more exchanges with method "DELETE"
  have: 0 of 4 recorded
  nearest: #4 GET /v1/api_keys -> 404 Not Found in 1.23ms
    method: want "DELETE", have "GET"`},
		{"too few", journal.Want{Operation: "list_api_keys", KeyID: "7d9f", Times: 3}, `journal: not requested as wanted
  want: 3 exchanges with operation "list_api_keys", key_id "7d9f"
  have: 2 of 4 recorded
  #1 GET /v1/api_key/?limit=10 -> 200 OK in 1.23ms, key …0001
  #2 GET /v1/api_key/?limit=0&key=… -> 422 Unprocessable Entity in 1.23ms, key …0001, departure: fault, fault f1, prefer code=422
    request query limit: must be at least 1
  nearest: #4 GET /v1/api_keys -> 404 Not Found in 1.23ms
    operation: want "list_api_keys", have none
    key_id: want "7d9f", have none`},
		{"too many", journal.Want{Path: "/v1/api_key/", Method: "POST", Times: journal.Never}, `journal: not requested as wanted
  want: no exchange with method "POST", path "/v1/api_key/"
  have: 1 of 4 recorded
  #3 POST /v1/api_key/ -> 405 Method Not Allowed in 1.23ms`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var log failureLog
			held := journal.AssertRequested(&log, told(t), c.want)
			if d := cmp.Diff(c.fail, log.text()); d != "" {
				t.Error(d)
			}
			if held != (c.fail == "") {
				t.Errorf("it reports %t", held)
			}
		})
	}
}

func TestAssertRequestedSaysWhatWasDropped(t *testing.T) {
	t.Parallel()
	var log failureLog
	journal.AssertRequested(&log, told(t, journal.MaxEntries(1)), journal.Want{Status: 405})
	journal.AssertRequested(&log, newJournal(t), journal.Want{Status: 405})
	want := `journal: not requested as wanted
  want: one or more exchanges with status 405 Method Not Allowed
  have: 0 of 1 recorded (and 3 older ones dropped)
  nearest: #4 GET /v1/api_keys -> 404 Not Found in 1.23ms
    status: want 405 Method Not Allowed, have 404 Not Found
journal: not requested as wanted
  want: one or more exchanges with status 405 Method Not Allowed
  have: 0 of 0 recorded`
	if d := cmp.Diff(want, log.text()); d != "" {
		t.Error(d)
	}
}

func TestAssertNoViolations(t *testing.T) {
	t.Parallel()
	clean := newJournal(t)
	clean.Record(listExchange(nil))
	many := newJournal(t)
	for range 12 {
		x := listExchange(nil)
		x.Violations = []contract.Violation{{Side: contract.SideResponse, In: "body", Pointer: "/data", Message: "must be an array\x1b[2J"}}
		many.Record(x)
	}
	for _, c := range []struct {
		name string
		j    *journal.Journal
		fail string
	}{
		{"clean", clean, ""},
		{"empty", newJournal(t), `journal: no exchange was recorded, so none was checked`},
		{"broken", told(t), `journal: the contract was broken in 1 of 4 recorded
  #2 GET /v1/api_key/?limit=0&key=… -> 422 Unprocessable Entity in 1.23ms, key …0001, departure: fault, fault f1, prefer code=422
    request query limit: must be at least 1`},
		{"dropped", told(t, journal.MaxEntries(2)), `journal: the contract was broken in 0 of 2 recorded (and 2 older ones dropped), and in 1 of those dropped`},
		{"many", many, "journal: the contract was broken in 12 of 12 recorded\n  … 2 earlier" + strings.Join(func() (lines []string) {
			for _, id := range []string{"3", "4", "5", "6", "7", "8", "9", "10", "11", "12"} {
				lines = append(lines, "\n  #"+id+" GET /v1/api_key/?limit=50&order=asc -> 200 OK in 50µs, key …0001\n    response body /data: must be an array�[2J")
			}
			return lines
		}(), "")},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var log failureLog
			held := journal.AssertNoViolations(&log, c.j)
			if d := cmp.Diff(c.fail, log.text()); d != "" {
				t.Error(d)
			}
			if held != (c.fail == "") {
				t.Errorf("it reports %t", held)
			}
		})
	}
}

func TestDump(t *testing.T) {
	t.Parallel()
	j := told(t, journal.MaxEntries(5))
	j.Record(journal.Exchange{Time: start, Request: &http.Request{Method: "GET\x1b[2J", URL: httptest.NewRequest("GET", "/", nil).URL}})
	j.Record(journal.Exchange{Time: start, Request: httptest.NewRequest("GET", "/", nil), Status: 299})
	var b strings.Builder
	if err := journal.Dump(&b, j); err != nil {
		t.Fatal(err)
	}
	want := `(1 older exchanges dropped)
03:04:06.000 #2 GET /v1/api_key/?limit=0&key=… -> 422 Unprocessable Entity in 1.23ms, key …0001, departure: fault, fault f1, prefer code=422
    request query limit: must be at least 1
03:04:07.000 #3 POST /v1/api_key/ -> 405 Method Not Allowed in 1.23ms
03:04:08.000 #4 GET /v1/api_keys -> 404 Not Found in 1.23ms
03:04:05.000 #5 GET�[2J / -> none in 0s
03:04:05.000 #6 GET / -> 299 in 0s
`
	if d := cmp.Diff(want, b.String()); d != "" {
		t.Error(d)
	}
}
