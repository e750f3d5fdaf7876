package spec

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// references goes where each reference leads and reads what stands there. A
// reference that leads nowhere is a fault where it is used; in a component
// that nothing uses it is warned of, and any value fits. So is a schema's
// reference to what is no schema. Circles are faults in any case.
func (r *reading) references() {
	for i := 0; i < len(r.uses); i++ { // reading what a reference leads to may find more
		u := &r.uses[i]
		name := printable(u.ref.text())
		u.target = r.named(u.ref.text())
		switch {
		case u.target == nil && !strings.HasPrefix(u.ref.text(), "#"):
			u.err = u.ref.fail("the external reference "+name+" leaves the document, and nothing is fetched", "bundle the document into one file first")
		case u.target == nil:
			u.err = u.ref.fail("the reference "+name+" leads nowhere", "add what it names, import the source that holds it along with this one, or mend the reference")
		case r.kinds[u.target] == "":
			pointer, ok := within(u.ref.text())
			if obj := r.Document.object(pointer); ok && obj != nil {
				r.object(u.target, obj, pointer, u.kind)
			}
		}
	}
	met := map[*node]int{}
	used := r.used()
	for _, u := range r.uses {
		at := Join(u.pointer, "$ref")
		kind := r.kinds[u.target]
		fits := kind == u.kind || kind == "" && u.kind == "schema" && u.target != nil && u.target.form == formScalar // true and false
		switch {
		case u.err != nil && used[component(u.pointer)]:
			u.err.Pointer = u.pointer
			r.faults = append(r.faults, u.err)
		case u.err != nil:
			r.warn(u.ref, at, "broken-reference", u.err.Message+"; nothing uses it", u.err.HowToFix)
			delete(u.object, "$ref")
		case len(r.faults) <= maxFaults && r.circular(u.target, met):
			for n := range met { // the circle is told once, at the first way into it
				met[n] = 2
			}
			r.faults = append(r.faults, u.ref.fail(fmt.Sprintf("the reference %s goes round in a circle", printable(u.ref.text())), "let it end at something that is not a reference, or refer to it from a property or an item"))
		case !fits:
			message := fmt.Sprintf("%s is %s, and %s belongs here", printable(u.ref.text()), kinds[kind].name, kinds[u.kind].name)
			if u.kind == "schema" {
				message += ": any value is taken"
				delete(u.object, "$ref")
			}
			r.warn(u.ref, at, "reference-to-other-kind", message, "have the publisher mend the reference")
		case !strings.HasPrefix(u.ref.text(), "#/"):
			u.object["$ref"] = "#" + escapeFragment(r.pointers[u.target])
		}
	}
	r.uses = slices.DeleteFunc(r.uses, func(u use) bool { return u.err != nil })
}

// component is the component that a pointer is in; "" for none.
func component(pointer string) string {
	if tokens := Tokens(pointer); len(tokens) >= 3 && tokens[0] == "components" {
		return Join("", tokens[:3]...)
	}
	return ""
}

// used tells the components that what is not a component refers to, directly
// or by others.
func (r *reading) used() map[string]bool {
	leads := map[string][]string{}
	for _, u := range r.uses {
		if u.target != nil {
			from := component(u.pointer)
			leads[from] = append(leads[from], component(r.pointers[u.target]))
		}
	}
	used := map[string]bool{}
	for queue := []string{""}; len(queue) > 0; queue = queue[1:] {
		if name := queue[0]; !used[name] {
			used[name] = true
			queue = append(queue, leads[name]...)
		}
	}
	return used
}

// maxReferences bounds how many references are followed one after the other.
const maxReferences = 64

// within returns the pointer that a reference into the document gives.
func within(ref string) (string, bool) {
	fragment, within := strings.CutPrefix(ref, "#")
	pointer, err := url.PathUnescape(fragment) // a $ref is a URI reference
	return pointer, within && err == nil && (pointer == "" || pointer[0] == '/')
}

// named returns what a reference names: by a pointer, an $anchor or an $id;
// nil when that is nothing.
func (r *reading) named(ref string) *node {
	if pointer, ok := within(ref); ok {
		return r.root.at(pointer)
	}
	if n := r.anchors[ref]; n != nil {
		return n
	}
	base, fragment, _ := strings.Cut(ref, "#")
	pointer, ok := within("#" + fragment)
	if n := r.anchors[base]; ok && base != "" {
		return n.at(pointer)
	}
	return nil
}

// circular says whether a circle is met on the way from a schema: one of schemas that
// apply to a value because they apply to it, and so have no meaning (JSON Schema
// 2020-12, core 9.4.1).
func (r *reading) circular(schema *node, state map[*node]int) bool {
	const open, done = 1, 2
	if state[schema] > 0 || schema == nil || schema.form != formObject {
		return state[schema] == open
	}
	state[schema] = open
	next := []*node{}
	if ref := schema.member("$ref"); ref.text() != "" {
		next = append(next, r.named(ref.text()))
	}
	for _, a := range applicators {
		if placeOf(a.key) == InPlace || a.key == "not" || a.key == "if" {
			if under := schema.member(a.key); a.shape == one {
				next = append(next, under)
			} else if under != nil {
				next = append(next, under.children...)
			}
		}
	}
	if slices.ContainsFunc(next, func(n *node) bool { return r.circular(n, state) }) {
		return true
	}
	state[schema] = done
	return false
}
