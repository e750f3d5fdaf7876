package drift

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// subject names a node as a reader of the document would: "query parameter
// limit", "property data[].id of response 200", "schema Permission".
func subject(n *spec.Node) string {
	if n == nil {
		return "the document"
	}
	return subjectAt(n.Pointer(), n.Parameter())
}

// subjectAt names what stands at a pointer, in a parameter or in none.
func subjectAt(pointer, parameter string) string {
	tokens := spec.Tokens(pointer)
	path, holder := schemaPath(tokens)
	whole := holderName(tokens[:holder], parameter)
	if path == "" {
		return whole
	}
	return "property " + path + " of " + whole
}

// holderName names what is no schema, or the schema as a whole.
func holderName(tokens []string, parameter string) string {
	last := func(back int) string {
		if len(tokens) < back {
			return ""
		}
		return tokens[len(tokens)-back]
	}
	if i := slices.Index(tokens, "headers"); i >= 0 && i+1 < len(tokens) {
		return "header " + tokens[i+1]
	}
	component := len(tokens) >= 3 && tokens[0] == "components" && tokens[1] != "parameters"
	if in, name, found := strings.Cut(parameter, " "); found && !component {
		return in + " parameter " + name
	}
	switch {
	case len(tokens) == 0:
		return "the document"
	case component:
		kind := map[string]string{
			"schemas": "schema", "responses": "response", "requestBodies": "request body",
			"securitySchemes": "security scheme", "examples": "example", "links": "link", "callbacks": "callback",
		}[tokens[1]]
		return kind + " " + tokens[2]
	case slices.Contains(tokens, "requestBody"):
		return "the request body"
	}
	if i := slices.Index(tokens, "responses"); i >= 0 && i+1 < len(tokens) {
		return "response " + tokens[i+1]
	}
	switch {
	case len(tokens) == 2 && (tokens[0] == "paths" || tokens[0] == "webhooks"):
		return tokens[1]
	case len(tokens) == 3 && (tokens[0] == "paths" || tokens[0] == "webhooks"):
		return strings.ToUpper(tokens[2]) + " " + tokens[1]
	case tokens[0] == "info":
		return "the document"
	}
	return last(2) + " " + last(1)
}

// schemaPath finds the part of a pointer that leads through schemas and writes
// it as a path of properties; "" at the top. It returns how many tokens come
// before that part.
func schemaPath(tokens []string) (string, int) {
	start := len(tokens)
	switch {
	case len(tokens) > 3 && tokens[0] == "components" && tokens[1] == "schemas":
		start = 3
	default:
		for i, t := range tokens {
			if t == "schema" && i > 2 && (tokens[i-2] == "content" || isIndexed(tokens[i-2])) {
				start = i + 1
				break
			}
		}
	}
	var out strings.Builder
	holder := start
	for i := start; i < len(tokens); i++ {
		switch t := tokens[i]; t {
		case "properties":
			if i++; i < len(tokens) {
				if out.Len() > 0 {
					out.WriteByte('.')
				}
				out.WriteString(tokens[i])
			}
		case "items":
			out.WriteString("[]")
		case "additionalProperties", "patternProperties":
			out.WriteString("{*}")
			if t == "patternProperties" {
				i++
			}
		}
	}
	return out.String(), holder
}

func isIndexed(token string) bool { return token == "parameters" || token == "headers" }

// became says how a member changed: "changed from 50 to 20".
func became(a, b *spec.Node) string {
	switch {
	case a == nil && b == nil:
		return "is the same"
	case a == nil:
		return "was added: " + show(b)
	case b == nil:
		return "was removed: " + show(a)
	}
	return "changed from " + show(a) + " to " + show(b)
}

// show writes a value as JSON, shortened.
func show(n *spec.Node) string {
	if n == nil {
		return "nothing"
	}
	if v, ok := n.Scalar(); ok {
		text, err := json.Marshal(v)
		if err != nil {
			return fmt.Sprint(v)
		}
		return clip(string(text))
	}
	if n.IsArray() {
		parts := []string{}
		for _, item := range n.Items() {
			if _, ok := item.Scalar(); !ok {
				return fmt.Sprintf("a list of %d", len(n.Items()))
			}
			parts = append(parts, show(item))
		}
		return clip("[" + strings.Join(parts, ", ") + "]")
	}
	return clip("an object of " + strings.Join(n.Keys(), ", "))
}

func clip(s string) string {
	if r := []rune(s); len(r) > 80 {
		return string(r[:79]) + "…"
	}
	return s
}
