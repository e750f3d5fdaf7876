package spec

import (
	"fmt"
	"maps"
	"slices"
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
			own := m.root.member(field.key)
			if own == nil {
				m.root.add(field)
				continue
			}
			joined, err := m.field(own, field)
			if err != nil {
				return nil, err
			}
			m.root.replace(own, joined)
		}
	}
	return m, nil
}

// field returns what a field of the root and that of another source become.
func (m *merged) field(own, other *node) (*node, error) {
	at := Join("", other.key)
	switch other.key {
	case "openapi":
		return laterVersion(own, other)
	case "security": // see below
		return own, nil
	case "jsonSchemaDialect":
		return own, unequal(own, other, other.key)
	case "paths", "webhooks":
		for _, item := range other.members() {
			if err := sharedFields(own.member(item.key), item); err != nil {
				return nil, err
			}
		}
		return join(own, other, at, 2)
	case "components":
		return join(own, other, at, 2)
	case "servers":
		return m.union(own, other, "url"), nil
	case "tags":
		return m.union(own, other, "name"), nil
	}
	if !same(own, other) {
		m.warn(other, at, fmt.Sprintf("`%s` differs from that at %s, which is taken", other.key, own.position()))
	}
	return own, nil
}

// laterVersion is the later of two versions of the same minor.
func laterVersion(own, other *node) (*node, error) {
	a, b := own.text(), other.text()
	switch {
	case minorOf(a) != minorOf(b):
		return nil, conflict(own, other, fmt.Sprintf("`openapi` is %s and %s", a, b), "convert one of them: sources of different versions have different schemas")
	case len(b) > len(a) || len(b) == len(a) && b > a:
		return other, nil
	}
	return own, nil
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

// join returns an object with what another has besides. Members that both have are
// joined too, as many levels down, and must be equal below.
func join(own, other *node, pointer string, levels int) (*node, error) {
	if levels == 0 || own.form != formObject || other.form != formObject {
		return own, unequal(own, other, pointer)
	}
	joined := own.shallow()
	for _, child := range other.children {
		mine := joined.member(child.key)
		if mine == nil {
			joined.add(child)
			continue
		}
		both, err := join(mine, child, Join(pointer, child.key), levels-1)
		if err != nil {
			return nil, err
		}
		joined.replace(mine, both)
	}
	return joined, nil
}

// sharedFields refuses what holds for all methods of a path and stands in one of two
// path items alone.
func sharedFields(own, other *node) error {
	if own == nil {
		return nil
	}
	for _, pair := range [][2]*node{{own, other}, {other, own}} {
		for _, c := range pair[0].members() {
			if pair[1].member(c.key) != nil || slices.Contains(Methods(), c.key) || c.key == "summary" || c.key == "description" || strings.HasPrefix(c.key, "x-") {
				continue
			}
			at := [2]*node{own, c}
			if pair[0] == own {
				at = [2]*node{c, other}
			}
			return conflict(at[0], at[1], fmt.Sprintf("`%s` of %s stands in one source alone", c.key, printable(own.key)), "make the sources agree: it holds for every method of the path")
		}
	}
	return nil
}

// union appends the items whose key no item has yet.
func (m *merged) union(own, other *node, key string) *node {
	if own.form != formArray || other.form != formArray {
		m.warn(other, Join("", other.key), fmt.Sprintf("`%s` is no list", other.key))
		return own
	}
	all := own.shallow()
	for i, item := range other.children {
		at := slices.IndexFunc(all.children, func(mine *node) bool { return mine.member(key).text() == item.member(key).text() })
		switch {
		case at < 0:
			all.children = append(all.children, item)
		case !same(all.children[at], item):
			m.warn(item, Join("", other.key, itoa(i)), fmt.Sprintf("%s of `%s` differs from that at %s, which is taken", printable(item.member(key).text()), other.key, all.children[at].position()))
		}
	}
	return all
}

// replace puts a member in the place of one of the same key.
func (n *node) replace(member, by *node) { n.children[slices.Index(n.children, member)] = by }

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
func same(a, b *node) bool { return unequal(a, b, "") == nil }

// unequal names the first place at which two values differ.
func unequal(a, b *node, what string) error {
	for d := range Differences(a.value(), b.value()) {
		x, y := a.at(d.Pointer), b.at(d.Pointer)
		if holder := Parent(d.Pointer); x == nil {
			x = a.at(holder)
		} else if y == nil {
			y = b.at(holder)
		}
		return conflict(x, y, what+" differs between the sources", "fetch both anew, or import the one that is right")
	}
	return nil
}

// conflict makes an error that names both places.
func conflict(a, b *node, message, howToFix string) error {
	return b.fail(fmt.Sprintf("%s; the other place is %s", message, a.position()), howToFix)
}
