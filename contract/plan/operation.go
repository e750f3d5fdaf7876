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
	query []input
	names map[string]*spec.Schema // schemas of path parameters
	body  *spec.Schema            // nil: none
	shown shown                   // what the answer shows

	override *Override // nil: none
}

// input is a query parameter.
type input struct {
	name   string
	schema *spec.Schema
}

func (o *operation) get() bool { return o.method(http.MethodGet) }

// method tells whether the method is one of several.
func (o *operation) method(names ...string) bool { return slices.Contains(names, o.line.Method) }

// verb tells whether the last of the path's literals has one of the words.
func (o *operation) verb(words ...string) bool {
	verbs := o.path.verbs()
	return len(verbs) > 0 && slices.ContainsFunc(wordsOf(verbs[len(verbs)-1]), func(w string) bool { return slices.Contains(words, w) })
}

// operations reads all operations, in document order.
func operations(doc *spec.Document) []*operation {
	var list []*operation
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
	o := &operation{line: &Line{Method: strings.ToUpper(method), Path: path}, path: newTemplate(path), names: map[string]*spec.Schema{}}
	o.shape = o.path.shape()
	o.line.Operation = text(doc, spec.Join(at, "operationId"))
	o.parameters(doc, spec.Join(item, "parameters"), spec.Join(at, "parameters"))
	if body, obj, err := doc.Resolve(spec.Join(at, "requestBody")); err == nil {
		required, _ := obj["required"].(bool)
		media, schema := content(doc, body)
		o.body = doc.Schema(schema)
		o.line.Write = &Write{Media: media, Schema: pointerOf(o.body), Required: required}
	}
	o.responses(doc, spec.Join(at, "responses"))
	o.shown = o.show(doc.Schema(o.line.Answer.Schema))
	o.line.Answer.Schema = pointerOf(doc.Schema(o.line.Answer.Schema))
	return o
}

func text(doc *spec.Document, pointer string) string {
	v, _ := doc.Lookup(pointer)
	s, _ := v.(string)
	return s
}

// parameters reads those of the path item and of the operation, which take the
// place of the former by name and place.
func (o *operation) parameters(doc *spec.Document, lists ...string) {
	for _, list := range lists {
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
}

// content chooses the media type that a body is read or written in, JSON before
// all others, and returns where its schema is.
func content(doc *spec.Document, pointer string) (media, schema string) {
	at := spec.Join(pointer, "content")
	keys := doc.Keys(at)
	for _, key := range keys {
		name, _, _ := strings.Cut(strings.ToLower(key), ";")
		if name == "application/json" || strings.HasSuffix(name, "+json") {
			media = key
			break
		}
	}
	if media == "" && len(keys) > 0 {
		media = keys[0]
	}
	return media, spec.Join(at, media, "schema")
}

// responses reads the success that is answered, and all refusals.
func (o *operation) responses(doc *spec.Document, at string) {
	success := ""
	keys := doc.Keys(at)
	for _, status := range keys {
		if strings.HasPrefix(status, "2") && (success == "" || status < success) {
			success = status
		}
	}
	if success == "" && slices.Contains(keys, "default") {
		success = "default"
	}
	for _, status := range keys {
		pointer, _, err := doc.Resolve(spec.Join(at, status))
		switch {
		case err != nil:
		case status == success:
			answer := &o.line.Answer
			if answer.Status, err = strconv.Atoi(status); err != nil {
				answer.Status = 200
			}
			if answer.Media, answer.Schema = content(doc, pointer); answer.Media == "" {
				answer.Schema = ""
			}
		case strings.HasPrefix(status, "4"), strings.HasPrefix(status, "5"), status == "default":
			o.line.Errors = append(o.line.Errors, refusal(doc, status, pointer))
		}
	}
}

func refusal(doc *spec.Document, status, pointer string) Refusal {
	r := Refusal{Status: status}
	if r.Media, r.Schema = content(doc, pointer); r.Media == "" {
		return Refusal{Status: status}
	}
	r.Schema = pointerOf(doc.Schema(r.Schema))
	media := spec.Join(pointer, "content", r.Media)
	if value := doc.Raw(spec.Join(media, "example")); value != nil {
		r.Examples = append(r.Examples, Example{Value: value})
	}
	for _, name := range doc.Keys(spec.Join(media, "examples")) {
		at, _, err := doc.Resolve(spec.Join(media, "examples", name))
		if value := doc.Raw(spec.Join(at, "value")); err == nil && value != nil {
			r.Examples = append(r.Examples, Example{Name: name, Value: value})
		}
	}
	return r
}
