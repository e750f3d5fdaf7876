package spec

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// merged is what several parts became.
type merged struct {
	root     *node
	raw      []byte // JSON text, when there was but one part
	warnings []Warning
}

// merge joins parts into one tree; the rules stand at [Load]. The parts' own
// nodes are used, so that each keeps its place.
func merge(parts []part) (*merged, error) {
	if len(parts) == 1 {
		return &merged{root: parts[0].root, raw: parts[0].raw}, nil
	}
	m := &merged{root: parts[0].root.shallow()}
	for _, p := range parts[1:] {
		if err := m.security(p.root); err != nil {
			return nil, err
		}
		for _, field := range p.root.members() {
			if err := m.field(field); err != nil {
				return nil, err
			}
		}
	}
	return m, nil
}

// field merges one field of another source's document.
func (m *merged) field(field *node) error {
	own := m.root.member(field.key)
	if own == nil {
		m.root.add(field)
		return nil
	}
	switch field.key {
	case "openapi":
		return m.version(own, field)
	case "security": // see below
		return nil
	case "jsonSchemaDialect":
		return unequal(own, field, "jsonSchemaDialect")
	case "paths", "webhooks":
		return m.join(field, func(own, other *node) error { return joinItem(field.key, own, other) })
	case "components":
		return m.join(field, joinSection)
	case "servers":
		m.union(field, "url")
	case "tags":
		m.union(field, "name")
	default:
		if !same(own, field) {
			m.warn(field, Join("", field.key), fmt.Sprintf("`%s` differs from that at %s, which is taken", field.key, own.position()))
		}
	}
	return nil
}

// version takes the later of two versions of the same minor.
func (m *merged) version(own, other *node) error {
	a, b := own.text(), other.text()
	if minorOf(a) != minorOf(b) {
		return conflict(own, other, fmt.Sprintf("`openapi` is %s and %s", a, b), "convert one of them: sources of different versions have different schemas")
	}
	if len(b) > len(a) || (len(b) == len(a) && b > a) {
		m.replace(other)
	}
	return nil
}

// security refuses a top-level security that operations of either side would
// lose or win: it holds for all that have none of their own.
func (m *merged) security(other *node) error {
	a, b := m.root.member("security"), other.member("security")
	none := func(n *node) bool { return n == nil || len(n.children) == 0 }
	if (none(a) && none(b)) || (a != nil && b != nil && same(a, b)) {
		return nil
	}
	if a == nil {
		a = m.root
	}
	if b == nil {
		b = other
	}
	for _, o := range slices.Concat(operationsOf(m.root), operationsOf(other)) {
		if o.node.member("security") == nil {
			return conflict(a, b, fmt.Sprintf("%s %s relies on `security` at the top, and the sources differ there", o.method, printable(o.path)),
				"import sources of one API together, or give the operation its own security")
		}
	}
	return nil
}

// join merges an object by the names of its members.
func (m *merged) join(field *node, both func(own, other *node) error) error {
	if m.root.member(field.key).form != formObject || field.form != formObject {
		return unequal(m.root.member(field.key), field, Join("", field.key))
	}
	own := m.own(field.key)
	for _, child := range field.children {
		mine := own.member(child.key)
		var err error
		switch {
		case mine == nil:
			own.add(child)
		case mine.form != formObject || child.form != formObject:
			err = unequal(mine, child, Join("", field.key, child.key))
		default:
			copied := mine.shallow()
			own.children[slices.Index(own.children, mine)] = copied
			err = both(copied, child)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// joinItem merges what two sources have under one path. Methods are joined; what holds
// for all of them must be equal.
func joinItem(section string, own, other *node) error {
	alone := func(a, b *node, key string) error {
		if slices.Contains(Methods(), key) || key == "summary" || key == "description" || strings.HasPrefix(key, "x-") {
			return nil
		}
		return conflict(a, b, fmt.Sprintf("`%s` of %s stands in one source alone", key, printable(own.key)), "make the sources agree: it holds for every method of the path")
	}
	for _, mine := range own.members() {
		if other.member(mine.key) == nil {
			if err := alone(mine, other, mine.key); err != nil {
				return err
			}
		}
	}
	for _, child := range other.members() {
		mine := own.member(child.key)
		err := alone(own, child, child.key)
		if mine != nil {
			err = unequal(mine, child, Join("/"+section, own.key, child.key))
		} else if err == nil {
			own.add(child)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// joinSection merges one section of the components.
func joinSection(own, other *node) error {
	for _, child := range other.members() {
		if mine := own.member(child.key); mine == nil {
			own.add(child)
		} else if err := unequal(mine, child, Join("/components", own.key, child.key)); err != nil {
			return err
		}
	}
	return nil
}

// union appends the items whose key no item has yet.
func (m *merged) union(field *node, key string) {
	own := m.own(field.key)
	if own.form != formArray || field.form != formArray {
		m.warn(field, Join("", field.key), fmt.Sprintf("`%s` is no list", field.key))
		return
	}
	for i, item := range field.children {
		at := slices.IndexFunc(own.children, func(mine *node) bool { return mine.member(key).text() == item.member(key).text() })
		switch {
		case at < 0:
			own.children = append(own.children, item)
		case !same(own.children[at], item):
			m.warn(item, Join("", field.key, strconv.Itoa(i)), fmt.Sprintf("%s of `%s` differs from that at %s, which is taken", printable(item.member(key).text()), field.key, own.children[at].position()))
		}
	}
}

// own returns a copy of a field of the root that may be changed, in its place.
func (m *merged) own(key string) *node {
	copied := m.root.member(key).shallow()
	m.replace(copied)
	return copied
}

// replace puts a member in the place of the one of the same key.
func (m *merged) replace(n *node) {
	m.root.children[slices.Index(m.root.children, m.root.member(n.key))] = n
}

func (m *merged) warn(at *node, pointer, message string) {
	m.warnings = append(m.warnings, Warning{
		Position: at.position(), Pointer: pointer, Message: message,
		HowToFix: "name the source first whose it shall be, or make them agree",
	})
}

// shallow copies a node, its children being the same.
func (n *node) shallow() *node {
	copied := *n
	copied.children, copied.index = slices.Clone(n.children), maps.Clone(n.index)
	return &copied
}

// same says whether two values are equal, whatever the order of keys and the
// escapes in strings.
func same(a, b *node) bool {
	x, _ := difference(a, b)
	return x == nil
}

// unequal names the first place at which two values differ.
func unequal(a, b *node, what string) error {
	x, y := difference(a, b)
	if x == nil {
		return nil
	}
	return conflict(x, y, what+" differs between the sources", "fetch both anew, or import the one that is right")
}

// difference finds where two values first differ; nil when they are equal.
func difference(a, b *node) (x, y *node) {
	if a.form != b.form || a.form == formScalar && a.literal != b.literal || a.text() != b.text() {
		return a, b
	}
	for i, c := range a.children {
		other := b.counterpart(i, c)
		if other == nil {
			return c, b
		}
		if x, y := difference(c, other); x != nil {
			return x, y
		}
	}
	for i, c := range b.children {
		if a.counterpart(i, c) == nil {
			return a, c
		}
	}
	return nil, nil
}

// counterpart returns the member of the same key, or the item of the same index,
// as a child of another value has.
func (n *node) counterpart(i int, of *node) *node {
	switch {
	case n.form == formObject:
		return n.member(of.key)
	case i < len(n.children):
		return n.children[i]
	}
	return nil
}

// conflict makes an error that names both places.
func conflict(a, b *node, message, howToFix string) error {
	return b.fail(fmt.Sprintf("%s; the other place is %s", message, a.position()), howToFix)
}
