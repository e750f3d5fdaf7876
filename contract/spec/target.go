package spec

import (
	"crypto/sha256"
	"net/url"
	"strings"
)

// target is what references lead to, made once however many there are.
type target struct {
	pointer string
	at      *place
	node    *Node // nil while it is being made: a reference met then closes a circle
	// refusesNull is what the text says of a schema that is being made.
	refusesNull bool
}

// use returns what a reference to the target stands for.
func (t *target) use() *Node {
	if t.node != nil {
		return t.node
	}
	n := &Node{kind: reference, ref: t, at: t.at, open: true}
	sum := sha256.Sum256([]byte("$ref " + t.pointer))
	copy(n.digest[:], sum[:])
	return n
}

type build func(v any, at *place) *Node

// target finds or makes what ref leads to; nil when that is not a place in the
// document, as with an anchor.
func (n *normaliser) target(role, ref string, form build) *target {
	pointer, ok := strings.CutPrefix(ref, "#")
	if !ok || (pointer != "" && !strings.HasPrefix(pointer, "/")) {
		return nil
	}
	v, ok := n.doc.Lookup(pointer)
	if !ok {
		// A $ref is a URI reference: its fragment may be percent-encoded.
		plain, err := url.PathUnescape(pointer)
		if err != nil {
			return nil
		}
		if v, ok = n.doc.Lookup(plain); !ok {
			return nil
		}
		pointer = plain
	}
	key := role + " " + pointer
	if t, ok := n.targets[key]; ok {
		return t
	}
	t := &target{pointer: pointer, at: placeOf(pointer)}
	if obj, ok := v.(map[string]any); ok {
		name, _ := obj["type"].(string)
		t.refusesNull = name != "" && name != "null"
	}
	n.targets[key] = t
	t.node = form(v, t.at)
	return t
}

// deref makes v, or what it refers to. Members beside the $ref, such as a
// description of its own, stand before those of the target (OpenAPI 3.1,
// Reference Object).
func (n *normaliser) deref(role string, v any, at *place, form build) *Node {
	obj, _ := v.(map[string]any)
	ref, ok := obj["$ref"].(string)
	if !ok {
		return form(v, at)
	}
	t := n.target(role, ref, func(v any, at *place) *Node { return n.deref(role, v, at, form) })
	if t == nil {
		return n.value(v, at)
	}
	used := t.use()
	if len(obj) == 1 || used.kind != object {
		return used
	}
	members := map[string]*Node{}
	for k, m := range used.members {
		members[k] = m
	}
	for k, sibling := range obj {
		if k != "$ref" {
			members[k] = n.value(sibling, at.down(k))
		}
	}
	return newObject(at, members)
}
