package contract_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract"
)

type prismViolation struct {
	Location []string
	Severity string
	Code     string
	Message  string
}

func TestViolationsHeaderIsAlwaysShortASCIIJSON(t *testing.T) {
	t.Parallel()
	v := contract.Violation{
		Side: contract.SideRequest, In: "body", Pointer: "/a~1b/\U0001F600é", Kind: contract.KindInvalidBody, Message: "must be < 3\r\nX: y",
	}
	many := make([]contract.Violation, 500)
	for i := range many {
		many[i] = v
	}
	header := contract.EncodeViolations(many)
	if len(header) > 8<<10 {
		t.Errorf("the header has %d bytes", len(header))
	}
	if i := strings.IndexFunc(header, func(r rune) bool { return r < ' ' || r > '~' }); i >= 0 {
		t.Errorf("the header has byte %#x", header[i])
	}
	var got []prismViolation
	if err := json.Unmarshal([]byte(header), &got); err != nil {
		t.Fatal(err)
	}
	want := prismViolation{[]string{"request", "body", "a/b", "\U0001F600é"}, "Error", "invalid_body", "must be < 3\r\nX: y"}
	if diff := cmp.Diff(want, got[0]); diff != "" {
		t.Errorf("first entry (-want +got):\n%s", diff)
	}
	if last := got[len(got)-1]; last.Code != "more" || !strings.Contains(last.Message, "more violations") {
		t.Errorf("the last entry does not say that there are more: %+v", last)
	}
}
