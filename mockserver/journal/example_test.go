package journal_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"time"

	"github.com/digakit/digakit/mockserver/journal"
)

func Example() {
	j, err := journal.New(journal.MaxEntries(100))
	if err != nil {
		fmt.Println(err)
		return
	}
	r := httptest.NewRequest(http.MethodGet, "/v1/api_key/?limit=10&token=hunter2", nil)
	r.Header.Set("Authorization", "Bearer diga-mock-unrestricted-0001")
	j.Record(journal.Exchange{
		Time: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Duration: 2 * time.Millisecond,
		Request: r, Declared: func(name string) bool { return name == "limit" },
		Status: http.StatusOK, Operation: "list_api_keys", KeyID: "7d9f", KeyLastFour: "0001",
	})
	for _, e := range j.Entries(journal.Filter{Status: "2xx"}) {
		fmt.Println(e.ID, e.Request.Query, e.Request.Headers.Get("Authorization"))
	}
	if err := journal.Dump(os.Stdout, j); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 1 limit=10&token=… Bearer …0001
	// 03:04:05.000 #1 GET /v1/api_key/?limit=10&token=… -> 200 OK in 2ms, key …0001
}

// The failure names what differs in the nearest exchange.
func ExampleAssertRequested() {
	j, err := journal.New()
	if err != nil {
		fmt.Println(err)
		return
	}
	j.Record(journal.Exchange{
		Request:  httptest.NewRequest(http.MethodGet, "/v1/api_key/?limit=20", nil),
		Declared: func(name string) bool { return name == "limit" },
		Status:   http.StatusOK,
	})
	var t failureLog // a *testing.T
	journal.AssertRequested(&t, j, journal.Want{Path: "/v1/api_key/", Query: map[string]string{"limit": "10"}})
	fmt.Println(t.text())
	// Output:
	// journal: not requested as wanted
	//   want: one or more exchanges with path "/v1/api_key/", query limit "10"
	//   have: 0 of 1 recorded
	//   nearest: #1 GET /v1/api_key/?limit=20 -> 200 OK in 0s
	//     query limit: want "10", have "20"
}
