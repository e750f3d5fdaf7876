package plan

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/digakit/digakit/contract/spec"
)

func (c *compiler) tryBulk(o *operation) *found {
	if o.get() || o.body == nil {
		return nil
	}
	one, at, others := c.bulk(o)
	if one == nil {
		return nil
	}
	f := &found{collection: one, reason: fmt.Sprintf("the body names items of %s in %s", one.Name, at)}
	switch {
	case o.method(http.MethodDelete) || o.verb("delete", "remove", "destroy", "archive"):
		f.kind = BulkDelete
		f.reason += ", and the path or the method says delete"
	case others || o.method(http.MethodPatch) || o.method(http.MethodPut):
		f.kind = BulkUpdate
		f.reason += " with what to change"
	case !o.method(http.MethodPost):
		return nil
	default:
		f.reason += " and nothing else"
	}
	return f
}

// bulk finds the ids in a body of a bulk operation: an array of ids that is all
// the body requires, or an array of objects that have an id and something to
// change, of which others tells.
func (c *compiler) bulk(o *operation) (one *collection, at string, others bool) {
	front := c.above(o.path, func(*collection) bool { return true })
	if front == nil {
		front = c.at(o.shape)
	}
	all := properties(o.body)
	var arrays []spec.Property
	for _, p := range all {
		if isArray(p.Schema) {
			arrays = append(arrays, p)
		}
	}
	if len(arrays) != 1 {
		return nil, "", false
	}
	list, items := arrays[0], arrays[0].Schema.Items()
	if isObject(items) {
		if len(all) != 1 || o.method(http.MethodPost) {
			return nil, "", false
		}
		for _, p := range properties(items) {
			words, _ := idStem(p.Name)
			switch {
			case !p.Required || len(properties(items)) < 2:
				continue
			case words != nil:
				one = c.resolve(words, o.path, nil)
			case front != nil && len(front.Identity) == 1 && p.Name == front.Identity[0].Property:
				one = front
			}
			if one != nil {
				return one, spec.Join("", list.Name) + "/*" + spec.Join("", p.Name), true
			}
		}
		return nil, "", false
	}
	words, many := idStem(list.Name)
	switch {
	case o.method(http.MethodPost) && slices.ContainsFunc(all, func(p spec.Property) bool { return p.Name != list.Name && p.Required }):
		return nil, "", false
	case many && c.at(o.shape) == nil:
		one = c.resolve(words, o.path, nil)
	case is(list.Name, "ids", "uuids"):
		one = front
	}
	return one, spec.Join("", list.Name), len(all) > 1
}

func (c *compiler) tryWriteByBody(o *operation) *found {
	one := c.at(o.shape)
	if one == nil || o.body == nil || !o.method(http.MethodPut, http.MethodPatch) || len(one.Identity) != 1 || property(o.body, one.Identity[0].Property) == nil {
		return nil
	}
	f := &found{collection: one, reason: fmt.Sprintf("%s on the path of a collection; the body's %s names the item", o.line.Method, one.Identity[0].Property)}
	if o.method(http.MethodPatch) {
		f.kind = Update
	}
	return f
}

func (c *compiler) tryClear(o *operation) *found {
	one := c.at(o.shape)
	if one == nil || one.Of != "" || !o.method(http.MethodDelete) || o.body != nil || len(o.query) > 0 {
		return nil
	}
	return &found{collection: one, reason: "DELETE on the path of the collection, with nothing that says of which items: all of them"}
}

func (c *compiler) tryCreate(o *operation) *found {
	one := c.at(o.shape)
	if one == nil || one.shape != o.shape || !o.method(http.MethodPost) || one.Of != "" {
		return nil
	}
	return &found{collection: one, reason: "POST on the path of the collection"}
}

func (c *compiler) tryCreateBelow(o *operation) *found {
	if !o.method(http.MethodPost) {
		return nil
	}
	verb := o.path
	if front, ok := verb.ofItem(); ok { // /send/{email}: no item is named so
		verb = front
	}
	one := c.above(verb, func(one *collection) bool {
		return one.Of == "" && (one.holds(o.shown.item) || arrayOf(o.shown.body, one) != nil)
	})
	if one == nil && untyped(o.shown.body) {
		one = c.above(verb, func(one *collection) bool { return one.holds(o.body) || arrayOf(o.body, one) != nil })
		if one != nil {
			return &found{collection: one, reason: fmt.Sprintf("POST to %s takes its items and answers nothing", o.path.last())}
		}
	}
	if one == nil {
		return nil
	}
	if one.holds(o.shown.item) && !o.shown.many {
		return &found{collection: one, reason: fmt.Sprintf("POST to %s answers one of its items", o.path.last())}
	}
	return &found{collection: one, reason: fmt.Sprintf("POST to %s answers an array of its items", o.path.last())}
}

// arrayOf is the property of an answer that is an array of a collection's items;
// the answer itself, without a name, when it is one.
func arrayOf(body *spec.Schema, one *collection) *spec.Property {
	if isArray(body) && one.holds(body.Items()) {
		return &spec.Property{Schema: body}
	}
	for _, p := range properties(body) {
		if isArray(p.Schema) && one.holds(p.Schema.Items()) {
			return &p
		}
	}
	return nil
}
