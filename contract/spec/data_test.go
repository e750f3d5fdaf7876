package spec_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract/spec"
)

func TestReadData(t *testing.T) {
	t.Parallel()
	const text = "a: &x {z: 1, b: 2025-01-07}\nlist:\n- *x\n- 0042\n- True\n- !!str 5\nnull text: ~\nempty:\n'<<': -1.50e+3\n"
	data, errs := spec.ReadData("f", []byte(text))
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	const want = `{"a":{"z":1,"b":"2025-01-07"},"list":[{"z":1,"b":"2025-01-07"},"0042",true,"5"],"null text":null,"empty":null,"<<":-1.50e+3}`
	if got := string(data.JSON()); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	value := map[string]any{
		"a": map[string]any{"z": json.Number("1"), "b": "2025-01-07"}, "null text": nil, "empty": nil, "<<": json.Number("-1.50e+3"),
		"list": []any{map[string]any{"z": json.Number("1"), "b": "2025-01-07"}, "0042", true, "5"},
	}
	if diff := cmp.Diff(value, data.Value()); diff != "" {
		t.Errorf("value (-want +got):\n%s", diff)
	}
	for _, tc := range []struct{ pointer, value, key, why string }{
		{"", "f:1:1", "f:1:1", "the whole"},
		{"/a", "f:1:4", "f:1:1", "a member"},
		{"/a/b", "f:1:17", "f:1:14", "a member of one"},
		{"/list/1", "f:4:3", "f:4:3", "an item"},
		{"/list/0/z", "f:1:11", "f:1:8", "behind an alias, the anchor's"},
	} {
		v, k, ok := data.Position(tc.pointer)
		if !ok || v.String() != tc.value || k.String() != tc.key {
			t.Errorf("%s: %q stands at %s, its key at %s; want %s and %s", tc.why, tc.pointer, v, k, tc.value, tc.key)
		}
	}
	if _, _, ok := data.Position("/none"); ok {
		t.Error("a place of what is not there")
	}
	if !data.Empty("/empty") || data.Empty("/null text") || data.Empty("/none") {
		t.Error("null because nothing is written is not told from a written one")
	}
}

// What JSON does not have is told, all of it, and nothing of the text with it.
func TestReadDataTellsWhatJSONDoesNotHave(t *testing.T) {
	t.Parallel()
	const text = "a: {s3cret: 1, s3cret: 2, <<: {b: c}, 1: d}\nb: [0x10, .inf, !s3cret x, !!binary c2hv]\nc: !!set {s3cret}\n? [s3cret]\n: d\n"
	data, errs := spec.ReadData("f", []byte(text))
	places := []string{}
	for _, e := range errs {
		places = append(places, e.Position.String())
		if e.HowToFix == "" || strings.Contains(e.Error(), "s3cret") {
			t.Errorf("%v: no remedy, or a part of the text", e)
		}
	}
	want := []string{"f:1:16", "f:1:27", "f:1:39", "f:2:5", "f:2:11", "f:2:17", "f:2:28", "f:3:4", "f:4:3"}
	if diff := cmp.Diff(want, places); diff != "" || data == nil {
		t.Errorf("places (-want +got):\n%s", diff)
	}
	for _, broken := range []string{"", "# nothing", "a: *s3cret", "a: [", "\x00", "a: 1\n---\nb: 2"} {
		if data, errs := spec.ReadData("f", []byte(broken)); data != nil || len(errs) != 1 || strings.Contains(errs[0].Error(), "s3cret") {
			t.Errorf("%q: read as %v, %v", broken, data, errs)
		}
	}
}

// A large text with many aliases must not be copied for each of them without end.
func TestAliasesOfLargeTextsAreBounded(t *testing.T) {
	t.Parallel()
	text := "openapi: 3.1.0\ninfo: {title: &a " + strings.Repeat("x", 1_000_000) + ", version: '1'}\npaths: {}\nx-copies: [" + strings.Repeat("*a, ", 1000) + "]\n"
	for _, read := range []func() error{
		func() error { _, err := spec.Parse([]byte(text)); return err },
		func() error { _, errs := spec.ReadData("", []byte(text)); return fmt.Errorf("%v", errs) },
	} {
		if err := read(); err == nil || !strings.Contains(err.Error(), "its aliases unfold to more than 100000 values") {
			t.Errorf("1,000 copies of a megabyte: %v", err)
		}
	}
}
