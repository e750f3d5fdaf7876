package seed

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/gen"
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
		Components struct{ Schemas struct{ Permission any } }
	}
	levels := map[string]any{}
	for _, name := range project.Resources() {
		levels[name] = map[string]string{"$ref": "#/components/schemas/Level"}
	}
	if err := json.Unmarshal(gen.OpenAPI(), &diga); err != nil {
		return nil, fmt.Errorf("seed: %w", err)
	}
	text := schemaText
	for name, schema := range map[string]any{
		"Permission": diga.Components.Schemas.Permission,
		"Access":     map[string]any{"type": "object", "additionalProperties": false, "properties": levels},
	} {
		encoded, err := json.Marshal(schema)
		if err != nil {
			return nil, fmt.Errorf("seed: %w", err)
		}
		text = fmt.Appendf(text, "    %s: %s\n", name, encoded)
	}
	return contract.New(text)
})

// schemaAt returns what is said of the value at a pointer into a seed file; nil when
// nothing is.
func (p *parser) schemaAt(tokens []string) *spec.Schema {
	s := p.schemas.Document().Schema(root)
	for _, token := range tokens {
		if s == nil {
			return nil
		}
		if items := s.Items(); items != nil {
			s = items
			continue
		}
		if below := s.Property(token); below != nil {
			s = below
		} else {
			s = s.Additional()
		}
	}
	return s
}

// digaOperations are those of Diga's document, read when the first fault is.
var digaOperations = sync.OnceValues(func() ([]*contract.Operation, error) {
	document, err := spec.Parse(gen.OpenAPI())
	if err != nil {
		return nil, err
	}
	return operationsOf(document)
})

func operationsOf(document *spec.Document) ([]*contract.Operation, error) {
	v, err := contract.For(document)
	if err != nil {
		return nil, err
	}
	return v.Operations(), nil
}

// Option changes how a seed file is read.
type Option func(*parser)

// Document is the OpenAPI document whose operations the faults of the file may
// name. Default: Diga's.
func Document(document *spec.Document) Option {
	return func(p *parser) {
		p.operations = sync.OnceValues(func() ([]*contract.Operation, error) { return operationsOf(document) })
	}
}
