package sample_test

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/sample"
	"github.com/digakit/digakit/contract/spec"
)

// Patterns of JSON Schema are those of ECMA-262, which look ahead; a text may have
// several of them, and bounds and a format besides.
func TestTextsMatchTheirPatterns(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ why, schema string }{
		{"a password", `{"type":"string","pattern":"^(?=.*[A-Z])(?=.*\\d).{8,}$"}`},
		{"a password with a sign", `{"type":"string","pattern":"^(?=.*[a-z])(?=.*[A-Z])(?=.*\\d)(?=.*[@$!%*?&])[A-Za-z\\d@$!%*?&]{8,}$","maxLength":20}`},
		{"a password of letters and digits", `{"type":"string","pattern":"^(?=.*[A-Za-z])(?=.*\\d)[A-Za-z\\d]{8,}$"}`},
		{"groups within what is ahead", `{"type":"string","pattern":"^(?=(.*[a-z]){2})(?=(?:.*\\d){2}).+$"}`},
		{"what must not be ahead", `{"type":"string","pattern":"^(?!admin$)[a-z]{3,12}$"}`},
		{"what must not lie behind", `{"type":"string","pattern":"^[a-z-]+(?<!-)$"}`},
		{"anything but blanks", `{"type":"string","pattern":"^(?!\\s*$).+"}`},
		{"classes of Unicode", `{"type":"string","pattern":"^[\\p{L}\\p{N}\\s.,-]+$","maxLength":30}`},
		{"no anchor", `{"type":"string","pattern":"[0-9a-f]+","minLength":6,"maxLength":6}`},
		{"an anchor at one end, and a length", `{"type":"string","pattern":"^xxx-","minLength":30,"maxLength":30}`},
		{"two of them", `{"type":"string","allOf":[{"pattern":"^[A-Z]"},{"pattern":"\\d$"}]}`},
		{"its own example", `{"type":"string","pattern":"^(?=[\\s\\S]*z9z9)(?=q)[\\s\\S]*$","example":"q z9z9"}`},
	} {
		doc, err := spec.Parse([]byte(`{"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{},"components":{"schemas":{"X":` + c.schema + `}}}`))
		if err != nil {
			t.Fatal(err)
		}
		v, err := contract.For(doc)
		if err != nil {
			t.Fatal(err)
		}
		m := sample.New(1, func(s *spec.Schema, value any) bool { return v.Fits(s.Pointer, value) })
		for i := range 20 {
			if made, err := m.Value(doc.Schema("/components/schemas/X"), sample.Place{Collection: strconv.Itoa(i)}); err != nil || strings.Contains(fmt.Sprint(made), "regex") {
				t.Errorf("%s: %v, %v", c.why, made, err)
				break
			}
		}
	}
}

func TestATextThatCannotBeMadeIsNamed(t *testing.T) {
	t.Parallel()
	doc, err := spec.Parse([]byte(`{"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{},"components":{"schemas":{"X":{"type":"object","required":["code"],"properties":{"code":{"type":"string","pattern":"^(?=q)(?=z)"}}}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	v, err := contract.For(doc)
	if err != nil {
		t.Fatal(err)
	}
	_, err = sample.New(1, func(s *spec.Schema, value any) bool { return v.Fits(s.Pointer, value) }).Value(doc.Schema("/components/schemas/X"), sample.Place{})
	if !errors.Is(err, sample.ErrImpossible) || !strings.Contains(err.Error(), "/components/schemas/X/properties/code: ") {
		t.Errorf("a pattern that nothing matches is told as %v", err)
	}
}
