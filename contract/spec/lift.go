package spec

import (
	"slices"
	"strings"
)

// liftedTo is the version of every tree.
const liftedTo = "3.1.0"

// lift gives a schema its form of 3.1, in place, with the published digits.
func (r *reading) lift(n *node, obj map[string]any, pointer string) {
	r.bound(n, obj, pointer, "minimum", "exclusiveMinimum")
	r.bound(n, obj, pointer, "maximum", "exclusiveMaximum")
	if !r.old {
		return
	}
	r.nullable(n, obj, pointer)
	if example, ok := obj["example"]; ok {
		examples, _ := obj["examples"].([]any)
		obj["examples"] = append(examples, example)
		delete(obj, "example")
	}
}

// bound reads an exclusive bound as the version has it that its form is of.
func (r *reading) bound(n *node, obj map[string]any, pointer, bound, exclusive string) {
	member := n.member(exclusive)
	flag, isFlag := obj[exclusive].(bool)
	if member == nil || !r.old && !isFlag {
		return
	}
	if r.old != isFlag {
		r.warn(member, Join(pointer, exclusive), "newer-keyword", "`"+exclusive+"` is a number in OpenAPI 3.1 and a boolean in 3.0: it is read as the other version means it", "have the publisher write it as this version has it")
	}
	if !isFlag {
		return
	}
	delete(obj, exclusive)
	if limit, has := obj[bound]; flag && has {
		obj[exclusive] = limit
		delete(obj, bound)
	}
}

// nullable adds null to the type. Without a type in the same object it does nothing
// (OpenAPI 3.0.3, Schema Object), but beside a reference or a composition authors mean
// that null is taken: the tree then has it as another alternative.
func (r *reading) nullable(n *node, obj map[string]any, pointer string) {
	nullable, _ := obj["nullable"].(bool)
	delete(obj, "nullable")
	if !nullable {
		return
	}
	types, typed := obj["type"].([]any)
	if t, ok := obj["type"].(string); ok {
		types, typed = []any{t}, true
	}
	if typed && !slices.Contains(types, any("null")) {
		obj["type"] = append(types, "null")
	}
	if typed || !slices.ContainsFunc([]string{"$ref", "allOf", "anyOf", "oneOf"}, func(k string) bool { return obj[k] != nil }) {
		return
	}
	r.warn(n.member("nullable"), Join(pointer, "nullable"), "nullable", "`nullable` without a `type` beside it means nothing in OpenAPI 3.0: it is read as meant, and null is taken", "have the publisher add null as an alternative")
	inner := map[string]any{}
	for i := range r.uses {
		if r.uses[i].pointer == pointer {
			r.uses[i].object = inner
		}
	}
	for k, v := range obj {
		if !IsAnnotation(k) {
			inner[k] = v
			delete(obj, k)
		}
	}
	obj["anyOf"] = []any{inner, map[string]any{"type": "null"}}
	r.moved[pointer] = true
}

// AssumesNull tells whether null is an alternative of the schema at a pointer into Tree,
// the second of its anyOf, only because 3.0's `nullable` is read as meant.
func (d *Document) AssumesNull(pointer string) bool {
	at := d.published(pointer)
	return d.moved[at] && d.placed(at) == pointer
}

// deeper is what the tree has between a schema that was moved and its keywords.
const deeper = "/anyOf/0"

// move mends references into schemas that were moved.
func (r *reading) move() {
	for _, u := range r.uses {
		ref, _ := u.object["$ref"].(string)
		pointer, ok := within(ref)
		if placed := r.placed(pointer); ok && placed != pointer {
			u.object["$ref"] = "#" + escapeFragment(placed)
		}
	}
}

// placed is the pointer into the tree of a place of the document.
func (d *Document) placed(pointer string) string {
	out, from := "", 0
	for i := range len(pointer) {
		if pointer[i] == '/' && d.moved[pointer[:i]] {
			out += pointer[from:i] + deeper
			from = i
		}
	}
	return out + pointer[from:]
}

// published is the pointer that a place of the tree has in the document.
func (d *Document) published(pointer string) string {
	out, rest, found := strings.Cut(pointer, deeper)
	for found {
		if !d.moved[out] || rest != "" && rest[0] != '/' {
			out += deeper
		}
		var next string
		next, rest, found = strings.Cut(rest, deeper)
		out += next
	}
	return out
}
