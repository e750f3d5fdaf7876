package spec

import "maps"

// target is what references lead to, made once however many there are.
type target struct {
	node   *Node // nil while it is being made
	circle *Node // what a reference met meanwhile stands for
}

// use returns what a reference to the target stands for.
func (t *target) use() *Node {
	if t.node != nil {
		return t.node
	}
	if t.circle == nil {
		t.circle = &Node{}
	}
	return t.circle
}

type build func(v any, at *place) *Node

// target finds or makes what ref leads to; nil when that is not a place in the
// document, as with an anchor.
func (n *normaliser) target(role, ref string, form build) *target {
	pointer, ok := within(ref)
	v, there := n.doc.Lookup(pointer)
	if !ok || !there {
		return nil
	}
	key := role + " " + pointer
	if t, ok := n.targets[key]; ok {
		return t
	}
	t := &target{}
	n.targets[key] = t
	made := form(v, n.place(pointer))
	if t.circle != nil {
		*t.circle = *made
		made = t.circle
	}
	t.node = made
	return t
}

// deref makes v, or what it refers to. Members beside the $ref, such as a
// description of its own, stand before those of the target (OpenAPI 3.1,
// Reference Object).
func (n *normaliser) deref(kind string, v any, at *place) *Node {
	return n.derefAs(kind, v, at, func(v any, at *place) *Node { return n.object(kind, v, at) })
}

func (n *normaliser) derefAs(role string, v any, at *place, form build) *Node {
	obj, _ := v.(map[string]any)
	ref, ok := obj["$ref"].(string)
	if !ok {
		return form(v, at)
	}
	t := n.target(role, ref, func(v any, at *place) *Node { return n.derefAs(role, v, at, form) })
	if t == nil {
		return n.value(v, at)
	}
	used := t.use()
	if len(obj) == 1 || used.kind != object {
		return used
	}
	members := maps.Clone(used.members)
	for k, sibling := range obj {
		if k != "$ref" {
			members[k] = n.value(sibling, at.down(k))
		}
	}
	return newObject(at, members)
}
