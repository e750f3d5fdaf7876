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
	schema  string // pointer, as published
}

// noteExamples keeps what an object gives as examples of the schema that it is,
// or that stands in it. Of media types only JSON can be judged.
func (r *reading) noteExamples(n *node, pointer string) {
	schema := pointer
	if r.kinds[n] != "schema" {
		schema = Join(pointer, "schema")
		if n.member("schema") == nil || r.kinds[n] == "media" && !isJSON(n.key) {
			return
		}
	}
	note := func(what, at string, value *node) {
		if value != nil {
			r.examples = append(r.examples, example{what, at, value, schema})
		}
	}
	if schema == pointer {
		note("default", Join(pointer, "default"), n.member("default"))
	}
	note("example", Join(pointer, "example"), n.member("example"))
	at := Join(pointer, "examples")
	if schema == pointer {
		for i, value := range n.member("examples").items() {
			note("example", at+"/"+strconv.Itoa(i), value)
		}
		return
	}
	for _, named := range n.member("examples").members() {
		holder := r.follow(named)
		at := Join(at, named.key)
		if holder != named {
			at, _ = r.within(named.member("$ref").text())
		}
		note("example "+printable(named.key), Join(at, "value"), holder.member("value"))
	}
}

// isJSON says whether bodies of a media type are JSON (RFC 6839, section 3.1).
func isJSON(mediaType string) bool {
	name, _, err := mime.ParseMediaType(mediaType)
	return err == nil && (strings.HasSuffix(name, "/json") || strings.HasSuffix(name, "+json"))
}
