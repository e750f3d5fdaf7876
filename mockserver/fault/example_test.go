package fault_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/mockserver/fault"
)

// Two calls are told to slow down, the third is answered.
func Example() {
	validator, err := contract.New(spectest.Seed())
	if err != nil {
		fmt.Println(err)
		return
	}
	set := fault.NewSet(validator)
	if _, err := set.Add(fault.Spec{Status: http.StatusTooManyRequests, RetryAfter: new(1), Times: 2}); err != nil {
		fmt.Println(err)
		return
	}
	answer := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "the real answer") })
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		op, _, err := validator.Route(r.Method, r.URL.EscapedPath())
		if err != nil {
			answer(w, r)
			return
		}
		d := set.Fire(fault.Request{Operation: op, Query: r.URL.Query()})
		if d == nil {
			answer(w, r)
			return
		}
		if d.Departure() != "" {
			w.Header().Set("Contract-Departure", d.Departure())
		}
		_ = d.Serve(w, r, answer) // an error is for the log
	})
	for range 3 {
		w := httptest.NewRecorder()
		handler(w, httptest.NewRequest(http.MethodGet, "/v1/api_key/", nil))
		fmt.Printf("%d, Retry-After %q, Contract-Departure %q\n", w.Code, w.Header().Get("Retry-After"), w.Header().Get("Contract-Departure"))
		fmt.Print(w.Body)
	}
	// Output:
	// 429, Retry-After "1", Contract-Departure "fault fault-1: status 429"
	// {"error_code":"TOO_MANY_REQUESTS","message":"Too Many Requests","status":"error"}
	// 429, Retry-After "1", Contract-Departure "fault fault-1: status 429"
	// {"error_code":"TOO_MANY_REQUESTS","message":"Too Many Requests","status":"error"}
	// 200, Retry-After "", Contract-Departure ""
	// the real answer
}

// Wrong: fields that contradict each other, and one that cannot be. All of it is
// told at once.
func ExampleSpec_Validate() {
	err := fault.Spec{Status: 204, Message: "gone", Kind: fault.EmptyResponse, Skip: -1}.Validate(nil)
	fmt.Println(err)
	// Output:
	// fault: skip must not be negative (give the number of calls to let pass); status must not stand beside fault, which sends no answer (leave one of them out); message must not stand beside fault, which sends no answer (leave one of them out)
}
