package spec

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// source is a schema as the document has it.
type source struct {
	v    any
	at   *place
	null nullness
	said *place // where null was added
}

// nullness is what stands around a schema makes of null: anyOf of it and null
// adds it; oneOf of null and what takes null removes it.
type nullness byte

const (
	asSaid nullness = iota
	added
	removed
)

// with is another schema that the same holds for.
func (s source) with(v any, at *place) source {
	s.v, s.at = v, at
	return s
}

// conjuncts are the schemas that hold for one value together: references and
// allOf are followed, and so are anyOf and oneOf that leave one branch beside
// null.
type conjuncts struct {
	list   []conjunct
	opaque []source // with keywords that see what their own schema evaluates
	never  *place   // of a schema false
	seen   map[identity]bool
}

// conjunct is the keywords of a schema that are its own.
type conjunct struct {
	source
	id  identity
	own map[string]any
}

// identity tells schemas apart: one is one object, however many references
// lead to it.
type identity struct {
	object uintptr
	null   nullness
}

func (s source) identity() identity {
	obj, _ := s.v.(map[string]any)
	return identity{reflect.ValueOf(obj).Pointer(), s.null}
}

// schema makes a JSON Schema in normal form.
func (n *normaliser) schema(v any, at *place) *Node { return n.all(source{v: v, at: at}) }

// all makes one schema of sources that hold together.
func (n *normaliser) all(sources ...source) *Node {
	_, at := n.referred(sources[0].v, sources[0].at)
	c := n.conjuncts(sources...)
	switch {
	case c.never != nil:
		return newScalar(c.never, false)
	case len(c.list)+len(c.opaque) == 0:
		return newScalar(at, true) // JSON Schema 2020-12, core 4.3.2
	}
	key := c.key()
	if known := n.schemas[key]; known != nil {
		return known
	}
	made := &Node{kind: object, schema: true, at: at}
	n.schemas[key] = made
	for _, p := range c.list {
		made.parts = append(made.parts, p.at)
	}
	if len(c.list) == 1 && len(c.opaque) == 0 && c.list[0].null != added {
		made.at, made.parts = c.list[0].at, nil
	}
	if n.keywords(c, made); len(made.members) == 0 {
		*made = *newScalar(made.at, true)
	}
	return made
}

func (n *normaliser) conjuncts(sources ...source) *conjuncts {
	c := &conjuncts{seen: map[identity]bool{}}
	for _, s := range sources {
		n.add(s, len(sources) == 1, c)
	}
	return c
}

// key is the same for what is put together from the same schemas.
func (c *conjuncts) key() string {
	var key []byte
	for _, p := range c.list {
		key = append(strconv.AppendUint(key, uint64(p.id.object), 36), "/+-"[p.id.null])
	}
	for _, s := range c.opaque {
		id := s.identity()
		key = append(strconv.AppendUint(append(key, '!'), uint64(id.object), 36), "/+-"[id.null])
	}
	return string(key)
}

// referred follows a schema that is a reference and nothing else.
func (n *normaliser) referred(v any, at *place) (any, *place) {
	for range 64 { // longer chains are circles, which Parse refuses
		obj, _ := v.(map[string]any)
		ref, ok := obj["$ref"].(string)
		if !ok || len(obj) > 1 {
			break
		}
		target, where, ok := n.resolve(ref)
		if !ok {
			break
		}
		v, at = target, where
	}
	return v, at
}

// add adds a schema to c. alone says that nothing else is or comes beside it.
func (n *normaliser) add(s source, alone bool, c *conjuncts) {
	obj, ok := s.v.(map[string]any)
	if !ok {
		if s.v == false {
			c.never = s.at
		}
		return
	}
	p := conjunct{source: s, id: s.identity(), own: map[string]any{}}
	if c.seen[p.id] {
		return
	}
	c.seen[p.id] = true
	if !alone && (obj["unevaluatedProperties"] != nil || obj["unevaluatedItems"] != nil) {
		c.opaque = append(c.opaque, s)
		return
	}
	var below []source
	for k, v := range obj {
		if !saysNothing(k, v) {
			p.own[k] = v
		}
	}
	for _, k := range []string{"$ref", "allOf", "anyOf", "oneOf"} {
		if more, followed := n.below(k, &p); followed {
			delete(p.own, k)
			below = append(below, more...)
		}
	}
	if len(p.own) > 0 {
		c.list = append(c.list, p)
		alone = false
	}
	for _, b := range below {
		n.add(b, alone && len(below) == 1, c)
	}
}

