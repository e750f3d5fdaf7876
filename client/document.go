package client

import (
	"encoding/json"
	"math"
	"net/http"
	"net/url"
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

// operationOf finds the operation of a request to base. What is not documented
// is an operation without anything.
func operationOf(req *http.Request, base *url.URL) (op operation) {
	segments := strings.Split(strings.TrimPrefix(req.URL.EscapedPath(), strings.TrimSuffix(base.EscapedPath(), "/")), "/")
	fewest := len(segments) // parameters: a literal segment beats one
	for template, item := range pathItems() {
		raw, ok := item[strings.ToLower(req.Method)]
		if n := parameters(strings.Split(template, "/"), segments); ok && n >= 0 && n < fewest {
			fewest, op = n, operation{}
			_ = json.Unmarshal(raw, &op) // what it cannot read is as if undocumented
		}
	}
	return op
}

// parameters counts the parameters of a template that fits the segments, or is -1.
func parameters(template, segments []string) (n int) {
	if len(template) != len(segments) {
		return -1
	}
	for i, want := range template {
		if strings.HasPrefix(want, "{") && segments[i] != "" {
			n++
		} else if want != segments[i] {
			return -1
		}
	}
	return n
}

// lists tells whether the operation documents the status, by itself, as part of
// a range such as 4XX, or as default.
func (o operation) lists(status int) bool {
	for _, name := range []string{strconv.Itoa(status), strconv.Itoa(status/100) + "XX", "default"} {
		if _, ok := o.Responses[name]; ok {
			return true
		}
	}
	return false
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
