package coverage

import (
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/digakit/digakit/contract/spec"
)

const (
	maxDepth    = 32   // of nodes above one another
	maxCounters = 5000 // of one body
)

// grower makes the nodes of one body.
type grower struct {
	plan    *plan
	doc     *spec.Document
	absent  string // keyword of properties that do not travel this way
	made    int
	bounded bool
}

// parts collects what several schemas say of one value.
type parts struct {
	seen       map[string]bool
	entered    []string // the schemas that are this value, not only a part of what is said of it
	order      []string // names of properties
	properties map[string][]string
	rest       []string
	items      []string
	values     []any
}

// grow makes the node of the values that the schemas at pointers describe together.
// Around lists the schemas of the nodes above.
func (g *grower) grow(pointers []string, parent *node, path string, isProperty bool, around []string) *node {
	n := &node{id: len(g.plan.nodes), parent: -1, path: path, present: -1, null: -1, yes: -1, no: -1}
	g.plan.nodes = append(g.plan.nodes, 0)
	g.plan.parents = append(g.plan.parents, -1)
	if parent != nil {
		n.parent = parent.id
		g.plan.parents[n.id] = n.parent
		defer func() { g.plan.nodes[parent.id] += g.plan.nodes[n.id] }()
	}
	if isProperty {
		n.present = g.count(n)
	}
	p := parts{seen: map[string]bool{}, properties: map[string][]string{}}
	for _, at := range pointers {
		g.gather(&p, at, true)
	}
	for _, v := range p.values {
		if g.more() {
			n.add(v, func() int { return g.count(n) })
		}
	}
	if slices.ContainsFunc(p.entered, func(at string) bool { return slices.Contains(around, at) }) {
		return n // a schema inside itself
	}
	if len(around) > 4*maxDepth {
		g.bounded = true
		return n
	}
	g.children(n, &p, slices.Concat(around, p.entered))
	return n
}

func (g *grower) children(n *node, p *parts, around []string) {
	for _, name := range p.order {
		if !g.more() {
			break
		}
		child := g.grow(p.properties[name], n, join(n.path, name), true, around)
		n.byName = put(n.byName, name, len(n.properties))
		n.properties = append(n.properties, property{keyOf(name), child})
	}
	n.after = make([]atomic.Int32, len(n.properties)+1)
	if len(p.rest) > 0 && g.more() {
		n.rest = g.grow(p.rest, n, strings.TrimPrefix(n.path+".*", "."), true, around)
	}
	if len(p.items) > 0 && g.more() {
		n.items = g.grow(p.items, n, n.path+"[]", false, around)
	}
}

func keyOf(name string) string {
	if strings.ContainsAny(name, "\"\\") {
		return ""
	}
	return `"` + name + `"`
}

// more tells whether there is room for another counter.
func (g *grower) more() bool {
	g.bounded = g.bounded || g.made >= maxCounters
	return g.made < maxCounters
}

// count makes a counter that belongs to n.
func (g *grower) count(n *node) int {
	g.made++
	g.plan.nodes[n.id]++
	return g.plan.counter()
}

// gather collects from a schema and from those that apply to the same value.
func (g *grower) gather(p *parts, pointer string, entered bool) {
	v, _ := g.doc.Lookup(pointer)
	schema, ok := v.(map[string]any)
	if !ok || p.seen[pointer] {
		return
	}
	p.seen[pointer] = true
	if entered {
		p.entered = append(p.entered, pointer)
	}
	if ref, ok := schema["$ref"].(string); ok && strings.HasPrefix(ref, "#") {
		g.gather(p, ref[1:], entered)
	}
	for _, keyword := range []string{"anyOf", "oneOf", "allOf"} {
		branches, _ := schema[keyword].([]any)
		for i := range branches {
			g.gather(p, spec.Join(pointer, keyword, strconv.Itoa(i)), entered && keyword != "allOf")
		}
	}
	g.gather(p, spec.Join(pointer, "then"), false)
	g.gather(p, spec.Join(pointer, "else"), false)
	for _, name := range keys(g.doc, spec.Join(pointer, "dependentSchemas")) {
		g.gather(p, spec.Join(pointer, "dependentSchemas", name), false)
	}
	p.values = append(p.values, valuesOf(schema)...)
	g.gatherParts(p, schema, pointer)
}

// gatherParts collects the schemas of properties and items.
func (g *grower) gatherParts(p *parts, schema map[string]any, pointer string) {
	for _, name := range keys(g.doc, spec.Join(pointer, "properties")) {
		at := spec.Join(pointer, "properties", name)
		if !g.travels(at) {
			continue
		}
		if p.properties[name] == nil {
			p.order = append(p.order, name)
		}
		p.properties[name] = append(p.properties[name], at)
	}
	for _, name := range keys(g.doc, spec.Join(pointer, "patternProperties")) {
		p.rest = append(p.rest, spec.Join(pointer, "patternProperties", name))
	}
	if rest, ok := schema["additionalProperties"].(map[string]any); ok && len(rest) > 0 {
		p.rest = append(p.rest, spec.Join(pointer, "additionalProperties"))
	}
	if _, ok := schema["items"].(map[string]any); ok {
		p.items = append(p.items, spec.Join(pointer, "items"))
	}
	first, _ := schema["prefixItems"].([]any)
	for i := range first {
		p.items = append(p.items, spec.Join(pointer, "prefixItems", strconv.Itoa(i)))
	}
}

// travels tells whether a property may be there at all in this direction.
func (g *grower) travels(pointer string) bool {
	if v, _ := g.doc.Lookup(pointer); v == false {
		return false
	}
	for range 64 {
		v, _ := g.doc.Lookup(pointer)
		schema, _ := v.(map[string]any)
		if schema[g.absent] == true {
			return false
		}
		ref, ok := schema["$ref"].(string)
		if !ok || !strings.HasPrefix(ref, "#") {
			return true
		}
		pointer = ref[1:]
	}
	return true
}

// valuesOf lists the values a schema object names: those of enum or const, else
// true and false of a boolean, and null.
func valuesOf(schema map[string]any) []any {
	if c, ok := schema["const"]; ok {
		return []any{c}
	}
	if list, ok := schema["enum"].([]any); ok {
		return list
	}
	var values []any
	for _, t := range typesOf(schema) {
		switch t {
		case "boolean":
			values = append(values, true, false)
		case "null":
			values = append(values, nil)
		}
	}
	return values
}

// typesOf lists the types a schema object gives.
func typesOf(schema map[string]any) []string {
	switch t := schema["type"].(type) {
	case string:
		return []string{t}
	case []any:
		var names []string
		for _, one := range t {
			if name, ok := one.(string); ok {
				names = append(names, name)
			}
		}
		return names
	}
	return nil
}

// keys lists the keys of the object at a pointer in the order the document has
// them; those that the lift from OpenAPI 3.0 added come last.
func keys(doc *spec.Document, pointer string) []string {
	v, _ := doc.Lookup(pointer)
	object, _ := v.(map[string]any)
	var list []string
	for _, name := range doc.Keys(pointer) {
		if _, there := object[name]; there {
			list = append(list, name)
		}
	}
	if len(list) == len(object) {
		return list
	}
	added := len(list)
	for name := range object {
		if !slices.Contains(list[:added], name) {
			list = append(list, name)
		}
	}
	sort.Strings(list[added:])
	return list
}
