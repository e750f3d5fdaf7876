package contract_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/spec/spectest"
)

// diga compiles the embedded document.
func diga(t testing.TB, opts ...contract.Option) *contract.Validator {
	t.Helper()
	v, err := contract.New(spectest.Seed(), opts...)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// list is Diga's one operation.
func list(t testing.TB, v *contract.Validator) *contract.Operation {
	t.Helper()
	o, _, err := v.Route(http.MethodGet, "/v1/api_key/")
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// page is a valid page of n keys; pages with different numbers share no item.
func page(number, n int) []byte {
	items := make([]map[string]any, n)
	for i := range items {
		items[i] = map[string]any{
			"id":               fmt.Sprintf("%08x-0000-4000-8000-%012x", number, i),
			"name":             fmt.Sprintf("CRM_Production %d-%d", number, i),
			"created_date":     "2025-01-15T09:30:00.123456Z",
			"last_four_digits": "a1b2",
			"creator_id":       fmt.Sprintf("00000000-0000-4000-8000-%012x", number),
			"permissions":      []string{"calls.view", "api_keys.view"},
			"restricted":       true,
		}
	}
	body, _ := json.Marshal(map[string]any{
		"data": items, "first_id": nil, "last_id": nil, "has_more": false, "current_page": 1, "total_pages": nil,
	})
	return body
}

func jsonHeader() http.Header { return http.Header{"Content-Type": {"application/json"}} }
