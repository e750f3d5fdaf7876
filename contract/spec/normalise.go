package spec

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Normalise gives the document in normal form, in which documents that mean the same
// are equal:
//
//   - references are followed, so components are gone; a recursion stays one
//   - schemas that hold together (allOf, $ref and what stands beside it) are one
//     schema wherever one can say the same; of two annotations the outermost counts
//   - `nullable`, type [T, null], anyOf and oneOf of T and null are one form; const is
//     an enum of one, enum says its types; anyOf and oneOf of one schema are that
//     schema, those of bare types a list of types
//   - the order of keys, of enum, required, type and parameters and of the branches of
//     allOf, anyOf and oneOf does not count; 1.0 is 1
//   - parameters of a path and `security` of the document stand at each operation;
//     names in path templates are numbered; headers are lower-case
//   - values that say what holds anyway, such as `required: false`, are gone
//
// The version of OpenAPI is no part of the meaning. The root has the members of the
// document except components. Parameters are an object by place and name, such as
// "query limit" and, numbered, "path 1"; security is an object by the schemes of each
// alternative, such as "a and b", of objects by scheme, of `scheme` and `scopes`.
func (d *Document) Normalise() *Node {
	n := &normaliser{doc: d, targets: map[string]*Node{}, schemas: map[schemaKey]*Node{}}
	members := map[string]*Node{}
	for k, v := range d.Tree {
		below := Join("", k)
		switch k {
		case "openapi", "components", "security":
		case "paths":
			members[k] = n.paths(v, below)
		case "webhooks":
			members[k] = n.mapping(v, below, n.of("path"))
		default:
			text, _ := v.(string)
			servers, _ := v.([]any)
			standard := k == "jsonSchemaDialect" && strings.HasPrefix(text, "https://spec.openapis.org/oas/3.1/dialect/base")
			if !standard && (k != "servers" || len(servers) > 0) {
				members[k] = n.value(v, below)
			}
		}
	}
	root := newObject("", members)
	root.seal(d)
	return root
}

type normaliser struct {
	doc     *Document
	targets map[string]*Node
	schemas map[schemaKey]*Node
}

// value takes v as it is.
func (n *normaliser) value(v any, at string) *Node {
	switch v := v.(type) {
	case map[string]any:
		return n.mapping(v, at, n.value)
	case []any:
		return n.list(v, at, n.value)
	}
	return newScalar(at, v)
}

func (n *normaliser) mapping(v any, at string, form build) *Node {
	obj, ok := v.(map[string]any)
	if !ok {
		return newScalar(at, v)
	}
	members := map[string]*Node{}
	for _, k := range sortedKeys(obj) { // in order, so that a circle is always entered at the same place
		members[k] = form(obj[k], Join(at, k))
	}
	return newObject(at, members)
}

func (n *normaliser) shaped(s shape, v any, at string, form build) *Node {
	switch s {
	case list:
		return n.list(v, at, form)
	case mapping:
		return n.mapping(v, at, form)
	default:
		return form(v, at)
	}
}

func (n *normaliser) list(v any, at string, form build) *Node {
	given, ok := v.([]any)
	if !ok {
		return newScalar(at, v)
	}
	items := []*Node{}
	for i, item := range given {
		items = append(items, form(item, Join(at, itoa(i))))
	}
	return newArray(at, items)
}

// set is a list whose order means nothing; nil when it is empty.
func (n *normaliser) set(v any, at string) *Node {
	list := n.list(v, at, n.value)
	list.set = list.kind == array
	if list.set && len(list.items) == 0 {
		return nil
	}
	return list
}

// paths numbers the names in path templates, which no caller sees. Where two
// templates become the same, their operations stand together; of a method that
// both have, that of the first.
func (n *normaliser) paths(v any, at string) *Node {
	obj, _ := v.(map[string]any)
	members := map[string]*Node{}
	for _, path := range sortedKeys(obj) {
		if strings.HasPrefix(path, "x-") {
			members[path] = n.value(obj[path], Join(at, path))
			continue
		}
		key, names := numbered(path)
		item := n.deref("path", obj[path], Join(at, path))
		if members[key] == nil {
			members[key] = newObject(item.at, map[string]*Node{})
			members[key].name = path
		}
		known := members[key].members
		for k, m := range item.members {
			if known[k] != nil {
				continue
			}
			own := *m
			own.name = path
			if parameters := m.members["parameters"]; parameters != nil {
				byNumber := map[string]*Node{}
				for k, p := range parameters.members {
					name, _ := strings.CutPrefix(k, "path ")
					if i := slices.Index(names, name); i >= 0 && name != k {
						k = "path " + itoa(i+1)
					}
					byNumber[k] = p
				}
				own.members = maps.Clone(m.members)
				own.members["parameters"] = newObject(parameters.at, byNumber)
			}
			known[k] = &own
		}
	}
	return newObject(at, members)
}

var templateName = regexp.MustCompile(`\{[^}]*\}`)

// numbered replaces the names of a path template by their number: /a/{id} is
// /a/{1}. It returns them in order.
func numbered(path string) (string, []string) {
	var names []string
	return templateName.ReplaceAllStringFunc(path, func(name string) string {
		names = append(names, name[1:len(name)-1])
		return "{" + itoa(len(names)) + "}"
	}), names
}

type build func(v any, at string) *Node

// target is what ref leads to, made once however many references there are; nil when
// nothing is there.
func (n *normaliser) target(kind, ref string) *Node {
	pointer, _ := within(ref)
	v, there := n.doc.Lookup(pointer)
	if !there {
		return nil
	}
	key := kind + " " + pointer
	if n.targets[key] == nil {
		made := &Node{} // for references to it in what it holds
		n.targets[key] = made
		*made = *n.deref(kind, v, pointer)
	}
	return n.targets[key]
}

// deref makes v, or what it refers to. Members beside the $ref, such as a
// description of its own, stand before those of the target (OpenAPI 3.1,
// Reference Object).
func (n *normaliser) deref(kind string, v any, at string) *Node {
	obj, _ := v.(map[string]any)
	ref, ok := obj["$ref"].(string)
	if !ok {
		return n.object(kind, v, at)
	}
	used := n.target(kind, ref)
	if used == nil {
		return n.value(v, at)
	}
	if len(obj) == 1 || used.kind != object {
		return used
	}
	members := maps.Clone(used.members)
	for k, sibling := range obj {
		if k != "$ref" {
			members[k] = n.value(sibling, Join(at, k))
		}
	}
	return newObject(at, members)
}

// of is deref of a kind.
func (n *normaliser) of(kind string) build {
	return func(v any, at string) *Node { return n.deref(kind, v, at) }
}
