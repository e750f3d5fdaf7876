package client

import (
	"encoding/json"
	"math"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/digakit/digakit/gen"
)

// operation is as much of a documented operation as the client looks at.
type operation struct {
	Parameters []struct {
		Name, In string
		Schema   json.RawMessage
	}
	Responses map[string]json.RawMessage
}

// pathItems reads the embedded document, once and only when a request has failed
// or is to be checked before it is sent.
var pathItems = sync.OnceValue(func() map[string]map[string]json.RawMessage {
	var document struct {
		Paths map[string]map[string]json.RawMessage
	}
	_ = json.Unmarshal(gen.OpenAPI(), &document) // a test reads it
	return document.Paths
})

var parameter = regexp.MustCompile(`\{[^}]*\}`)

// operationOf finds the operation of a request to base. What is not documented
// is an operation without anything.
func operationOf(req *http.Request, base *url.URL) (op operation) {
	asked := strings.TrimPrefix(req.URL.EscapedPath(), strings.TrimSuffix(base.EscapedPath(), "/"))
	fewest := math.MaxInt // parameters: a literal segment beats one
	for template, item := range pathItems() {
		raw, ok := item[strings.ToLower(req.Method)]
		fits, err := path.Match(parameter.ReplaceAllString(template, "*"), asked)
		if n := strings.Count(template, "{"); ok && err == nil && fits && n < fewest {
			fewest, op = n, operation{}
			_ = json.Unmarshal(raw, &op) // what it cannot read is as if undocumented
		}
	}
	return op
}

// lists tells whether the operation documents the status, by itself, as part of
// a range such as 4XX, or as default.
func (o operation) lists(status int) bool {
	return slices.ContainsFunc([]string{strconv.Itoa(status), strconv.Itoa(status/100) + "XX", "default"},
		func(name string) bool { return o.Responses[name] != nil })
}

// limits are the documented bounds of the query parameter limit.
func (o operation) limits() (least, most int) {
	bounds := struct{ Minimum, Maximum int }{1, math.MaxInt}
	for _, p := range o.Parameters {
		if p.In == "query" && p.Name == "limit" {
			_ = json.Unmarshal(p.Schema, &bounds) // what is no integer bounds nothing
		}
	}
	return bounds.Minimum, bounds.Maximum
}
