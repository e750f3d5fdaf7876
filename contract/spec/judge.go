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

	"github.com/digakit/digakit/contract/internal/cost"
)

// documentURL is the base the engine resolves references against. Nothing is
// ever fetched from it.
const documentURL = "spec:///openapi"

type noLoader struct{}

func (noLoader) Load(string) (any, error) {
	return nil, errors.New("spec: a reference leaves the document")
}

// judge judges examples by the schemas of their document, with the engine that
// package contract judges exchanges with and the engine's own formats.
type judge struct {
	doc      *Document
	compiler *jsonschema.Compiler
	err      error // of the compiler; then nothing is judged
}

func newJudge(d *Document) *judge {
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	c.UseLoader(noLoader{})
	tree, _ := d.root.value().(map[string]any)
	if strings.HasPrefix(d.Version, "3.0.") {
		lift(tree)
	}
	relaxAccess(d, tree)
	return &judge{doc: d, compiler: c, err: c.AddResource(documentURL, tree)}
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
	schema, err := j.compile(e.schema)
	if err != nil {
		return &Warning{Position: place, Pointer: e.pointer, Message: "its schema at " + e.schema + " does not compile: " + err.Error(), HowToFix: "mend the schema"}
	}
	v := e.value.value()
	if cost.Exceeds(schema, v, 0) {
		return &Warning{
			Position: place, Pointer: e.pointer, Message: "cannot be judged: its schema has too many alternatives to try",
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
	return &Warning{Position: place, Pointer: at, Message: message, HowToFix: "have the publisher mend the " + strings.Fields(e.what)[0] + " or the schema"}
}

func (j *judge) compile(pointer string) (*jsonschema.Schema, error) {
	if j.err != nil {
		return nil, j.err
	}
	fragment := ""
	for _, t := range Tokens(pointer) {
		fragment += "/" + url.PathEscape(strings.TrimPrefix(Join("", t), "/"))
	}
	return j.compiler.Compile(documentURL + "#" + fragment)
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
