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
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	if err := json.Unmarshal(gen.OpenAPI(), &document); err != nil {
		return nil // no operation is known; a test reads the embedded document
	}
	return document.Paths
})

// documented finds the operation of a request whose path, without the base
// URL's own, is given. What is not documented is an operation without anything.
func documented(method, path string) (op operation) {
	segments, fewest := strings.Split(path, "/"), -1
	for template, item := range pathItems() {
		raw, ok := item[strings.ToLower(method)]
		if !ok {
			continue
		}
		// A literal segment beats a parameter.
		parameters := matches(strings.Split(template, "/"), segments)
		if parameters < 0 || fewest >= 0 && parameters >= fewest {
			continue
		}
		var found operation
		if json.Unmarshal(raw, &found) == nil {
			op, fewest = found, parameters
		}
	}
	return op
}

// matches counts the parameters of a template that the segments fit, or is -1.
func matches(template, segments []string) int {
	if len(template) != len(segments) {
		return -1
	}
	parameters := 0
	for i, want := range template {
		switch {
		case strings.HasPrefix(want, "{") && segments[i] != "":
			parameters++
		case want != segments[i]:
			return -1
		}
	}
	return parameters
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

// operationOf is the documented operation of a request to base.
func operationOf(req *http.Request, base *url.URL) operation {
	return documented(req.Method, "/"+strings.TrimPrefix(req.URL.EscapedPath(), base.EscapedPath()))
}
