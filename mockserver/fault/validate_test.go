package fault_test

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/mockserver/fault"
)

func TestValidate(t *testing.T) {
	t.Parallel()
	set, op := diga(t)
	id := "0f8fad5b-d9cb-469f-a165-70867728950e"
	lognormal := func(median, sigma, most float64) *fault.Distribution {
		return &fault.Distribution{Type: fault.LogNormal, Median: median, Sigma: sigma, MaxValue: most}
	}
	uniform := func(lower, upper float64) *fault.Distribution {
		return &fault.Distribution{Type: fault.Uniform, Lower: lower, Upper: upper}
	}
	for _, tc := range []struct {
		name, why string
		spec      fault.Spec
		fields    string // of the mistakes, in order
	}{
		{"status alone", "is the plainest fault", fault.Spec{Status: 500}, ""},
		{"body alone", "is a 200", fault.Spec{Body: json.RawMessage(`[]`)}, ""},
		{"everything about an answer", "goes together", fault.Spec{
			Match:  fault.Match{Operation: op.ID, KeyID: id, Query: map[string]string{"limit": "2"}},
			Status: 503, Message: "m", ErrorCode: "E", RetryAfter: new(0), Times: 2, Skip: 1, Probability: new(1.0), Seed: 3,
			FixedDelayMilliseconds: 600_000, DelayDistribution: lognormal(80, 0.4, 80),
			ChunkedDribbleDelay: &fault.Dribble{NumberOfChunks: 1}, TruncateBodyAtFraction: new(0.0),
		}, ""},
		{"method and path", "name an operation as well as its id", fault.Spec{Match: fault.Match{Operation: "GET " + keysPath}, Status: 500}, ""},
		{"upper-case id", "either case will do", fault.Spec{Match: fault.Match{KeyID: strings.ToUpper(id)}, Status: 500}, ""},
		{"delay and broken connection", "goes together", fault.Spec{Kind: fault.EmptyResponse, FixedDelayMilliseconds: 1}, ""},
		{"never", "is a way to switch a fault off", fault.Spec{Status: 500, Probability: new(0.0)}, ""},

		{"nothing", "does nothing", fault.Spec{}, "-"},
		{"conditions alone", "do nothing", fault.Spec{Match: fault.Match{Operation: op.ID}, Times: 1, Seed: 1}, "-"},
		{"informational status", "is no answer", fault.Spec{Status: 101}, "status"},
		{"status beyond HTTP", "is none (RFC 9110, 15)", fault.Spec{Status: 600}, "status"},
		{"Go's name", "is not the published one", fault.Spec{Match: fault.Match{Operation: "ListAPIKeys"}, Status: 500}, "match.operation"},
		{"another method", "is undocumented", fault.Spec{Match: fault.Match{Operation: "POST " + keysPath}, Status: 500}, "match.operation"},
		{"no UUID", "names no key", fault.Spec{Match: fault.Match{KeyID: "1"}, Status: 500}, "match.key_id"},
		{"UUID in braces", "is not the form the API uses", fault.Spec{Match: fault.Match{KeyID: "{" + id + "}"}, Status: 500}, "match.key_id"},
		{"nil UUID", "stands for no key", fault.Spec{Match: fault.Match{KeyID: "00000000-0000-0000-0000-000000000000"}, Status: 500}, "match.key_id"},
		{"not JSON", "belongs into a string", fault.Spec{Body: json.RawMessage(`<html>`)}, "body"},
		{"no JSON at all", "is not absent either", fault.Spec{Body: json.RawMessage{}}, "body"},
		{"too large", "memory is bounded", fault.Spec{Body: json.RawMessage(`"` + strings.Repeat("a", fault.MaxSize) + `"`)}, "-"},
		{"body and its parts", "contradict each other", fault.Spec{Status: 500, Body: json.RawMessage(`1`), ErrorCode: "E", Message: "m"}, "error_code message"},
		{"parts without status", "belong to no answer", fault.Spec{ErrorCode: "E", Message: "m", RetryAfter: new(1)}, "error_code message retry_after"},
		{"body where HTTP has none", "cannot be sent", fault.Spec{Status: 204, Body: json.RawMessage(`1`)}, "body"},
		{"parts of no body", "cannot be sent", fault.Spec{Status: 304, Message: "m", ChunkedDribbleDelay: &fault.Dribble{NumberOfChunks: 1}, TruncateBodyAtFraction: new(0.5)}, "message chunkedDribbleDelay truncateBodyAtFraction"},
		{"negative numbers", "mean nothing", fault.Spec{Status: 503, RetryAfter: new(-1), Times: -1, Skip: -1, FixedDelayMilliseconds: -1}, "retry_after times skip fixedDelayMilliseconds"},
		{"not a probability", "is above 1", fault.Spec{Status: 500, Probability: new(1.1)}, "probability"},
		{"NaN", "JSON has none, Go has", fault.Spec{Status: 500, Probability: new(math.NaN()), TruncateBodyAtFraction: new(math.NaN())}, "truncateBodyAtFraction probability"},
		{"all of the body", "is not truncated", fault.Spec{TruncateBodyAtFraction: new(1.0)}, "truncateBodyAtFraction"},
		{"more than ten minutes", "nobody waits for that", fault.Spec{FixedDelayMilliseconds: 600_001}, "fixedDelayMilliseconds"},
		{"no type", "there are two", fault.Spec{DelayDistribution: &fault.Distribution{Upper: 1}}, "delayDistribution.type"},
		{"maxValue below the median", "would bend the distribution", fault.Spec{DelayDistribution: lognormal(80, 0.4, 79)}, "delayDistribution.maxValue"},
		{"a lognormal without anything", "is always 0", fault.Spec{DelayDistribution: lognormal(0, -1, 0)}, "delayDistribution.median delayDistribution.sigma"},
		{"infinite", "JSON has none, Go has", fault.Spec{DelayDistribution: lognormal(math.Inf(1), math.NaN(), math.Inf(1))}, "delayDistribution.median delayDistribution.sigma delayDistribution.maxValue"},
		{"upside down", "lower is above upper", fault.Spec{DelayDistribution: uniform(25, 15)}, "delayDistribution.upper"},
		{"uniformly nothing", "is no delay", fault.Spec{DelayDistribution: uniform(0, 0)}, "delayDistribution.upper"},
		{"two distributions in one", "cannot both be meant", fault.Spec{DelayDistribution: &fault.Distribution{Type: fault.Uniform, Upper: 1, Median: 1, Sigma: 1, MaxValue: 1}}, "delayDistribution.median delayDistribution.sigma delayDistribution.maxValue"},
		{"the other two in one", "cannot both be meant", fault.Spec{DelayDistribution: &fault.Distribution{Type: fault.LogNormal, Median: 1, Lower: 1, Upper: 1}}, "delayDistribution.lower delayDistribution.upper"},
		{"no chunk", "sends nothing", fault.Spec{ChunkedDribbleDelay: &fault.Dribble{TotalDuration: -1}}, "chunkedDribbleDelay.numberOfChunks chunkedDribbleDelay.totalDuration"},
		{"unknown kind", "WireMock has four", fault.Spec{Kind: "SLOW"}, "fault"},
		{"a broken connection with an answer", "sends none", fault.Spec{
			Kind: fault.EmptyResponse, Status: 500, Body: json.RawMessage(`1`), ErrorCode: "E", Message: "m", RetryAfter: new(1),
			ChunkedDribbleDelay: &fault.Dribble{NumberOfChunks: 1}, TruncateBodyAtFraction: new(0.5),
		}, "status body error_code message retry_after chunkedDribbleDelay truncateBodyAtFraction"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := set.Add(tc.spec)
			if tc.fields == "" {
				if err != nil {
					t.Errorf("%s: %v", tc.why, err)
				}
				return
			}
			invalid, ok := errors.AsType[*fault.SpecError](err)
			if !ok {
				t.Fatalf("%s: got %v, want a SpecError", tc.why, err)
			}
			var fields []string
			for _, p := range invalid.Mistakes {
				if p.Field == "" {
					p.Field = "-"
				}
				fields = append(fields, p.Field)
				if p.Rule == "" || p.Remedy == "" {
					t.Errorf("%s is told without rule or remedy", p.Field)
				}
			}
			if diff := cmp.Diff(tc.fields, strings.Join(fields, " ")); diff != "" {
				t.Errorf("%s (-want +got):\n%s\n%v", tc.why, diff, err)
			}
		})
	}
}

func TestSpecErrorTellsRuleAndRemedyAndNoValue(t *testing.T) {
	t.Parallel()
	set, _ := diga(t)
	_, err := set.Add(fault.Spec{Match: fault.Match{Operation: "x"}, Status: 99, Body: json.RawMessage(`s3cr3t`)})
	const want = "fault: match.operation must be a documented operation (use one of " + listKeys + ", or leave it out to match all)" +
		"; status must be 200 to 599 (use the status of a final answer)" +
		"; body must be a JSON value (put text that is not JSON into a JSON string; it is sent as it is)"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}
