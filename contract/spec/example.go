package spec

import (
	"mime"
	"strings"
)

// example is a value that a document gives as fitting one of its schemas.
type example struct {
	what    string // in messages
	pointer string // of the value
	value   *node
	schema  string // pointer, as published
}

// noteExamples keeps what an object gives as examples of the schema that it is,
// or that stands in it. Of media types only JSON can be judged.
func (r *reading) noteExamples(n *node, pointer string) {
	schema := pointer
	if r.kinds[n] != "schema" {
		schema = Join(pointer, "schema")
		if n.member("schema") == nil || r.kinds[n] == "media" && !IsJSON(n.key) {
			return
		}
	}
	note := func(what string, value *node, pointer string, at ...string) {
		if value != nil {
			r.examples = append(r.examples, example{what, Join(pointer, at...), value, schema})
		}
	}
	note("example", n.member("example"), pointer, "example")
	if schema == pointer {
		note("default", n.member("default"), pointer, "default")
		for i, value := range n.member("examples").items() {
			note("example", value, pointer, "examples", itoa(i))
		}
		return
	}
	for _, named := range n.member("examples").members() {
		holder := r.follow(named)
		at := Join(pointer, "examples", named.key)
		if holder != named {
			at, _ = within(named.member("$ref").text())
		}
		note("example "+printable(named.key), holder.member("value"), at, "value")
	}
}

// IsJSON says whether bodies of a media type are JSON (RFC 6839, section 3.1).
func IsJSON(mediaType string) bool {
	name, _, err := mime.ParseMediaType(mediaType)
	return err == nil && (strings.HasSuffix(name, "/json") || strings.HasSuffix(name, "+json"))
}
