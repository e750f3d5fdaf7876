package spec

import (
	"errors"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/digakit/digakit/contract/internal/compiler"
)

// resources gives an engine the schemas of a document one by one, when it wants
// them. It is the engine's loader, and nothing is ever fetched.
type resources struct {
	doc     *Document
	rewrite func(pointer string, place Place, schema map[string]any)
}

// Where a resource is used: as the schema of a body or parameter, or as what a
// reference leads to.
const (
	usedPlace     = "spec:///use"
	referredPlace = "spec:///ref"
)

// Compiler returns an engine that compiles schemas of the document by [Address]; what
// it does not compile costs nothing. rewrite may change each schema object before,
// which is a copy. The engine is not safe for concurrent use.
func (d *Document) Compiler(rewrite func(pointer string, place Place, schema map[string]any)) *jsonschema.Compiler {
	c := compiler.New()
	c.UseLoader(&resources{doc: d, rewrite: rewrite})
	return c
}

// Address is where the engines of [Document.Compiler] have the schema at a
// pointer into Tree.
func Address(pointer string) string { return usedPlace + escapeFragment(pointer) }

func escapeFragment(pointer string) string {
	tokens := strings.Split(pointer, "/")
	for i, t := range tokens {
		tokens[i] = url.PathEscape(t)
	}
	return strings.Join(tokens, "/")
}

// Located is the pointer into Tree of a place that such an engine names; "" for
// any other.
func Located(schemaURL string) string {
	pointer, _ := located(schemaURL)
	return pointer
}

func located(schemaURL string) (pointer string, used bool) {
	base, fragment, _ := strings.Cut(schemaURL, "#")
	path, used := strings.CutPrefix(base, usedPlace)
	if !used {
		path = strings.TrimPrefix(base, referredPlace)
	}
	pointer, err := url.PathUnescape(path + fragment)
	if err != nil {
		return "", used
	}
	return pointer, used
}

// Load implements jsonschema.URLLoader.
func (r *resources) Load(address string) (any, error) {
	if !strings.HasPrefix(address, usedPlace) && !strings.HasPrefix(address, referredPlace) {
		return nil, errors.New("spec: a reference leaves the document")
	}
	pointer, used := located(address)
	v, ok := r.doc.Lookup(pointer)
	if !ok {
		return nil, errors.New("spec: nothing at " + pointer)
	}
	schema, ok := Copy(v).(map[string]any)
	if !ok {
		return v, nil
	}
	place := Definition
	if used {
		place = Root
	}
	WalkSchema(schema, pointer, place, func(pointer string, place Place, schema map[string]any) {
		r.rewrite(pointer, place, schema)
		if target, ok := refersTo(schema); ok {
			schema["$ref"] = referredPlace + escapeFragment(target)
		}
	})
	return schema, nil
}

// Copy copies a value of a tree, numbers as they are.
func Copy(v any) any {
	switch v := v.(type) {
	case map[string]any:
		v = maps.Clone(v)
		for k, item := range v {
			v[k] = Copy(item)
		}
		return v
	case []any:
		v = slices.Clone(v)
		for i, item := range v {
			v[i] = Copy(item)
		}
		return v
	}
	return v
}

// IllFormed finds the schemas at these pointers into Tree, and those that they refer
// to, that break the metaschema of JSON Schema 2020-12.
func (d *Document) IllFormed(pointers []string) []*Error {
	used := map[string]any{}
	var order []string
	for queue := pointers; len(queue) > 0; queue = queue[1:] {
		pointer := queue[0]
		v, _ := d.Lookup(pointer)
		schema, ok := v.(map[string]any)
		if _, seen := used[pointer]; seen || !ok {
			continue
		}
		used[pointer] = v
		order = append(order, pointer)
		WalkSchema(schema, pointer, Root, func(_ string, _ Place, schema map[string]any) {
			if target, ok := refersTo(schema); ok {
				queue = append(queue, target)
			}
		})
	}
	if wellFormed(used) == nil {
		return nil
	}
	var all []*Error
	for _, pointer := range order {
		if err := wellFormed(map[string]any{"": used[pointer]}); err != nil {
			all = append(all, d.explain(pointer, err))
		}
	}
	return all
}

// wellFormed holds schemas to the metaschema, all at once.
func wellFormed(schemas map[string]any) error {
	c := compiler.New()
	// Below $defs the engine knows schemas, but compiles none that nothing refers to.
	if err := c.AddResource(referredPlace, map[string]any{"$defs": schemas}); err != nil {
		return err
	}
	_, err := c.Compile(referredPlace)
	return err
}

// explain says what is wrong with the schema at a pointer, and where in it.
func (d *Document) explain(pointer string, err error) *Error {
	e := &Error{Pointer: pointer, Message: "no valid schema", HowToFix: "have the publisher mend it: JSON Schema 2020-12 does not allow that"}
	if outer, ok := errors.AsType[*jsonschema.SchemaValidationError](err); ok {
		err = outer.Err
	}
	if failed, ok := errors.AsType[*jsonschema.ValidationError](err); ok {
		leaf, _ := firstLeaf(failed)
		e.Pointer = Join(pointer, leaf.InstanceLocation[min(2, len(leaf.InstanceLocation)):]...) // below /$defs/
		e.Message += ": `" + keywordOf(leaf) + "` of its rules"
	}
	e.Position, _ = d.Position(e.Pointer)
	e.Pointer = d.published(e.Pointer)
	return e
}
