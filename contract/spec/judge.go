package spec

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	errorkind "github.com/santhosh-tekuri/jsonschema/v6/kind"

	"github.com/digakit/digakit/contract/internal/cost"
)

// Examples returns a warning for each schema of the document that is none, and for each
// example and default that breaks its schema. All those schemas are compiled.
func (d *Document) Examples() []Warning {
	var all []Warning
	var outer []string
	WalkSchemas(d.Tree, func(pointer string, _ Place, _ map[string]any) {
		if n := len(outer); n == 0 || !strings.HasPrefix(pointer, outer[n-1]+"/") {
			outer = append(outer, pointer)
		}
	})
	for _, e := range d.IllFormed(outer) {
		all = append(all, Warning{Position: e.Position, Pointer: e.Pointer, Rule: "schema", Message: e.Message, HowToFix: e.HowToFix})
	}
	c := d.Compiler(d.relaxAccess)
	for _, e := range d.examples {
		// A schema that does not compile is warned of.
		if schema, err := c.Compile(Address(d.placed(e.schema))); err == nil {
			if w := d.judge(schema, e); w != nil {
				all = append(all, *w)
			}
		}
	}
	return inOrder(all)
}

// relaxAccess takes from `required` what only one side sends: an example is of
// either.
func (d *Document) relaxAccess(pointer string, _ Place, schema map[string]any) {
	required, _ := schema["required"].([]any)
	if len(required) == 0 {
		return
	}
	schema["required"] = slices.DeleteFunc(required, func(name any) bool {
		text, _ := name.(string)
		_, property, err := d.Resolve(Join(pointer, "properties", text))
		return err == nil && (property["readOnly"] == true || property["writeOnly"] == true)
	})
}

// judge returns what is wrong with an example; nil when nothing is.
func (d *Document) judge(schema *jsonschema.Schema, e example) *Warning {
	place := e.value.position()
	v := e.value.value()
	if cost.Exceeds(schema, v, 0) {
		return &Warning{
			Position: place, Rule: "example", Pointer: e.pointer, Message: "cannot be judged: its schema has too many alternatives to try",
			HowToFix: "give alternatives a discriminating property, or nest them less",
		}
	}
	var failed *jsonschema.ValidationError
	if err := schema.Validate(v); err == nil || !errors.As(err, &failed) {
		return nil
	}
	leaf, more := firstLeaf(failed)
	at := Join(e.pointer, leaf.InstanceLocation...)
	if p, ok := d.Position(at); ok {
		place = p
	}
	message := fmt.Sprintf("%s breaks its own schema at %s: `%s`", e.what, e.schema, keywordOf(leaf))
	if more > 0 {
		message += fmt.Sprintf(" and %d more", more)
	}
	return &Warning{Position: place, Rule: "example", Pointer: at, Message: message, HowToFix: "have the publisher mend the " + strings.Fields(e.what)[0] + " or the schema"}
}

// firstLeaf returns the failure to tell of, always the same one although the
// engine has them in no order, and how many others there are.
func firstLeaf(e *jsonschema.ValidationError) (leaf *jsonschema.ValidationError, more int) {
	leaves := leavesOf(e, nil)
	slices.SortFunc(leaves, func(a, b *jsonschema.ValidationError) int {
		return cmp.Or(slices.Compare(a.InstanceLocation, b.InstanceLocation), cmp.Compare(keywordOf(a), keywordOf(b)))
	})
	return leaves[0], len(leaves) - 1
}

func leavesOf(e *jsonschema.ValidationError, leaves []*jsonschema.ValidationError) []*jsonschema.ValidationError {
	switch e.ErrorKind.(type) {
	case *errorkind.AnyOf, *errorkind.OneOf, *errorkind.Not, *errorkind.Contains, *errorkind.PropertyNames: // what is below are attempts
		return append(leaves, e)
	}
	if len(e.Causes) == 0 {
		return append(leaves, e)
	}
	for _, cause := range e.Causes {
		leaves = leavesOf(cause, leaves)
	}
	return leaves
}

// keywordOf names the keyword that failed; the engine's own texts embed values.
func keywordOf(e *jsonschema.ValidationError) string {
	if path := e.ErrorKind.KeywordPath(); len(path) > 0 {
		return path[0]
	}
	return "false"
}
