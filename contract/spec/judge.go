package spec

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"github.com/digakit/digakit/contract/internal/compiler"
	"github.com/digakit/digakit/contract/internal/cost"
)

// documentURL is the base the engine resolves references against. Nothing is
// ever fetched from it.
const documentURL = "spec:///openapi"

// judge judges examples by the schemas of their document, with the engine that
// package contract judges exchanges with and the engine's own formats.
type judge struct {
	doc      *Document
	compiler *jsonschema.Compiler
	outer    []string // sorted pointers of schemas that stand in no other
	warnings []Warning
}

func newJudge(d *Document) *judge {
	j := &judge{doc: d}
	tree, _ := copied(d.Tree).(map[string]any)
	relaxAccess(d, tree)
	// The engine searches a document anew for each schema it does not know to
	// be one; below $defs it knows all of them. A thousand operations take a
	// second so, else half a minute.
	defs := map[string]any{}
	WalkSchemas(tree, func(pointer string, _ Place, schema map[string]any) {
		if n := len(j.outer); n == 0 || !strings.HasPrefix(pointer, j.outer[n-1]+"/") {
			j.outer = append(j.outer, pointer)
			defs[pointer] = schema
		}
	})
	slices.Sort(j.outer)
	WalkSchemas(tree, func(_ string, _ Place, schema map[string]any) {
		if ref, ok := schema["$ref"].(string); ok {
			if pointer, err := url.PathUnescape(strings.TrimPrefix(ref, "#")); err == nil && strings.HasPrefix(pointer, "/") {
				schema["$ref"] = j.address(pointer)
			}
		}
	})
	if err := j.use(defs); err != nil {
		j.refuse(defs)
	}
	return j
}

func copied(v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := make(map[string]any, len(v))
		for k, item := range v {
			m[k] = copied(item)
		}
		return m
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = copied(item)
		}
		return list
	}
	return v
}

// Examples returns a warning for each example and default of the document that
// breaks its schema, and for each schema that is none. It takes a while: all
// schemas are compiled.
func (d *Document) Examples() []Warning {
	j := newJudge(d)
	all := j.warnings
	for _, e := range d.examples {
		if w := j.judge(e); w != nil {
			all = append(all, *w)
		}
	}
	return inOrder(all)
}

// use gives the engine the schemas; an error means that one is no schema.
func (j *judge) use(defs map[string]any) error {
	j.compiler = compiler.New()
	if err := j.compiler.AddResource(documentURL, map[string]any{"$defs": defs}); err != nil {
		return err
	}
	_, err := j.compiler.Compile(documentURL)
	return err
}

// refuse warns of each schema that is none, and judges nothing by it.
func (j *judge) refuse(defs map[string]any) {
	for _, pointer := range j.outer {
		c := compiler.New()
		err := c.AddResource(documentURL, map[string]any{"$defs": map[string]any{"": defs[pointer]}})
		if err == nil {
			_, err = c.Compile(documentURL)
		}
		if err == nil {
			continue
		}
		defs[pointer] = true
		w := Warning{Pointer: pointer, Message: "no valid schema", Rule: "schema", HowToFix: "have the publisher mend it: JSON Schema 2020-12 does not allow that"}
		if outer, ok := errors.AsType[*jsonschema.SchemaValidationError](err); ok {
			err = outer.Err
		}
		if failed, ok := errors.AsType[*jsonschema.ValidationError](err); ok {
			leaf, _ := firstLeaf(failed)
			for _, token := range leaf.InstanceLocation[min(2, len(leaf.InstanceLocation)):] { // below /$defs/
				w.Pointer = Join(w.Pointer, token)
			}
			w.Message += ": `" + keywordOf(leaf) + "` of its rules"
		}
		w.Position, _ = j.doc.Position(w.Pointer)
		w.Pointer = j.doc.published(w.Pointer)
		j.warnings = append(j.warnings, w)
	}
	if err := j.use(defs); err != nil {
		j.compiler = nil
	}
}

// address is where the engine has the schema at a pointer.
func (j *judge) address(pointer string) string {
	for end := len(pointer); end > 0; end = strings.LastIndexByte(pointer[:end], '/') {
		if _, ok := slices.BinarySearch(j.outer, pointer[:end]); ok {
			return documentURL + "#/$defs/" + escapeFragment(Join("", pointer[:end])[1:]) + escapeFragment(pointer[end:])
		}
	}
	return documentURL + "#" + escapeFragment(pointer)
}

func escapeFragment(pointer string) string {
	tokens := strings.Split(pointer, "/")
	for i, t := range tokens {
		tokens[i] = url.PathEscape(t)
	}
	return strings.Join(tokens, "/")
}

// relaxAccess takes from every `required` what only one side sends: an example
// is of either.
func relaxAccess(d *Document, tree map[string]any) {
	WalkSchemas(tree, func(pointer string, _ Place, schema map[string]any) {
		required, _ := schema["required"].([]any)
		if len(required) == 0 {
			return
		}
		schema["required"] = slices.DeleteFunc(required, func(name any) bool {
			text, _ := name.(string)
			_, property, err := d.Resolve(Join(pointer, "properties", text))
			return err == nil && (property["readOnly"] == true || property["writeOnly"] == true)
		})
	})
}

// judge returns what is wrong with an example; nil when nothing is.
func (j *judge) judge(e example) *Warning {
	place := e.value.position()
	if j.compiler == nil {
		return nil // its schemas are warned of
	}
	schema, err := j.compiler.Compile(j.address(j.doc.placed(e.schema)))
	if err != nil {
		return &Warning{Position: place, Rule: "example", Pointer: e.pointer, Message: "its schema at " + e.schema + " does not compile: " + err.Error(), HowToFix: "mend the schema"}
	}
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
	at := e.pointer
	for _, token := range leaf.InstanceLocation {
		at = Join(at, token)
	}
	if p, ok := j.doc.Position(at); ok {
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
	case *kind.AnyOf, *kind.OneOf, *kind.Not, *kind.Contains, *kind.PropertyNames: // what is below are attempts
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
