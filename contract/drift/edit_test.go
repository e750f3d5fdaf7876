package drift_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/digakit/digakit/contract/drift"
	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/spec/spectest"
)

// edit is a step in making another document of one, as in RFC 6902: value is
// JSON; without one the place is removed. from moves.
type edit struct{ at, value, from string }

func set(at, value string) edit { return edit{at: at, value: value} }
func remove(at string) edit     { return edit{at: at} }
func move(from, at string) edit { return edit{at: at, from: from} }

const (
	path    = "/paths/~1v1~1api_key~1"
	get     = path + "/get"
	ok      = get + "/responses/200"
	refused = get + "/responses/403"
	limit   = get + "/parameters/3"
	order   = get + "/parameters/4"
	schemas = "/components/schemas"
	page    = schemas + "/PaginatedResponse_RedactedApiKeyResponseSchema_"
	key     = schemas + "/RedactedApiKeyResponseSchema"
	failure = schemas + "/ErrorResponseSchema"
	bearer  = "/components/securitySchemes/CustomHTTPBearer"
)

// withCreate adds an operation that sends a body, which the seeds have not.
func withCreate() []edit {
	return []edit{
		set(path+"/post", `{"operationId":"create","security":[{"CustomHTTPBearer":[]}],
			"requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/NewKey"}}}},
			"responses":{"201":{"description":"Created","headers":{"Location":{"required":true,"schema":{"type":"string","format":"uri"}}},
			"content":{"application/json":{"schema":{"$ref":"#/components/schemas/RedactedApiKeyResponseSchema"}}}}}}`),
		set(schemas+"/NewKey", `{"type":"object","required":["name"],"properties":{
			"name":{"type":"string","maxLength":100},"note":{"type":["string","null"]},
			"scope":{"anyOf":[{"type":"string"},{"type":"integer"}]},"parent":{"$ref":"#/components/schemas/NewKey"}}}`),
	}
}

func tree(t testing.TB) any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(spectest.Seed()))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

func edited(t testing.TB, edits ...edit) []byte {
	t.Helper()
	v := tree(t)
	for _, e := range edits {
		v = apply(t, v, e)
	}
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func apply(t testing.TB, v any, e edit) any {
	t.Helper()
	var value any
	switch {
	case e.from != "":
		value = at(t, v, spec.Tokens(e.from))
		v = change(t, v, spec.Tokens(e.from), nil, true)
	case e.value != "":
		d := json.NewDecoder(strings.NewReader(e.value))
		d.UseNumber()
		if err := d.Decode(&value); err != nil {
			t.Fatalf("%s: %v", e.value, err)
		}
	default:
		return change(t, v, spec.Tokens(e.at), nil, true)
	}
	return change(t, v, spec.Tokens(e.at), value, false)
}

func at(t testing.TB, v any, tokens []string) any {
	t.Helper()
	for _, token := range tokens {
		switch node := v.(type) {
		case map[string]any:
			v = node[token]
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i >= len(node) {
				t.Fatalf("no item %s", token)
			}
			v = node[i]
		default:
			t.Fatalf("nothing at %v", tokens)
		}
	}
	return v
}

func change(t testing.TB, v any, tokens []string, value any, gone bool) any {
	t.Helper()
	last := len(tokens) == 1
	switch node := v.(type) {
	case map[string]any:
		switch _, there := node[tokens[0]]; {
		case last && gone && !there, !last && !there:
			t.Fatalf("nothing at %q", tokens)
		case last && gone:
			delete(node, tokens[0])
		case last:
			node[tokens[0]] = value
		default:
			node[tokens[0]] = change(t, node[tokens[0]], tokens[1:], value, gone)
		}
		return node
	case []any:
		if tokens[0] == "-" {
			return append(node, value)
		}
		i, err := strconv.Atoi(tokens[0])
		if err != nil || i >= len(node) {
			t.Fatalf("no item %q", tokens)
		}
		switch {
		case last && gone:
			return slices.Delete(node, i, i+1)
		case last:
			node[i] = value
		default:
			node[i] = change(t, node[i], tokens[1:], value, gone)
		}
		return node
	}
	t.Fatalf("nothing at %q", tokens)
	return nil
}

func parsed(t testing.TB, text []byte) *spec.Document {
	t.Helper()
	d, err := spec.Parse(text)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return d
}

func compared(t testing.TB, base, revision []byte, opts ...drift.Option) *report.Report {
	t.Helper()
	r, err := drift.Compare(context.Background(), parsed(t, base), parsed(t, revision), opts...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// found is what a report found, a line each: severity, rule and, asked for,
// the message.
func found(r *report.Report, messages bool) []string {
	lines := []string{}
	for _, f := range r.Findings {
		line := fmt.Sprintf("%s %s", f.Severity, f.Check)
		if messages {
			line += ": " + f.Message
		}
		lines = append(lines, line)
	}
	return lines
}
