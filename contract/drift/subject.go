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
func subject(n *spec.Node) string { return subjectAt(n.Pointer(), n.Parameter()) }

// subjectAt names what stands at a pointer, in a parameter or in none.
func subjectAt(pointer, parameter string) string {
	tokens := spec.Tokens(pointer)
	path, holder := schemaPath(tokens)
	if path == "" {
		return holderName(tokens[:holder], parameter)
	}
	return "property " + path + " of " + holderName(tokens[:holder], parameter)
}

var componentKinds = map[string]string{
	"schemas": "schema", "responses": "response", "requestBodies": "request body",
	"securitySchemes": "security scheme", "examples": "example", "links": "link", "callbacks": "callback",
}

// holderName names what is no schema, or the schema as a whole.
func holderName(tokens []string, parameter string) string {
	after := func(token string) string { // what follows a token, or ""
		if i := slices.Index(tokens, token); i >= 0 && i+1 < len(tokens) {
			return tokens[i+1]
		}
		return ""
	}
	n := len(tokens)
	component := n >= 3 && tokens[0] == "components" && tokens[1] != "parameters"
	item := n > 0 && (tokens[0] == "paths" || tokens[0] == "webhooks")
	in, name, found := strings.Cut(parameter, " ")
	switch {
	case after("headers") != "":
		return "header " + after("headers")
	case found && !component:
		return in + " parameter " + name
	case component:
		return componentKinds[tokens[1]] + " " + tokens[2]
	case slices.Contains(tokens, "requestBody"):
		return "the request body"
	case after("responses") != "":
		return "response " + after("responses")
	case item && n == 2:
		return tokens[1]
	case item && n == 3:
		return strings.ToUpper(tokens[2]) + " " + tokens[1]
	case n == 0, tokens[0] == "info":
		return "the document"
	}
	return strings.Join(tokens[max(n-2, 0):], " ")
}

// schemaPath writes the part of a pointer that leads through schemas as a path of
// properties, "" at the top, and returns how many tokens come before that part.
func schemaPath(tokens []string) (string, int) {
	start := len(tokens)
	if start > 3 && tokens[0] == "components" && tokens[1] == "schemas" {
		start = 3
	} else {
		for i, t := range tokens {
			if t == "schema" && i > 2 && slices.Contains([]string{"content", "parameters", "headers"}, tokens[i-2]) {
				start = i + 1
				break
			}
		}
	}
	path := ""
	for i := start; i < len(tokens); i++ {
		switch tokens[i] {
		case "properties":
			if i++; i < len(tokens) {
				path += "." + tokens[i]
			}
		case "items":
			path += "[]"
		case "additionalProperties":
			path += "{*}"
		case "patternProperties":
			path += "{*}"
			i++
		}
	}
	return strings.TrimPrefix(path, "."), start
}

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
	v, scalar := n.Scalar()
	switch {
	case n == nil:
		return "nothing"
	case scalar:
		text, err := json.Marshal(v)
		if err != nil {
			return fmt.Sprint(v)
		}
		return clip(string(text))
	case !n.IsArray():
		return clip("an object of " + strings.Join(n.Keys(), ", "))
	}
	var parts []string
	for _, item := range n.Items() {
		if _, ok := item.Scalar(); !ok {
			return fmt.Sprintf("a list of %d", len(n.Items()))
		}
		parts = append(parts, show(item))
	}
	return clip("[" + strings.Join(parts, ", ") + "]")
}

func clip(s string) string {
	if r := []rune(s); len(r) > 80 {
		return string(r[:79]) + "…"
	}
	return s
}
