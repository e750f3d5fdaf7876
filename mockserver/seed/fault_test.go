package seed_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/mockserver/fault"
	"github.com/digakit/digakit/mockserver/seed"
)

// faulty is a file with one fault, which begins at 4:5.
func faulty(fault string) string { return "projects:\n- name: shop\n  faults:\n  - " + fault }

func TestFaultsAreReadLikeJSON(t *testing.T) {
	t.Parallel()
	const key = "b2222222-2222-4222-8222-222222222222"
	for _, tc := range []struct{ name, yaml, json string }{
		{
			"an answer", `{match: {operation: GET /v1/api_key/, query: {limit: "7", "": ''}, key_id: ` + key + `}, status: 503, error_code: BUSY, message: Later, retry_after: 0, times: 2, skip: 1, probability: 0.5, seed: 18446744073709551615}`,
			`{"match":{"operation":"GET /v1/api_key/","query":{"limit":"7","":""},"key_id":"` + key + `"},"status":503,"error_code":"BUSY","message":"Later","retry_after":0,"times":2,"skip":1,"probability":0.5,"seed":18446744073709551615}`,
		},
		{
			"delays", "{fixedDelayMilliseconds: 5, delayDistribution: {type: lognormal, median: 80, sigma: 0.4, maxValue: 1e3}, chunkedDribbleDelay: {numberOfChunks: 3, totalDuration: 9}, truncateBodyAtFraction: 0.25}",
			`{"fixedDelayMilliseconds":5,"delayDistribution":{"type":"lognormal","median":80,"sigma":0.4,"maxValue":1000},"chunkedDribbleDelay":{"numberOfChunks":3,"totalDuration":9},"truncateBodyAtFraction":0.25}`,
		},
		{"a uniform delay", "{delayDistribution: {type: uniform, lower: 1.5, upper: 2}}", `{"delayDistribution":{"type":"uniform","lower":1.5,"upper":2}}`},
		{"a broken connection", "{fault: CONNECTION_RESET_BY_PEER}", `{"fault":"CONNECTION_RESET_BY_PEER"}`},
		{"operationId", "{status: 500, match: {operation: list_api_keys_v1_api_key__get}}", `{"status":500,"match":{"operation":"list_api_keys_v1_api_key__get"}}`},
		{"probability 0", "{status: 500, probability: 0}", `{"status":500,"probability":0}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var want fault.Spec
			try(t, json.Unmarshal([]byte(tc.json), &want))
			got := parse(t, faulty(tc.yaml))[0].Faults
			if diff := cmp.Diff([]fault.Spec{want}, got); diff != "" {
				t.Errorf("from YAML (-from JSON +from YAML):\n%s", diff)
			}
		})
	}
}

func TestBodies(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ yaml, want, why string }{
		{"text", `"text"`, "text stays text"},
		{`"503"`, `"503"`, "in quotes it is text"},
		{"yes", `"yes"`, "YAML 1.2 has no yes"},
		{"2025-01-07", `"2025-01-07"`, "JSON has no dates"},
		{"'<a> & é'", `"<a> & é"`, "nothing is escaped without need"},
		{`"\0\n\\"`, `"\u0000\n\\"`, "what must be escaped is"},
		{"|\n      one\n      two\n", `"one\ntwo\n"`, "a block of text"},
		{"0", "0", ""},
		{"-1.50e+3", "-1.50e+3", "a number stays as it is written"},
		{"12345678901234567890123", "12345678901234567890123", "however large"},
		{"True", "true", ""},
		{"null", "null", ""},
		{"~", "null", ""},
		{"[]", "[]", ""},
		{"{}", "{}", ""},
		{"{z: 1, a: [x, {b: null}], '<<': {}}", `{"z":1,"a":["x",{"b":null}],"<<":{}}`, "the order stays"},
		{"[&x {a: 1}, *x]", `[{"a":1},{"a":1}]`, "aliases are followed"},
	} {
		t.Run(tc.yaml, func(t *testing.T) {
			t.Parallel()
			got := parse(t, faulty("body: "+tc.yaml+"\n"))[0].Faults
			if len(got) != 1 || string(got[0].Body) != tc.want {
				t.Errorf("%s: got %s, want %s", tc.why, got[0].Body, tc.want)
			}
		})
	}
}

// Every field of a fault in JSON is one in the seed file, and no other.
func TestFaultsHaveTheFieldsOfJSON(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		of   any
		yaml string
	}{
		{fault.Spec{}, "{nothing: 1}"},
		{fault.Match{}, "{match: {nothing: 1}}"},
		{fault.Distribution{}, "{delayDistribution: {nothing: 1}}"},
		{fault.Dribble{}, "{chunkedDribbleDelay: {nothing: 1}}"},
	} {
		var names []string
		for f := range reflect.TypeOf(tc.of).Fields() {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			names = append(names, name)
		}
		_, err := seed.Parse("f", []byte(faulty(tc.yaml)), ofSeed())
		if want := "the fields are " + strings.Join(names, ", "); err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%T: got %v, want that %s", tc.of, err, want)
		}
	}
}

func TestFaultMistakes(t *testing.T) {
	t.Parallel()
	const at = "projects[0].faults[0]"
	for _, tc := range []struct{ name, yaml, want string }{
		// fields
		{"no mapping", "503", "f:4:5: " + at + ": this must be an object; a fault is a mapping with status, body, fault or another field (a colon needs a space behind it)"},
		{"misspelt", "{status: 503, retry_afer: 1}", "f:4:19: " + at + `: there is no field "retry_afer"; did you mean "retry_after"?`},
		{"other case", "{fixeddelaymillisecond: 1}", "f:4:6: " + at + `: there is no field "fixeddelaymillisecond"; did you mean "fixedDelayMilliseconds"?`},
		{"misspelt below", "{status: 503, match: {key: a}}", "f:4:27: " + at + `.match: there is no field "key"; did you mean "key_id"?`},
		{"misspelt delay", "{delayDistribution: {type: uniform, uper: 1}}", "f:4:41: " + at + `.delayDistribution: there is no field "uper"; did you mean "upper"?`},
		{"match empty", "{status: 503, match: }", "f:4:26: " + at + ".match: this must be an object; give a mapping with operation, query or key_id (a colon needs a space behind it)"},
		{"repeated", "{status: 503, status: 503}", "f:4:19: this key is given twice, first with the value at line 4; keep one"},
		// types
		{"status text", "{status: '503'}", "f:4:14: " + at + ".status: this must be an integer; write a whole number in decimal digits, at most ten of them"},
		{"status octal", "{status: 0503}", "f:4:14: " + at + ".status: this must be an integer; write a whole number in decimal digits, at most ten of them"},
		{"times fraction", "{status: 503, times: 1.5}", "f:4:26: " + at + ".times: this must be an integer; write a whole number in decimal digits, at most ten of them"},
		{"times huge", "{status: 503, times: 99999999999}", "f:4:26: " + at + ".times: this must be <= 9999999999; write a whole number in decimal digits, at most ten of them"},
		{"probability", "{status: 503, probability: .5}", "f:4:32: JSON has no such number; write it in decimal digits, such as 10 or 0.5, or put it in quotes to have text"},
		{"probability not a number", "{status: 503, probability: .nan}", "f:4:32: JSON has no such number; write it in decimal digits, such as 10 or 0.5, or put it in quotes to have text"},
		{"negative seed", "{status: 503, seed: -1}", "f:4:25: " + at + ".seed: this must be >= 0; write a whole number from 0 to 18446744073709551615, in decimal digits"},
		{"message number", "{status: 503, message: 1}", "f:4:28: " + at + ".message: this must be a string; put it in quotes"},
		{"query no mapping", "{status: 503, match: {query: limit=1}}", "f:4:34: " + at + ".match.query: this must be an object; give a mapping of parameters to their values (a colon needs a space behind it)"},
		{"query number", "{status: 503, match: {query: {limit: 1}}}", "f:4:42: " + at + ".match.query.limit: this must be a string; put it in quotes"},
		{"query name", "{status: 503, match: {query: {[a]: b}}}", "f:4:35: a key is no text; write keys as text"},
		{"query twice", "{status: 503, match: {query: {shop-crm: a, shop-crm: a}}}", "f:4:48: this key is given twice, first with the value at line 4; keep one"},
		// bodies
		{"body empty", "{status: 503, body: }", "f:4:25: " + at + ".body: this is empty; write null for the null of JSON, or leave the line out"},
		{"body number", "{body: {shop-crm: 0x10}}", "f:4:23: JSON has no such number; write it in decimal digits, such as 10 or 0.5, or put it in quotes to have text"},
		{"body infinite", "{body: [.inf]}", "f:4:13: JSON has no such number; write it in decimal digits, such as 10 or 0.5, or put it in quotes to have text"},
		{"body field number", "{body: {1: a}}", "f:4:13: a key is no text; put it in quotes"},
		{"body field twice", "{body: {shop-crm: a, shop-crm: b}}", "f:4:26: this key is given twice, first with the value at line 4; keep one"},
		{"body merge", "{body: {<<: {a: b}}}", `f:4:13: merge keys (<<) are not supported; write the fields out, or put "<<" in quotes for a key of that name`},
		{"body binary", "{body: !!binary c2hvcA==}", "f:4:12: JSON has no such type as this; write text, a number, true, false or null"},
		{"body set", "{body: !!set {a: }}", "f:4:12: JSON has no such type as this; write a mapping or a list, without a tag"},
		{"body no boolean", "{body: !!bool shop-crm}", "f:4:12: JSON has no such type as this; write text, a number, true, false or null"},
		{"body in itself", "{body: &b [*b]}", "f:4:16: nested deeper than 500 levels; no document needs that"},
		{"body large", "{body: " + strings.Repeat("x", fault.MaxSize) + "}", "f:4:5: " + at + ": a fault must not be larger than 1048576 bytes of JSON; shorten the body"},
		// what Validate says
		{"nothing", "{}", "f:4:5: " + at + ": a fault must do something; give one of status, body, fault, "},
		{"status", "{skip: 1, status: 1503}", "f:4:23: " + at + ".status: this must be 200 to 599; use the status of a final answer"},
		{"operation", "{status: 503, match: {operation: GET /v1/api_key}}", "f:4:38: " + at + `.match.operation: this must be a documented operation; did you mean "GET /v1/api_key/"?`},
		{"no operation", "{status: 503, match: {operation: shop-crm}}", "f:4:38: " + at + ".match.operation: this must be a documented operation; use one of list_api_keys_v1_api_key__get, or leave it out to match all"},
		{"key_id", "{status: 503, match: {key_id: CRM_Production}}", "f:4:35: " + at + ".match.key_id: this must be a UUID; use the id of an API key, or leave it out to match all"},
		{"kind", "{fault: empty_respons}", "f:4:13: " + at + ".fault: this must be one of EMPTY_RESPONSE, MALFORMED_RESPONSE_CHUNK, RANDOM_DATA_THEN_CLOSE, CONNECTION_RESET_BY_PEER; choose one of them"},
		{"kind and answer", "{fault: EMPTY_RESPONSE, retry_after: 1}", "f:4:42: " + at + ".retry_after: this must not stand beside fault, which sends no answer; leave one of them out"},
		{"negative times", "{status: 503, times: -1}", "f:4:26: " + at + ".times: this must be at least 1; leave it out to fire for ever"},
		{"distribution", "{delayDistribution: {type: log_normal, median: 1}}", "f:4:32: " + at + ".delayDistribution.type: this must be lognormal or uniform; choose one of them"},
		{"median missing", "{delayDistribution: {type: lognormal}}", "f:4:25: " + at + ".delayDistribution.median: this must be more than 0, at most 600000; give milliseconds"},
		{"chunks", "{chunkedDribbleDelay: {numberOfChunks: 0, totalDuration: 1}}", "f:4:44: " + at + ".chunkedDribbleDelay.numberOfChunks: this must be 1 to 10000; give the number of parts to send the body in"},
		{"fraction", "{truncateBodyAtFraction: 1}", "f:4:30: " + at + ".truncateBodyAtFraction: this must be at least 0 and less than 1; 0.5 sends half of the body"},
		{"body and message", "{status: 503, body: shop-crm, message: shop-crm}", "f:4:44: " + at + ".message: this must not stand beside body; write it into the body"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := seed.Parse("f", []byte(faulty(tc.yaml)), ofSeed())
			if err == nil || got != nil {
				t.Fatalf("got %v, %v; want an error alone", got, err)
			}
			if want := "seed: f has mistakes, 1 of them:\n" + tc.want; !strings.HasPrefix(err.Error(), want) {
				t.Errorf("got  %s\nwant %s", err, want)
			}
			if strings.Contains(err.Error(), "shop-crm") {
				t.Errorf("a value is in %s", err)
			}
		})
	}
}

func TestMistakesOfAFaultAreReportedTogether(t *testing.T) {
	t.Parallel()
	_, err := seed.Parse("f", []byte(faulty("status: 99\n    times: -1\n  - fault: EMPTY\n    message: m\n  - {}\n  keys: 1")), ofSeed())
	var lines []string
	for _, line := range strings.Split(fmt.Sprint(err), "\n") {
		line, _, _ = strings.Cut(line, ": ")
		lines = append(lines, line)
	}
	if diff := cmp.Diff([]string{"seed", "f:4:13", "f:5:12", "f:6:12", "f:7:14", "f:8:5", "f:9:9"}, lines); diff != "" {
		t.Errorf("places (-want +got):\n%s\nof %v", diff, err)
	}
}

// Aliases make a small file large; what a set of faults holds bounds them.
func TestBoundsOnFaults(t *testing.T) {
	t.Parallel()
	var laughs strings.Builder
	laughs.WriteString("projects:\n- name: a\n  faults:\n  - body:\n    - &a0 x\n")
	for i := range 8 {
		fmt.Fprintf(&laughs, "    - &a%d [%s]\n", i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i), 9), ","))
	}
	body := "{body: " + strings.Repeat("x", 1_000_000) + "}"
	for _, tc := range []struct{ name, text, want string }{
		{"faults", faulty("&f {status: 503}") + strings.Repeat("\n  - *f", fault.MaxFaults), "f:4:3: projects[0].faults: this must have at most 1000 items; a project has at most 1000 faults"},
		{"bytes", faulty("&f "+body) + strings.Repeat("\n  - *f", 16), "projects[0].faults[16]: with this the faults of the file have more than 16777216 bytes as JSON; shorten their bodies"},
		{"a billion laughs", laughs.String(), "too large: its aliases unfold to more than 100000 values"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if _, err := seed.Parse("f", []byte(tc.text), ofSeed()); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %s", err, tc.want)
			}
		})
	}
	inject(t, parse(t, faulty("&f {status: 503}")+strings.Repeat("\n  - *f", fault.MaxFaults-1)))
}

var digaValidator = sync.OnceValues(func() (*contract.Validator, error) { return contract.New(spectest.Seed()) })

// inject adds the faults of each project to a set of its own.
func inject(t *testing.T, projects []seed.Project) {
	t.Helper()
	v, err := digaValidator()
	try(t, err)
	for _, p := range projects {
		set := fault.NewSet(v)
		for i, spec := range p.Faults {
			if _, err := set.Add(spec); err != nil {
				t.Fatalf("fault %d of %s: %v", i, p.Name, err)
			}
		}
	}
}
