package seed

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/gen"
	"github.com/digakit/digakit/mockserver/engine"
	"github.com/digakit/digakit/mockserver/project"
)

//go:embed schema.yaml
var schemaText []byte

// root is the schema of a seed file.
const root = "/components/schemas/File"

// schemas judges seed files: schema.yaml with the permissions of Diga's document and
// the resources of the console.
var schemas = sync.OnceValues(func() (*contract.Validator, error) {
	var diga struct {
		Components struct {
			Schemas struct{ Permission json.RawMessage }
		}
	}
	if err := json.Unmarshal(gen.OpenAPI(), &diga); err != nil {
		return nil, fmt.Errorf("seed: %w", err)
	}
	text := fmt.Appendf(schemaText, "    Permission: %s\n    Access:\n      properties:\n", diga.Components.Schemas.Permission)
	for _, name := range project.Resources() {
		text = fmt.Appendf(text, "        %s: {$ref: '#/components/schemas/Level'}\n", name)
	}
	return contract.New(fmt.Append(text, "      type: object\n      additionalProperties: false\n"))
})

// schemaAt returns what is said of the value at a pointer into a seed file.
func (p *parser) schemaAt(tokens []string) *spec.Schema {
	s := p.schemas.Document().Schema(root)
	for _, token := range tokens {
		below := s.Items()
		if below == nil {
			below = s.Property(token)
		}
		if below == nil {
			below = s.Additional()
		}
		if below == nil {
			return s
		}
		s = below
	}
	return s
}

// Option changes how a seed file is read.
type Option func(*parser)

// Document is the OpenAPI document whose operations the faults of the file may
// name, and whose collections its items are of. Default: Diga's.
func Document(document *spec.Document) Option {
	served := sync.OnceValues(func() (*contract.Validator, error) { return contract.For(document) })
	return func(p *parser) { p.served = served }
}

var diga = sync.OnceValues(func() (*contract.Validator, error) { return contract.New(gen.OpenAPI()) })

// madeUpItems is how many items a collection begins with when the file does not say.
const madeUpItems = 25

// newEngine makes items as the server will.
func newEngine(v *contract.Validator) (*engine.Engine, error) {
	lines, err := plan.New(v.Document())
	fits := func(s *spec.Schema, value any) bool { return v.Fits(s.Pointer, value) }
	return engine.New(v.Document(), lines, engine.Config{Items: madeUpItems, Fits: fits}), err
}
