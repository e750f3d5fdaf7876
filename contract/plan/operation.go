package plan

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// operation is what the document says of one operation, as far as plans need it.
type operation struct {
	line  *Line
	path  template
	shape string
	query []input                 // those that a use is found for are taken out
	names map[string]*spec.Schema // schemas of path parameters
	body  *spec.Schema            // nil: none
	shown shown                   // what the answer shows

	list, item *collection // whose list, or item, is at the path
	// The nearest whose item stands in the path, and the parameter that names it:
	// of all, and of those whose item the answer shows.
	above, shows           *collection
	aboveParam, showsParam string
}

// input is a query parameter.
type input struct {
	name   string
	schema *spec.Schema
}

func (o *operation) get() bool { return o.method(http.MethodGet) }

func (o *operation) method(names ...string) bool { return slices.Contains(names, o.line.Method) }

// verb tells whether the literal that the path ends in has one of the words.
func (o *operation) verb(words string) bool {
	return slices.ContainsFunc(wordsOf(lastOf(o.path.verbs())), func(w string) bool { return is(w, words) })
}

func operations(doc *spec.Document) (list []*operation) {
	for _, path := range doc.Keys("/paths") {
		item, _, err := doc.Resolve(spec.Join("/paths", path))
		if err != nil || strings.HasPrefix(path, "x-") {
			continue
		}
		for _, method := range doc.Keys(item) {
			if slices.Contains(spec.Methods(), method) {
				list = append(list, newOperation(doc, path, method, item))
			}
		}
	}
	return list
}

func newOperation(doc *spec.Document, path, method, item string) *operation {
	at := spec.Join(item, method)
	id, _ := doc.Lookup(spec.Join(at, "operationId"))
	name, _ := id.(string)
	o := &operation{line: &Line{Operation: name, Method: strings.ToUpper(method), Path: path}, path: newTemplate(path), names: map[string]*spec.Schema{}}
	o.shape = o.path.shape()
	o.parameters(doc, spec.Join(item, "parameters"))
	o.parameters(doc, spec.Join(at, "parameters"))
	if body, obj, err := doc.Resolve(spec.Join(at, "requestBody")); err == nil {
		required, _ := obj["required"].(bool)
		media, schema := content(doc, body)
		o.body = schema
		o.line.Write = &Write{Media: media, Schema: pointerOf(schema), Required: required}
	}
	o.responses(doc, spec.Join(at, "responses"))
	return o
}

// parameters reads a list; what is read later takes the place of what has the same name.
func (o *operation) parameters(doc *spec.Document, list string) {
	v, _ := doc.Lookup(list)
	entries, _ := v.([]any)
	for i := range entries {
		at, obj, err := doc.Resolve(spec.Join(list, strconv.Itoa(i)))
		if err != nil {
			continue
		}
		name, _ := obj["name"].(string)
		schema := doc.Schema(spec.Join(at, "schema"))
		switch obj["in"] {
		case "path":
			o.names[name] = schema
		case "query":
			o.query = slices.DeleteFunc(o.query, func(q input) bool { return q.name == name })
			o.query = append(o.query, input{name, schema})
		}
	}
}

// content chooses the media type of a body, JSON before all others; empty: there is none.
func content(doc *spec.Document, pointer string) (media string, schema *spec.Schema) {
	at := spec.Join(pointer, "content")
	keys := doc.Keys(at)
	if len(keys) == 0 {
		return "", nil
	}
	media = keys[max(0, slices.IndexFunc(keys, spec.IsJSON))]
	return media, doc.Schema(spec.Join(at, media, "schema"))
}

func (o *operation) responses(doc *spec.Document, at string) {
	keys := doc.Keys(at)
	successes := slices.DeleteFunc(slices.Sorted(slices.Values(keys)), func(status string) bool { return !strings.HasPrefix(status, "2") })
	success := "default"
	if len(successes) > 0 {
		success = successes[0]
	} else if len(keys) > 0 && !slices.Contains(keys, success) {
		success = slices.Min(keys)
	}
	for _, status := range keys {
		pointer, _, err := doc.Resolve(spec.Join(at, status))
		switch {
		case err != nil:
		case status == success:
			answer := &o.line.Answer
			if answer.Status, err = strconv.Atoi(strings.ReplaceAll(strings.ToUpper(status), "X", "0")); err != nil {
				answer.Status = http.StatusOK
			}
			media, schema := content(doc, pointer)
			if answer.Status == http.StatusNoContent || answer.Status == http.StatusNotModified {
				media, schema = "", nil // whatever is documented, such an answer has no body in HTTP
			}
			answer.Media, answer.Schema = media, pointerOf(schema)
			o.shown = o.show(schema)
			if status == "default" { // of refusals, too
				o.line.Errors = append(o.line.Errors, refusal(doc, status, pointer))
			}
		case strings.HasPrefix(status, "4"), strings.HasPrefix(status, "5"), status == "default":
			o.line.Errors = append(o.line.Errors, refusal(doc, status, pointer))
		}
	}
}

func refusal(doc *spec.Document, status, pointer string) Refusal {
	media, schema := content(doc, pointer)
	r := Refusal{Status: status, Media: media, Schema: pointerOf(schema)}
	at := spec.Join(pointer, "content", media)
	if value := doc.Raw(spec.Join(at, "example")); value != nil {
		r.Examples = append(r.Examples, Example{Value: value})
	}
	for _, name := range doc.Keys(spec.Join(at, "examples")) {
		example, _, err := doc.Resolve(spec.Join(at, "examples", name))
		if value := doc.Raw(spec.Join(example, "value")); err == nil && value != nil {
			r.Examples = append(r.Examples, Example{Name: name, Value: value})
		}
	}
	return r
}
