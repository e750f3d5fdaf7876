package fault_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/mockserver/fault"
)

// pets documents what Diga's document does not: ranges, default, other types.
const pets = `{"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/pets": {"get": {"responses": {
	"200": {"description": "", "content": {"text/csv": {"example": "a,b"}, "application/json": {"schema": {"type": "array"}, "examples": {"none": {"value": []}, "one": {"value": [1]}}}}},
	"204": {"description": ""},
	"4XX": {"description": "", "content": {"application/problem+json": {"schema": {"type": "object", "required": ["title"]}, "example": {"title": "Range"}}}},
	"409": {"description": "", "content": {"application/json": {"schema": {"type": "object", "properties": {"message": {"enum": ["Known"]}}}, "example": {"error_code": "X", "message": "Known", "more": "<1>"}}}},
	"500": {"description": "", "content": {"text/plain": {"example": "oops"}}},
	"default": {"description": "", "content": {"application/json": {"schema": {"type": "object"}, "example": {"is": "default"}}}}
}}}}}`

func TestAnswers(t *testing.T) {
	t.Parallel()
	digas := newValidator(t, spectest.Seed())
	petshop := newValidator(t, []byte(pets))
	for _, tc := range []struct {
		name, why   string
		validator   *contract.Validator
		spec        fault.Spec
		status      int
		contentType string
		body        string
		departure   string
	}{
		{"documented", "has the document's example", digas, fault.Spec{Status: 500}, 500, "application/json",
			`{"status":"error","error_code":"INTERNAL_SERVER_ERROR","message":"Error: Internal Server Error"}`, ""},
		{"documented, own message", "the envelope stays", digas, fault.Spec{Status: 403, Message: "<Not> you"}, 403, "application/json",
			`{"error_code":"INTERNAL_SERVER_ERROR","message":"<Not> you","status":"error"}` + "\n", ""},
		{"documented, own code", "the envelope stays", digas, fault.Spec{Status: 422, ErrorCode: "E"}, 422, "application/json",
			`{"error_code":"E","message":"Cannot specify both 'before' and 'after' parameters","status":"error"}` + "\n", ""},
		{"undocumented", "has the status' own text", digas, fault.Spec{Status: 429}, 429, "application/json",
			`{"error_code":"TOO_MANY_REQUESTS","message":"Too Many Requests","status":"error"}` + "\n", "fault fault-1: status 429"},
		{"teapot", "is a code without its apostrophe", digas, fault.Spec{Status: 418, Message: "No coffee"}, 418, "application/json",
			`{"error_code":"IM_A_TEAPOT","message":"No coffee","status":"error"}` + "\n", "fault fault-1: status 418"},
		{"unregistered", "has no text of its own", digas, fault.Spec{Status: 599}, 599, "application/json",
			`{"error_code":"STATUS_599","message":"Status 599","status":"error"}` + "\n", "fault fault-1: status 599"},
		{"200 without example", "is not the documented 200", digas, fault.Spec{Status: 200}, 200, "application/json",
			`{"error_code":"OK","message":"OK","status":"error"}` + "\n", "fault fault-1: status 200"},
		{"own page", "fits the document", digas, fault.Spec{Body: json.RawMessage(page)}, 200, "application/json", page, ""},
		{"own body", "does not", digas, fault.Spec{Body: json.RawMessage(`{"data":null}`)}, 200, "application/json", `{"data":null}`, "fault fault-1: status 200"},
		{"null", "is a JSON value", digas, fault.Spec{Status: 500, Body: json.RawMessage(`null`)}, 500, "application/json", `null`, "fault fault-1: status 500"},
		{"text", "is sent as it is", digas, fault.Spec{Status: 502, Body: json.RawMessage(`"<html>\u00e9"`)}, 502, "text/plain; charset=utf-8", "<html>é", "fault fault-1: status 502"},
		{"no text", "is an empty body", digas, fault.Spec{Status: 500, Body: json.RawMessage(`""`)}, 500, "text/plain; charset=utf-8", "", "fault fault-1: status 500"},
		{"no content", "has none in HTTP", digas, fault.Spec{Status: 204}, 204, "", "", "fault fault-1: status 204"},
		{"reset content", "has none in HTTP", digas, fault.Spec{Status: 205}, 205, "", "", "fault fault-1: status 205"},
		{"redirect", "without a place to go", digas, fault.Spec{Status: 302, Body: json.RawMessage(`""`)}, 302, "text/plain; charset=utf-8", "", "fault fault-1: status 302"},

		{"first JSON example", "of several types and examples", petshop, fault.Spec{Status: 200}, 200, "application/json", `[]`, ""},
		{"documented without content", "is documented", petshop, fault.Spec{Status: 204}, 204, "", "", ""},
		{"range", "documents its statuses", petshop, fault.Spec{Status: 418}, 418, "application/problem+json", `{"title":"Range"}`, ""},
		{"exact before range", "OpenAPI says so", petshop, fault.Spec{Status: 409}, 409, "application/json", `{"error_code":"X","message":"Known","more":"<1>"}`, ""},
		{"own message in an example", "keeps the rest, and is judged", petshop, fault.Spec{Status: 409, Message: "New"}, 409, "application/json",
			`{"error_code":"X","message":"New","more":"<1>"}` + "\n", "fault fault-1: status 409"},
		{"own message, another shape", "needs the envelope", petshop, fault.Spec{Status: 418, Message: "New"}, 418, "application/json",
			`{"error_code":"IM_A_TEAPOT","message":"New","status":"error"}` + "\n", "fault fault-1: status 418"},
		{"default", "documents all other statuses", petshop, fault.Spec{Status: 503}, 503, "application/json", `{"is":"default"}`, ""},
		{"example that is not JSON", "is left alone; the exact status hides default", petshop, fault.Spec{Status: 500}, 500, "application/json",
			`{"error_code":"INTERNAL_SERVER_ERROR","message":"Internal Server Error","status":"error"}` + "\n", "fault fault-1: status 500"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			set := fault.NewSet(tc.validator)
			add(t, set, tc.spec)
			op := tc.validator.Operations()[0]
			d := set.Fire(fault.Request{Operation: op})
			if d.Departure() != tc.departure {
				t.Errorf("%s: departure %q, want %q", tc.why, d.Departure(), tc.departure)
			}
			set.Clear()
			add(t, set, tc.spec)
			resp := record(t, inject(t, set, op))
			if resp.StatusCode != tc.status || resp.Header.Get("Content-Type") != tc.contentType {
				t.Errorf("%s: got %d %q, want %d %q", tc.why, resp.StatusCode, resp.Header.Get("Content-Type"), tc.status, tc.contentType)
			}
			body := bodyOf(t, resp)
			if diff := cmp.Diff(tc.body, body); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.why, diff)
			}
			if resp.Header.Get("X-Outer") != "yes" || resp.Header.Get("X-Next") != "" {
				t.Errorf("headers around must stay, those of the operation must not come: %v", resp.Header)
			}
			if legal := len(tc.validator.Response(op, resp.StatusCode, resp.Header, []byte(body))) == 0; legal != (tc.departure == "") {
				t.Errorf("%s: the validator says %v to what was sent, but the departure is %q", tc.why, legal, tc.departure)
			}
		})
	}
}