// below are the schemas that a keyword of p adds to the conjunction, if it can
// be followed: it is then no longer p's own.
func (n *normaliser) below(k string, p *conjunct) ([]source, bool) {
	at := p.at.down(k)
	if ref, ok := p.own[k].(string); ok && k == "$ref" {
		target, where, ok := n.resolve(ref)
		return []source{p.with(target, where)}, ok
	}
	list, ok := p.own[k].([]any)
	var all []source
	for i, b := range list {
		all = append(all, p.with(b, at.down(itoa(i))))
	}
	if k == "allOf" {
		return all, ok
	}
	all = n.expanded(all, k)
	null := slices.IndexFunc(all, n.isNull)
	switch {
	case len(all) == 1:
		return all, true
	case len(all) == 2 && null >= 0 && !n.isNull(all[1-null]):
		only := all[1-null]
		if only.null == asSaid {
			only.null, only.said = added, all[null].at
			if takes, _ := n.takesNull(all[1-null]); takes && k == "oneOf" {
				only.null = removed
			}
		}
		return []source{only}, true
	}
	return nil, false
}

// expanded are branches with those of an anyOf in an anyOf in its place; of
// equal branches of anyOf the first.
func (n *normaliser) expanded(branches []source, k string) []source {
	if k == "oneOf" {
		return branches
	}
	var all []source
	for _, b := range branches {
		v, at := n.referred(b.v, b.at)
		obj, _ := v.(map[string]any)
		inner, _ := obj["anyOf"].([]any)
		for key := range obj {
			if key != "anyOf" && !IsAnnotation(key) {
				inner = nil
			}
		}
		nested := []source{b}
		if len(inner) > 0 {
			nested = nil
			for i, v := range inner {
				nested = append(nested, b.with(v, at.down("anyOf").down(itoa(i))))
			}
			nested = n.expanded(nested, k)
		}
		for _, b := range nested {
			if !slices.ContainsFunc(all, func(other source) bool { return reflect.DeepEqual(other.v, b.v) }) {
				all = append(all, b)
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(all), func(b source) bool { // an integer is a number
		return slices.Equal(n.bareTypes(b), []string{"integer"}) && slices.ContainsFunc(all, func(other source) bool { return slices.Contains(n.bareTypes(other), "number") })
	})
}

// isNull recognises the schema of null alone.
func (n *normaliser) isNull(s source) bool {
	types := n.bareTypes(s)
	return len(types) == 1 && types[0] == "null"
}

// bareTypes are the types of a schema that says nothing else of a value; nil
// when it does.
func (n *normaliser) bareTypes(s source) []string {
	v, _ := n.referred(s.v, s.at)
	obj, _ := v.(map[string]any)
	for k, v := range obj {
		if k != "type" && !IsAnnotation(k) && !saysNothing(k, v) {
			return nil
		}
	}
	return typesOf(obj)
}

// takesNull tells whether a schema takes null, and where it says so; no place
// where it takes null because it says nothing of types.
func (n *normaliser) takesNull(s source) (bool, *place) { return n.takeNull(n.conjuncts(s)) }

func (n *normaliser) takeNull(c *conjuncts) (bool, *place) {
	if c.never != nil {
		return false, nil
	}
	var said *place
	for _, p := range c.list {
		takes, where := n.conjunctTakesNull(p)
		switch {
		case p.null == removed:
			return false, nil
		case !takes && p.null == added:
			where = p.said
		case !takes:
			return false, nil
		}
		if said == nil {
			said = where
		}
	}
	for _, s := range c.opaque {
		takes, where := n.takesNull(s)
		if !takes && s.null != added || s.null == removed {
			return false, nil
		}
		if said == nil {
			said = where
		}
	}
	return true, said
}

func (n *normaliser) conjunctTakesNull(p conjunct) (bool, *place) {
	var said *place
	takes := true
	if names := typesOf(p.own); names != nil {
		takes = slices.Contains(names, "null")
		said = p.at.down("type")
	}
	if values, ok := p.own["enum"].([]any); ok {
		takes = takes && slices.Contains(values, nil)
		said = p.at.down("enum")
	}
	if value, ok := p.own["const"]; ok {
		takes = takes && value == nil
		said = p.at.down("const")
	}
	for _, k := range []string{"anyOf", "oneOf"} {
		branches, ok := p.own[k].([]any)
		if !ok {
			continue
		}
		count := 0
		for i, b := range branches {
			if yes, where := n.takesNull(source{v: b, at: p.at.down(k).down(itoa(i))}); yes {
				count++
				if said == nil {
					said = where
				}
			}
		}
		takes = takes && (count == 1 || count > 1 && k == "anyOf")
	}
	if not, ok := p.own["not"]; ok {
		refuses, _ := n.takesNull(source{v: not, at: p.at.down("not")})
		takes = takes && !refuses
	}
	return takes, said
}

// IsAnnotation tells whether a keyword of a schema describes the value and does
// not constrain it.
func IsAnnotation(keyword string) bool {
	switch keyword {
	case "title", "description", "default", "deprecated", "readOnly", "writeOnly", "example", "examples",
		"externalDocs", "xml", "$comment":
		return true
	}
	return strings.HasPrefix(keyword, "x-")
}
