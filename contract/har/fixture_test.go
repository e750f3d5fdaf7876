package har_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/har"
	"github.com/digakit/digakit/contract/report"
)

const document = `
openapi: 3.1.0
info: {title: Greeter, version: "1"}
paths:
  /greetings:
    get:
      operationId: greet
      parameters:
        - {name: times, in: query, schema: {type: integer, minimum: 1}}
        - {name: X-Api-Key, in: header, required: true, schema: {type: string, minLength: 4}}
        - {name: X-Mood, in: header, schema: {enum: [good, bad]}}
        - {name: session, in: cookie, required: true, schema: {type: string}}
      responses:
        "200":
          description: ok
          headers: {X-Total: {required: true, schema: {type: integer}}}
          content:
            application/json: {schema: {type: object, required: [hello], properties: {hello: {type: string}}}}
    post:
      operationId: learn
      requestBody:
        required: true
        content:
          application/json: {schema: {type: object, required: [word]}}
          application/x-www-form-urlencoded: {schema: {type: object, required: [word], properties: {word: {type: string, maxLength: 3}}}}
      responses: {"204": {description: learnt}}
`

func validator(t testing.TB) *contract.Validator {
	t.Helper()
	v, err := contract.New([]byte(document))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// archive wraps entries, given as JSON.
func archive(entries ...string) string {
	return `{"log":{"version":"1.2","creator":{"name":"test","version":"1"},"pages":[],"entries":[` + strings.Join(entries, ",\n") + `]}}`
}

func judge(t testing.TB, text string, opts ...har.Option) *report.Report {
	t.Helper()
	r, err := har.Judge(t.Context(), strings.NewReader(text), validator(t), opts...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// brief is what tables compare of a report: its findings, and why exchanges
// were not judged.
func brief(r *report.Report) []string {
	var lines []string
	for _, f := range r.Findings {
		lines = append(lines, f.Check+": "+f.Message)
	}
	for _, c := range r.Checks {
		for _, reason := range c.Reasons {
			lines = append(lines, "unjudged: "+reason)
		}
	}
	slices.Sort(lines)
	return lines
}
