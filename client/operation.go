package client

import (
	"math"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/gen"
)

// operation is the pointer to a documented operation, empty for an undocumented one.
type operation string

// document reads the embedded document, once and only when it is needed.
var document = sync.OnceValue(func() *spec.Document {
	doc, err := spec.Parse(gen.OpenAPI())
	if err != nil {
		return new(spec.Document) // a test reads it
	}
	return doc
})

var parameter = regexp.MustCompile(`\{[^}]*\}`)

// operationOf finds the operation of a request to base.
func operationOf(req *http.Request, base *url.URL) (op operation) {
	asked := strings.TrimPrefix(req.URL.EscapedPath(), strings.TrimSuffix(base.EscapedPath(), "/"))
	fewest := math.MaxInt // parameters: a literal segment beats one
	for _, template := range document().Keys("/paths") {
		at := spec.Join("/paths", template, strings.ToLower(req.Method))
		fits, err := path.Match(parameter.ReplaceAllString(template, "*"), asked)
		if n := strings.Count(template, "{"); err == nil && fits && n < fewest && document().Keys(at) != nil {
			fewest, op = n, operation(at)
		}
	}
	return op
}

// response is where the status is documented, as itself, as its range such as 4XX, or by
// default; empty when it is not.
func (o operation) response(status int) string {
	responses := spec.Join(string(o), "responses")
	documented := document().Keys(responses)
	for _, code := range []string{strconv.Itoa(status), strconv.Itoa(status/100) + "XX", "default"} {
		if o != "" && slices.Contains(documented, code) {
			at, _, _ := document().Resolve(spec.Join(responses, code)) // reading has resolved it
			return at
		}
	}
	return ""
}

// schema is what the document says of the JSON of an answer; nil: nothing.
func (o operation) schema(status int) *spec.Schema {
	if at := o.response(status); at != "" {
		return document().Schema(spec.Join(at, "content", "application/json", "schema"))
	}
	return nil
}

// limits are the documented bounds of the query parameter limit.
func (o operation) limits() (least, most int) {
	least, most = 1, math.MaxInt
	list, _ := document().Lookup(spec.Join(string(o), "parameters"))
	parameters, _ := list.([]any)
	for i := range parameters {
		at, p, err := document().Resolve(spec.Join(string(o), "parameters", strconv.Itoa(i)))
		if err != nil || p["in"] != "query" || p["name"] != "limit" {
			continue
		}
		if schema := document().Schema(spec.Join(at, "schema")); schema != nil {
			least, most = integer(schema.Minimum, least), integer(schema.Maximum, most)
		}
	}
	return least, most
}

// integer is a bound, or without one that is an integer what holds instead.
func integer(bound *spec.Bound, instead int) int {
	if bound != nil {
		if n, err := strconv.Atoi(bound.Number.String()); err == nil {
			return n
		}
	}
	return instead
}
