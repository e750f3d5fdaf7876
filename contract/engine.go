package contract

import (
	"errors"
	"fmt"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/digakit/digakit/contract/internal/cost"
	"github.com/digakit/digakit/contract/spec"
)

// engine compiles the schemas of one document, as seen from one side, when they
// are asked for. Safe for concurrent use.
type engine struct {
	resources
	known sync.Map // of func() *compiled, by pointer

	mu       sync.Mutex // guards what follows
	compiler *jsonschema.Compiler
	fast     *nodeCompiler
}

// compiled is one schema of an engine. Safe for concurrent use.
type compiled struct {
	err       error // it does not compile
	engine    *engine
	schema    *jsonschema.Schema
	fast      *node // nil when the schema is outside what node can say
	recursive bool  // contains itself; then fast is nil
}

// schema is one schema of the document, compiled when it is first judged by. Safe
// for concurrent use.
type schema struct {
	pointer string
	shape   *shape    // of parameters and forms
	engines []*engine // as published, then with Strict undeclared properties refused
}

// newEngine prepares for one side: readOnly and writeOnly are honoured there, and
// with strict, undeclared properties refused.
func newEngine(doc *spec.Document, side Side, strict bool) *engine {
	e := &engine{resources: resources{doc: doc, side: side, strict: strict}, fast: newNodeCompiler(strict)}
	e.compiler = doc.Compiler(e.rewrite)
	e.compiler.AssertVocabs()
	e.compiler.RegisterVocabulary(accessVocabulary(side))
	return e
}

// at is the schema at a pointer, compiled once.
func (e *engine) at(pointer string) *compiled {
	c, ok := e.known.Load(pointer)
	if !ok {
		c, _ = e.known.LoadOrStore(pointer, sync.OnceValue(func() *compiled { return e.compile(pointer) }))
	}
	return c.(func() *compiled)() //nolint:forcetypeassert // nothing else is stored
}

func (e *engine) compile(pointer string) *compiled {
	e.mu.Lock()
	defer e.mu.Unlock()
	s, err := e.compiler.Compile(spec.Address(pointer))
	if err != nil {
		return &compiled{err: fmt.Errorf("contract: schema at %s does not compile: %w", pointer, err)}
	}
	c := &compiled{engine: e, schema: s, recursive: cost.Recursive(s)}
	if !c.recursive {
		c.fast = e.fast.compileFast(s)
	}
	return c
}

// judge validates a value decoded from size bytes and adds what it finds,
// placed by where.
func (s *schema) judge(v any, size int, f *findings, where Violation) {
	for _, e := range s.engines {
		if !e.at(s.pointer).judge(v, size, f, where) {
			return
		}
	}
}

// judge adds what is wrong with a value and reports whether nothing is.
func (c *compiled) judge(v any, size int, f *findings, where Violation) bool {
	if c.err != nil {
		f.addAt(where, KindCannotJudge, "", "cannot be judged: its schema does not compile")
		return false
	}
	if c.recursive && cost.Exceeds(c.schema, v, size) {
		f.addAt(where, KindCannotJudge, "", "must not nest alternatives so deeply that trying them all never ends")
		return false
	}
	err := c.schema.Validate(v)
	if err == nil {
		return true
	}
	var failed *jsonschema.ValidationError
	if !errors.As(err, &failed) {
		f.addAt(where, KindCannotJudge, "", "cannot be judged")
		return false
	}
	r := &reporter{engine: c.engine, value: v, findings: f, where: where}
	r.report(failed)
	return false
}

// ok reports whether a decoded value is valid, by its text where that is sure, saying
// nothing more.
func (c *compiled) ok(v any) bool {
	return c.err == nil && (c.fast != nil && c.fast.document(string(spec.AppendJSON(nil, v))) || c.schema.Validate(v) == nil)
}

// surely reports whether the JSON text is valid beyond doubt, trailing space
// apart. False means only that the engine must be asked.
func (s *schema) surely(text string) bool {
	c := s.engines[len(s.engines)-1].at(s.pointer)
	return c.fast != nil && c.fast.document(text)
}
