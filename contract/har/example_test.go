package har_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/har"
)

// What a browser has saved, judged.
func ExampleJudge() {
	v, err := contract.New([]byte(document))
	if err != nil {
		fmt.Println(err)
		return
	}
	file := strings.NewReader(`{"log": {"version": "1.2", "entries": [{
		"startedDateTime": "2026-01-15T09:30:00Z",
		"request": {"method": "GET", "url": "https://api.example.test/greetings?times=0", "headers": []},
		"response": {"status": 200, "headers": [], "content": {"size": 0}}
	}]}}`)
	r, err := har.Judge(context.Background(), file, v)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range r.Findings {
		fmt.Println(f.Check, f.Message)
	}
	// Output:
	// request_conformance request query times: must be >= 1 (entry 0, 2026-01-15T09:30:00.000Z)
	// response_schema_conformance response body: must be there: the document lists application/json (entry 0, 2026-01-15T09:30:00.000Z)
}
