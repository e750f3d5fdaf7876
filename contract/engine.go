package contract

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/digakit/digakit/contract/internal/compiler"
	"github.com/digakit/digakit/contract/internal/cost"
	"github.com/digakit/digakit/contract/spec"
)

// documentURL is the base the engine resolves references against. Nothing is
// ever fetched from it, or from anywhere.
const documentURL = "contract:///openapi"

// engine compiles the schemas of one document, as seen from one side.
type engine struct {
	compiler *jsonschema.Compiler
	strict   bool
	tree     map[string]any // what the compiler has, rewritten for its side
	schemas  map[string]*schema
}

// schema is one compiled schema of the document. Safe for concurrent use.
type schema struct {
	pointer   string
	engine    *engine
	shape     *shape // of parameters and forms
	compiled  *jsonschema.Schema
	fast      *node   // nil when the schema is outside what node can say
	recursive bool    // contains itself; then fast is nil
	strict    *schema // the same with undeclared properties refused; nil unless Strict
}

// newEngine prepares the document for one side: readOnly and writeOnly are
// honoured there, and with strict, undeclared properties refused.
func newEngine(doc *spec.Document, side Side, strict bool) (*engine, error) {
	tree, _ := copyTree(doc.Tree).(map[string]any)
	applyAccess(doc, tree, side)
	repeatPropertyNames(tree)
	if strict {
		refuseUndeclared(doc, tree)
	}
	c := compiler.New()
	c.AssertVocabs()
	c.RegisterVocabulary(accessVocabulary(side))
	if err := c.AddResource(documentURL, tree); err != nil {
		return nil, fmt.Errorf("contract: %w", err)
	}
	if err := checkSchemas(c, tree); err != nil {
		return nil, err
	}
	return &engine{compiler: c, strict: strict, tree: tree, schemas: map[string]*schema{}}, nil
}

// compile compiles the schema at a pointer, once.
func (e *engine) compile(pointer string) (*schema, error) {
	if s, ok := e.schemas[pointer]; ok {
		return s, nil
	}
	tokens := spec.Tokens(pointer)
	fragment := ""
	for _, t := range tokens {
		fragment += "/" + url.PathEscape(strings.TrimPrefix(spec.Join("", t), "/"))
	}
	compiled, err := e.compiler.Compile(documentURL + "#" + fragment)
	if err != nil {
		return nil, fmt.Errorf("contract: schema at %s does not compile: %w", pointer, err)
	}
	s := &schema{pointer: pointer, engine: e, compiled: compiled, recursive: cost.Recursive(compiled)}
	if !s.recursive {
		s.fast = compileFast(compiled, e.strict)
	}
	e.schemas[pointer] = s
	return s, nil
}

// judge validates a value decoded from size bytes and adds what it finds,
// placed by where.
func (s *schema) judge(v any, size int, f *findings, where Violation) {
	if s.recursive && cost.Exceeds(s.compiled, v, size) {
		where.Kind, where.Message = KindCannotJudge, "must not nest alternatives so deeply that trying them all never ends"
		f.add(where)
		return
	}
	err := s.compiled.Validate(v)
	if err == nil {
		if s.strict != nil {
			s.strict.judge(v, size, f, where)
		}
		return
	}
	var failed *jsonschema.ValidationError
	if !errors.As(err, &failed) {
		where.Kind, where.Message = KindCannotJudge, "cannot be judged"
		f.add(where)
		return
	}
	r := &reporter{engine: s.engine, value: v, findings: f, where: where}
	r.report(failed)
}

// ok reports whether a decoded value is valid, saying nothing more.
func (s *schema) ok(v any) bool { return s.compiled.Validate(v) == nil }

// surely reports whether the JSON text is valid beyond doubt, trailing space
// apart. False means only that the engine must be asked.
func (s *schema) surely(text string) bool {
	fast := s.fast
	if s.strict != nil {
		fast = s.strict.fast
	}
	return fast != nil && fast.document(text)
}

// copyTree copies a tree of JSON values, numbers as they are.
func copyTree(v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := make(map[string]any, len(v))
		for k, item := range v {
			m[k] = copyTree(item)
		}
		return m
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = copyTree(item)
		}
		return list
	}
	return v
}

func decodeValue(text string) (any, error) {
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var v any
	err := dec.Decode(&v)
	return v, err
}
