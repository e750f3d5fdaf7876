package spec

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/digakit/digakit/contract/internal/compiler"
)

// schema checks and lifts the keywords of a schema, once those below it are.
func (r *reading) schema(n *node, obj map[string]any, pointer string) {
	for _, key := range []string{"$anchor", "$dynamicAnchor"} {
		if name := n.member(key).text(); name != "" {
			r.anchors["#"+name] = n
		}
	}
	if id := n.member("$id").text(); id != "" {
		r.anchors[strings.TrimSuffix(id, "#")] = n
		delete(obj, "$id") // references are to places in this document
	}
	if r.old && n.member("$ref") != nil {
		r.siblings(n, obj, pointer)
		return
	}
	for _, c := range n.children {
		r.version(c, pointer)
		r.form(c, obj, pointer)
		switch c.key {
		case "$schema":
			if !knownDialect(c.text()) {
				r.otherDialect(c, Join(pointer, c.key))
			}
			delete(obj, c.key)
		case "type":
			r.typed(c, obj, pointer)
		case "required":
			r.required(c, obj, pointer)
		case "examples":
			if c.form != formArray {
				r.warn(c, Join(pointer, c.key), "wrong-form", "`examples` of a schema is a list: this means nothing", "have the publisher write a list of values")
				delete(obj, c.key)
			}
		case "pattern":
			r.pattern(c.text(), c, Join(pointer, c.key))
		case "patternProperties":
			for _, p := range c.members() {
				r.pattern(p.key, p, Join(pointer, c.key, p.key))
			}
		case "format":
			if name := c.text(); !slices.Contains(formats, name) {
				r.warn(c, Join(pointer, c.key), "unknown-format", fmt.Sprintf("format %s is not a known one: nothing is checked", printable(name)), "nothing is to be done, unless it is misspelt")
			}
		case "discriminator":
			r.discriminator(c, Join(pointer, c.key))
		}
	}
	if r.old && n.member("items") == nil && n.member("type").text() == "array" {
		r.warn(n, pointer, "array-without-items", "an array of OpenAPI 3.0 must say `items`: any are taken", "have the publisher add it")
	}
	r.noteExamples(n, pointer)
	r.lift(n, obj, pointer)
}

// siblings drops what stands beside a reference of 3.0 (OpenAPI 3.0.3, Reference
// Object) except `nullable`, which authors mean all the same.
func (r *reading) siblings(n *node, obj map[string]any, pointer string) {
	for _, c := range n.children {
		if c.key == "$ref" || c.key == "nullable" {
			continue
		}
		if !IsAnnotation(c.key) {
			r.warn(c, Join(pointer, c.key), "reference-sibling", fmt.Sprintf("`%s` beside `$ref` means nothing in OpenAPI 3.0", c.key), "have the publisher put the reference into an allOf, or publish OpenAPI 3.1")
		}
		delete(obj, c.key)
	}
	r.lift(n, obj, pointer)
}

// version warns of keywords that are of another version or of no known one.
func (r *reading) version(c *node, pointer string) {
	switch {
	case c.key == "nullable" && !r.old:
		r.warn(c, Join(pointer, c.key), "nullable", "`nullable` means nothing in OpenAPI 3.1: null is as valid or invalid as without it", "have the publisher write type: [T, 'null']")
	case slices.Contains(keywordsOfOthers, c.key):
		r.warn(c, Join(pointer, c.key), "other-draft", fmt.Sprintf("`%s` is of another draft of JSON Schema: it means nothing here", c.key), "have the publisher write it as JSON Schema 2020-12 has it")
	case r.old && slices.Contains(keywordsOf31, c.key):
		r.warn(c, Join(pointer, c.key), "newer-keyword", fmt.Sprintf("`%s` is of OpenAPI 3.1: it is read so", c.key), "publish the document as OpenAPI 3.1")
	case r.old && c.key != "$ref" && !strings.HasPrefix(c.key, "x-") && !slices.Contains(keywordsOf30, c.key):
		r.warn(c, Join(pointer, c.key), "unknown-keyword", fmt.Sprintf("OpenAPI 3.0 has no keyword %s: it means nothing", printable(c.key)), "mend its name, or begin it with x-")
	}
}

// form reads numbers and booleans that stand in quotes, and null where a
// keyword wants something.
func (r *reading) form(c *node, obj map[string]any, pointer string) {
	text := c.text()
	mended := any(nil)
	switch c.key {
	case "default", "example", "const", "examples", "enum":
		return
	case "multipleOf", "maximum", "minimum", "maxLength", "minLength", "maxItems", "minItems", "maxProperties", "minProperties":
		if text != "" && json.Valid([]byte(text)) && (text[0] == '-' || text[0] >= '0' && text[0] <= '9') {
			mended = json.Number(text)
		}
	case "uniqueItems", "nullable", "readOnly", "writeOnly", "deprecated":
		if text == "true" || text == "false" {
			mended = text == "true"
		}
	case "title", "description", "format", "pattern":
		if c.form == formScalar && c.literal != "null" {
			mended = c.literal
		}
	}
	switch {
	case mended != nil:
		r.warn(c, Join(pointer, c.key), "wrong-form", fmt.Sprintf("`%s` does not have the form it should: it is read as %v", c.key, mended), "have the publisher mend the quotes")
		obj[c.key] = mended
	case c.literal == "null" && obj[c.key] == nil && c.key != "type":
		r.warn(c, Join(pointer, c.key), "wrong-form", fmt.Sprintf("`%s` is null: it is read as if it were not there", c.key), "leave it out")
		delete(obj, c.key)
	}
}

