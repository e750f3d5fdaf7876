package items

import (
	"strconv"
	"strings"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/suite/internal/call"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// Shown are the items in an answer of a line, or all of it where it has none.
func Shown(l *plan.Line, a *session.Answer) []map[string]any {
	v, there := call.At(Decode(a.Body), l.Answer.Data)
	if !there {
		return nil
	}
	if !l.Answer.Items {
		v = []any{v}
	}
	list, _ := v.([]any)
	var all []map[string]any
	for _, one := range list {
		if object, is := one.(map[string]any); is {
			all = append(all, object)
		}
	}
	return all
}

// Is tells whether what is shown is an item, by its identity.
func Is(c *plan.Collection, shown map[string]any, one *Item) bool {
	for _, id := range c.Identity {
		if !strings.EqualFold(call.Text(shown[id.Property]), one.Names[id.Property]) {
			return false
		}
	}
	return len(c.Identity) > 0
}

// Decode reads JSON, numbers as they are written; nil of what is none.
func Decode(body []byte) any {
	v, _ := spec.DecodeJSON(body)
	return v
}

// Pointers are the places in a value that a pointer leads to: * is every item of an
// array, and so is what leads into an array without saying to which item.
func Pointers(v any, pointer string) []string {
	found := []string{""}
	for _, token := range spec.Tokens(pointer) {
		var next []string
		for _, at := range found {
			here, _ := call.At(v, at)
			list, is := here.([]any)
			for i := range list {
				if item := spec.Join(at, strconv.Itoa(i)); token == "*" {
					next = append(next, item)
				} else if _, there := call.At(v, spec.Join(item, token)); there {
					next = append(next, spec.Join(item, token))
				}
			}
			if _, there := call.At(v, spec.Join(at, token)); there && !is {
				next = append(next, spec.Join(at, token))
			}
		}
		found = next
	}
	return found
}

// Nobody is an id of no item, in the form that those of a collection have.
func Nobody(c *plan.Collection) string {
	switch id := c.Identity[0]; {
	case id.Format == "uuid":
		return "3f0c9a52-6d1e-4b7a-8c25-d19e40b7f683"
	case id.Type == "integer":
		return "987654321"
	}
	return "digakit-nobody"
}
