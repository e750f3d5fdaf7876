package fault_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/mockserver/fault"
)

// everything has every field, under the names that DESIGN, WireMock and
// MockServer give them. It contradicts itself, but is one Spec.
const everything = `{
	"match": {"operation": "x", "query": {"limit": "1"}, "key_id": "y"},
	"status": 503, "body": {"b": 1, "a": 12345678901234567890}, "error_code": "E", "message": "m", "retry_after": 0,
	"times": 1, "skip": 2, "probability": 0, "seed": 18446744073709551615,
	"fault": "EMPTY_RESPONSE", "fixedDelayMilliseconds": 3,
	"delayDistribution": {"type": "lognormal", "median": 80, "sigma": 0.4, "maxValue": 100, "lower": 15, "upper": 25},
	"chunkedDribbleDelay": {"numberOfChunks": 5, "totalDuration": 1000},
	"truncateBodyAtFraction": 0.5
}`

func TestSpecIsTheDataOfTheControlAPI(t *testing.T) {
	t.Parallel()
	var got fault.Spec
	if err := json.Unmarshal([]byte(everything), &got); err != nil {
		t.Fatal(err)
	}
	want := fault.Spec{
		Match:  fault.Match{Operation: "x", Query: map[string]string{"limit": "1"}, KeyID: "y"},
		Status: 503, Body: json.RawMessage(`{"b": 1, "a": 12345678901234567890}`), ErrorCode: "E", Message: "m", RetryAfter: new(0),
		Times: 1, Skip: 2, Probability: new(0.0), Seed: 1<<64 - 1,
		Kind: fault.EmptyResponse, FixedDelayMilliseconds: 3,
		DelayDistribution:      &fault.Distribution{Type: fault.LogNormal, Median: 80, Sigma: 0.4, MaxValue: 100, Lower: 15, Upper: 25},
		ChunkedDribbleDelay:    &fault.Dribble{NumberOfChunks: 5, TotalDuration: 1000},
		TruncateBodyAtFraction: new(0.5),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	data, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	var then, now any
	if err := json.Unmarshal([]byte(everything), &then); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &now); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(then, now); diff != "" {
		t.Errorf("a field is lost on the way back (-then +now):\n%s", diff)
	}
}

func TestNothingAndNullDiffer(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, why, in, out string }{
		{"absent", "the default body", `{"status":200}`, `{"status":200}`},
		{"null", "a body that is null", `{"status":200,"body":null}`, `{"status":200,"body":null}`},
		{"retry at once", "0 seconds are some", `{"status":503,"retry_after":0}`, `{"status":503,"retry_after":0}`},
		{"never", "a fault may be switched off", `{"status":503,"probability":0}`, `{"status":503,"probability":0}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var s fault.Spec
			if err := json.Unmarshal([]byte(tc.in), &s); err != nil {
				t.Fatal(err)
			}
			if out, err := json.Marshal(s); err != nil || string(out) != tc.out {
				t.Errorf("%s: got %s, %v", tc.why, out, err)
			}
		})
	}
}