func TestHeadersOfAnswers(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, why string
		spec      fault.Spec
		want      http.Header
	}{
		{"retry", "in seconds (RFC 9110, 10.2.3)", fault.Spec{Status: 429, RetryAfter: new(7)}, http.Header{"Retry-After": {"7"}, "Content-Length": {"82"}}},
		{"retry at once", "0 seconds are some", fault.Spec{Status: 503, RetryAfter: new(0)}, http.Header{"Retry-After": {"0"}, "Content-Length": {"86"}}},
		{"unauthorized", "must name the scheme (RFC 9110, 15.5.2)", fault.Spec{Status: 401}, http.Header{"Www-Authenticate": {"Bearer"}, "Content-Length": {"72"}}},
		{"no content", "has no length (RFC 9110, 8.6)", fault.Spec{Status: 204}, http.Header{}},
		{"reset content", "has the length 0 (RFC 9110, 15.3.6)", fault.Spec{Status: 205}, http.Header{"Content-Length": {"0"}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			set, op := diga(t)
			add(t, set, tc.spec)
			got := record(t, inject(t, set, op)).Header
			for _, name := range []string{"X-Outer", "Contract-Departure", "Content-Type"} {
				got.Del(name)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.why, diff)
			}
		})
	}
}

func TestDepartures(t *testing.T) {
	t.Parallel()
	half := new(0.5)
	for _, tc := range []struct {
		name, why string
		spec      fault.Spec
		want      string
	}{
		{"delay", "changes nothing about the answer", fault.Spec{FixedDelayMilliseconds: 1}, ""},
		{"dribble", "changes nothing about the answer", fault.Spec{ChunkedDribbleDelay: &fault.Dribble{NumberOfChunks: 2}}, ""},
		{"truncation", "is no whole answer", fault.Spec{TruncateBodyAtFraction: half}, "fault fault-1: body truncated"},
		{"undocumented and truncated", "is both", fault.Spec{Status: 429, TruncateBodyAtFraction: half}, "fault fault-1: status 429, body truncated"},
		{"broken connection", "is no answer", fault.Spec{Kind: fault.ConnectionResetByPeer}, "fault fault-1: CONNECTION_RESET_BY_PEER"},
		{"texts", "stay out of the header", fault.Spec{Status: 429, Message: "\r\nX: é", ErrorCode: "\x00"}, "fault fault-1: status 429"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			set, op := diga(t)
			add(t, set, tc.spec)
			if got := set.Fire(fault.Request{Operation: op}).Departure(); got != tc.want {
				t.Errorf("%s: got %q, want %q", tc.why, got, tc.want)
			}
		})
	}
}
