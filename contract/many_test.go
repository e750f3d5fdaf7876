package contract_test

import (
	"fmt"
	"strings"
	"testing"
)

// However much is wrong, a hundred violations are listed and all are counted; the time
// does not go into those that nobody sees.
func TestManyViolationsAreCounted(t *testing.T) {
	t.Parallel()
	v := diga(t)
	for _, items := range []int{20, 3_000, 100_000} {
		body := `{"data":[` + strings.Repeat(`{"name":1,"name":2},`, items-1) + `{"name":2}],"first_id":null,"last_id":null,"has_more":false,"current_page":null,"total_pages":null}`
		got := v.Response(list(t, v), 200, jsonHeader(), []byte(body))
		one := len(v.Response(list(t, v), 200, jsonHeader(), []byte(strings.Replace(body, strings.Repeat(`{"name":1,"name":2},`, items-1), "", 1))))
		if want := fmt.Sprintf("%d more violations are not listed", one*items-100); len(got) != 101 || got[100].Message != want || one < 2 {
			t.Errorf("%d items: %d violations, the last says %q; want 101 and %q", items, len(got), got[len(got)-1].Message, want)
		}
		for i, violation := range got[:100] {
			if !strings.HasPrefix(violation.Pointer, "/data/") {
				t.Fatalf("violation %d is at %q", i, violation.Pointer)
			}
		}
	}
}
