package contract

import (
	"encoding/json"

	"github.com/digakit/digakit/contract/spec"
)

// Parameter is a documented parameter of an operation, those of its path item
// included.
type Parameter struct {
	Name     string
	In       string // query, header, path or cookie
	Required bool
	Schema   json.RawMessage // as published; nil when it is given by content
	Pointer  string          // to the Parameter or Header Object, references followed
	Style    string          // form, simple, ...: the default of its place where none is given
	Explode  bool            // also by default
	Repeats  bool            // an exploded array of the query: it may be given more than once
}

type parameter struct {
	Parameter
	schema *schema    // nil: any value will do
	media  *mediaType // of a parameter given by content
}

// parameterAt compiles the parameter or header object at a pointer.
func (b *builder) parameterAt(pointer, header string) parameter {
	pointer, obj := b.resolve(pointer)
	p := parameter{Parameter: Parameter{Pointer: pointer}}
	p.Name, _ = obj["name"].(string)
	p.In, _ = obj["in"].(string)
	if header != "" {
		p.Name, p.In = header, inHeader
	}
	p.Required, _ = obj["required"].(bool)
	at := spec.Join(pointer, "schema")
	p.Schema = b.doc.Raw(at)
	p.setStyle(obj)
	if names := b.doc.Keys(spec.Join(pointer, "content")); len(names) > 0 {
		m := b.mediaType(pointer, names[0])
		p.media, at = &m, spec.Join(pointer, "content", names[0], "schema")
	}
	if _, ok := b.doc.Lookup(at); ok {
		p.schema = b.shapedAt(at)
		p.Repeats = p.In == inQuery && p.media == nil && p.Explode && p.schema.shape.array
	}
	return p
}

// setStyle applies the defaults of OpenAPI 3.1, 4.8.12.2.1. A style that the place does
// not have is gone: see [spec.Parse].
func (p *parameter) setStyle(obj map[string]any) {
	p.Style, _ = obj["style"].(string)
	if p.Style == "" {
		p.Style = "simple"
		if p.In == inQuery || p.In == inCookie {
			p.Style = "form"
		}
	}
	explode, set := obj["explode"].(bool)
	p.Explode = explode || !set && p.Style == "form"
}

// shapedAt is schemaAt for what comes as text.
func (b *builder) shapedAt(pointer string) *schema {
	s := b.schemaAt(pointer)
	if s.shape == nil {
		s.shape = shapeOf(b.doc.Schema(pointer), typesOf([]string{"string", "number", "boolean"}), parameterDepth)
	}
	return s
}
