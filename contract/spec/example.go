package spec

import (
	"mime"
	"strconv"
	"strings"
)

// example is a value that a document gives as fitting one of its schemas.
type example struct {
	what    string // in messages
	pointer string // of the value
	value   *node
	schema  string // pointer
}

// examples judges every example and default of the document.
func (d *Document) examples() []Warning {
	j := newJudge(d)
	all := j.warnings
	for _, e := range append(d.schemaExamples(), d.contentExamples()...) {
		if w := j.judge(e); w != nil {
			all = append(all, *w)
		}
	}
	return all
}

// schemaExamples lists `default`, `example` and `examples` of schemas.
func (d *Document) schemaExamples() []example {
	var all []example
	WalkSchemas(d.Tree, func(pointer string, _ Place, _ map[string]any) {
		schema := d.root.at(pointer) // as published: the lift moves `example`
		for _, key := range []string{"default", "example"} {
			if v := schema.member(key); v != nil {
				all = append(all, example{what: key, pointer: Join(pointer, key), value: v, schema: pointer})
			}
		}
		if list := schema.member("examples"); list != nil && list.form == formArray {
			for i, v := range list.children {
				all = append(all, example{what: "example", pointer: Join(pointer, "examples", strconv.Itoa(i)), value: v, schema: pointer})
			}
		}
	})
	return all
}

// contentExamples lists the examples of parameters, headers and JSON bodies.
func (d *Document) contentExamples() []example {
	var all []example
	d.root.holders("", false, func(pointer string, holder *node) {
		schema := Join(pointer, "schema")
		if v := holder.member("example"); v != nil {
			all = append(all, example{what: "example", pointer: Join(pointer, "example"), value: v, schema: schema})
		}
		for _, named := range holder.member("examples").members() {
			at, _, err := d.Resolve(Join(pointer, "examples", named.key))
			if err != nil {
				continue // no Example Object; kin-openapi has let it pass
			}
			at = Join(at, "value")
			if v := d.root.at(at); v != nil {
				all = append(all, example{what: "example " + printable(named.key), pointer: at, value: v, schema: schema})
			}
		}
	})
	return all
}

// holders calls visit for every object that has a schema and may have examples
// beside it: parameters, headers, media types of JSON. See referencesIn for
// names.
func (n *node) holders(pointer string, names bool, visit func(pointer string, holder *node)) {
	if n.form == formObject && !names && n.member("schema") != nil && (n.member("example") != nil || n.member("examples") != nil) {
		visit(pointer, n)
	}
	for i, c := range n.children {
		switch {
		case n.form == formArray:
			c.holders(Join(pointer, strconv.Itoa(i)), false, visit)
		case names:
			if n.key != "content" || isJSON(c.key) {
				c.holders(Join(pointer, c.key), false, visit)
			}
		case c.key == "schema" || c.key == "schemas" || holdsData(c):
		default:
			c.holders(Join(pointer, c.key), c.form == formObject && holdsNames(c.key), visit)
		}
	}
}

// isJSON says whether bodies of a media type are JSON (RFC 6839, section 3.1).
func isJSON(mediaType string) bool {
	name, _, err := mime.ParseMediaType(mediaType)
	return err == nil && (strings.HasSuffix(name, "/json") || strings.HasSuffix(name, "+json"))
}
