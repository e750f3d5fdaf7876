package spec

import (
	"fmt"
	"net/url"
	"strings"
)

// checkReferences finds the first `$ref` that leaves the document, leads
// nowhere, or comes back to itself without having gone into a part of the
// value: by references alone, or by them and allOf, anyOf and their like. (JSON
// Schema 2020-12, core 9.4.1: such schemas have no meaning.)
func checkReferences(root *node) error {
	c := &circles{root: root, state: map[*node]int{}}
	return eachReference(root, func(ref *node) error {
		target, err := leadsTo(root, ref)
		if err != nil {
			return err
		}
		if c.meets(target) {
			return ref.fail(fmt.Sprintf("the reference %s goes round in a circle", printable(ref.text())),
				"let it end at something that is not a reference, or refer to it from a property or an item")
		}
		return nil
	})
}

// circles finds schemas that apply to a value because they apply to it.
type circles struct {
	root  *node
	state map[*node]int
}

// meets says whether a circle is met on the way from a schema.
func (c *circles) meets(schema *node) bool {
	const open, done = 1, 2
	if state := c.state[schema]; state > 0 || schema == nil || schema.form != formObject {
		return state == open
	}
	c.state[schema] = open
	if ref := schema.member("$ref"); ref.text() != "" && c.meets(follow(c.root, ref)) {
		return true
	}
	for _, a := range applicators() {
		if a.place != InPlace && a.key != "not" && a.key != "if" {
			continue
		}
		switch under := schema.member(a.key); {
		case under == nil:
		case a.shape == one:
			if c.meets(under) {
				return true
			}
		default:
			for _, sub := range under.children {
				if c.meets(sub) {
					return true
				}
			}
		}
	}
	c.state[schema] = done
	return false
}

// leadsTo returns what a reference points to.
func leadsTo(root, ref *node) (*node, error) {
	if !strings.HasPrefix(ref.text(), "#") {
		return nil, ref.fail(fmt.Sprintf("the external reference %s leaves the document, and nothing is fetched", printable(ref.text())),
			"bundle the document into one file first")
	}
	found := follow(root, ref)
	if found == nil {
		return nil, ref.fail(fmt.Sprintf("the reference %s leads nowhere", printable(ref.text())),
			"add what it names, import the source that holds it along with this one, or mend the reference")
	}
	return found, nil
}

// follow returns the node a reference within the document names; nil if none.
func follow(root, ref *node) *node {
	fragment, within := strings.CutPrefix(ref.text(), "#")
	pointer, err := url.PathUnescape(fragment)
	if err != nil || !within || (pointer != "" && !strings.HasPrefix(pointer, "/")) {
		return nil
	}
	return root.at(pointer)
}

// eachReference calls visit for each `$ref` in document order until it fails.
// It looks where OpenAPI and JSON Schema have Reference Objects and schemas,
// not into examples and other data.
func eachReference(n *node, visit func(ref *node) error) error {
	return referencesIn(n, false, visit)
}

// referencesIn searches n; names says that n's keys are names of the document's
// own (of schemas, properties, paths), not words of the specification.
func referencesIn(n *node, names bool, visit func(ref *node) error) error {
	for _, c := range n.children {
		switch {
		case n.form == formObject && !names && c.key == "$ref" && c.form == formText:
			if err := visit(c); err != nil {
				return err
			}
		case n.form == formObject && !names && holdsData(c):
		default:
			if err := referencesIn(c, n.form == formObject && !names && c.form == formObject && holdsNames(c.key), visit); err != nil {
				return err
			}
		}
	}
	return nil
}

// holdsData says whether a member's value is data: what stands in it is not
// OpenAPI, whatever it looks like.
func holdsData(member *node) bool {
	switch member.key {
	case "example", "default", "const", "enum", "value", "discriminator", "security":
		return true
	case "examples": // of a schema a list of values, elsewhere Example Objects by name
		return member.form == formArray
	}
	return strings.HasPrefix(member.key, "x-")
}

// holdsNames says whether the keys of the object under this key are names.
func holdsNames(key string) bool {
	switch key {
	case "paths", "webhooks", "schemas", "responses", "parameters", "examples", "requestBodies", "headers", "securitySchemes",
		"links", "callbacks", "pathItems", "properties", "patternProperties", "dependentSchemas", "$defs", "definitions",
		"content", "encoding", "variables":
		return true
	}
	return false
}