// required drops what names no property, and what names one again: "Elements of
// this array [...] MUST be unique" (JSON Schema 2020-12, validation 6.5.3).
func (r *reading) required(c *node, obj map[string]any, pointer string) {
	at := Join(pointer, c.key)
	if c.literal == "true" || c.literal == "false" {
		r.warn(c, at, "required-flag", "`required` of a schema lists names of its properties: true and false mean nothing", "have the publisher list the name in the schema around it")
		delete(obj, c.key)
		return
	}
	seen := map[string]bool{}
	names := []any{}
	for i, n := range c.items() {
		if n.form == formText && seen[n.text()] {
			r.warn(n, at+"/"+strconv.Itoa(i), "required-twice", printable(n.text())+" stands twice in `required`", "have the publisher leave one")
			continue
		}
		seen[n.text()] = true
		names = append(names, n.value())
	}
	if len(names) < len(c.items()) {
		obj[c.key] = names
	}
}

// typed reads the names of types that other languages have.
func (r *reading) typed(c *node, obj map[string]any, pointer string) {
	if c.form == formArray && r.old || c.text() == "null" && r.old {
		r.warn(c, Join(pointer, c.key), "newer-keyword", "a list of types, and null as one, are of OpenAPI 3.1: they are read so", "publish the document as OpenAPI 3.1")
	}
	name := c.text()
	if name == "" || slices.Contains([]string{"string", "number", "integer", "boolean", "array", "object", "null"}, name) {
		if c.literal == "null" {
			r.warn(c, Join(pointer, c.key), "unknown-type", "`type` is null: it is read as the text 'null'", "put it in quotes")
			obj["type"] = "null"
		}
		return
	}
	meant := map[string]string{
		"file": "string", "binary": "string", "str": "string", "text": "string", "date": "string", "datetime": "string", "date-time": "string", "uuid": "string",
		"int": "integer", "long": "integer", "int32": "integer", "int64": "integer", "float": "number", "double": "number", "decimal": "number", "bool": "boolean",
		"list": "array", "dict": "object", "map": "object", "any": "any", "string": "string", "number": "number", "integer": "integer", "boolean": "boolean", "array": "array", "object": "object",
	}[strings.ToLower(name)]
	if meant == "" {
		return // the schema does not compile, and is told of where it is used
	}
	message := fmt.Sprintf("%s is no type: it is read as %s", printable(name), meant)
	obj["type"] = meant
	switch {
	case meant == "any":
		delete(obj, "type")
	case name == "file":
		message += " of format binary"
		obj["format"] = "binary"
	}
	r.warn(c, Join(pointer, c.key), "unknown-type", message, "have the publisher write a type of JSON Schema")
}

func (r *reading) pattern(text string, at *node, pointer string) {
	known, met := r.patterns[text]
	if !met {
		known = compiler.Known(text)
		r.patterns[text] = known
	}
	if !known {
		r.warn(at, pointer, "pattern", "no engine for regular expressions understands the pattern "+printable(text)+": nothing is judged by it", "have the publisher mend it: ECMA 262 is what it must be")
	}
}

// discriminator warns of mappings that lead to no schema. One without the
// property it is about is only a hint to begin with.
func (r *reading) discriminator(n *node, pointer string) {
	for _, c := range n.member("mapping").members() {
		name := c.text()
		if name == "" || r.named(name) != nil || r.root.member("components").member("schemas").member(name) != nil {
			continue
		}
		r.warn(c, Join(pointer, "mapping", c.key), "discriminator", fmt.Sprintf("the mapping to %s leads to no schema", printable(name)), "have the publisher mend it")
	}
}

var (
	keywordsOf30 = words("title multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems minItems uniqueItems maxProperties " +
		"minProperties required enum type allOf oneOf anyOf not items properties additionalProperties description format default nullable " +
		"discriminator readOnly writeOnly xml externalDocs example deprecated")
	keywordsOf31 = words("const if then else dependentSchemas dependentRequired prefixItems contains minContains maxContains patternProperties propertyNames " +
		"unevaluatedItems unevaluatedProperties $defs $id $schema $anchor $dynamicRef $dynamicAnchor $vocabulary $comment contentEncoding " +
		"contentMediaType contentSchema examples")
	// Of other drafts of JSON Schema.
	keywordsOfOthers = words("definitions dependencies additionalItems $recursiveRef $recursiveAnchor divisibleBy disallow extends")
	// Of the OpenAPI Format Registry and JSON Schema 2020-12.
	formats = words("int8 int16 int32 int64 uint8 uint16 uint32 uint64 double-int float double decimal decimal128 byte binary base64url char password date " +
		"date-time date-time-local time time-local duration http-date unixtime uuid email idn-email hostname idn-hostname ipv4 ipv6 uri uri-reference " +
		"uri-template iri iri-reference url json-pointer relative-json-pointer regex html commonmark media-range")
)
