package seed

import (
	_ "embed"
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

const (
	root        = "/components/schemas/File"       // of a seed file, in schema.yaml
	permissions = "/components/schemas/Permission" // in documents of Diga's
)

// rules are what seed files for a mock of one document are judged by.
type rules struct {
	schemas *contract.Validator // schema.yaml with the document's permissions and the console's resources
	served  *contract.Validator // the document
}

func rulesOf(document *spec.Document) (*rules, error) {
	served, err := contract.For(document)
	if err != nil {
		return nil, err
	}
	permission := document.Raw(permissions)
	if permission == nil { // another vendor's
		diga, err := digaRules()
		if err != nil {
			return nil, err
		}
		permission = diga.served.Document().Raw(permissions)
	}
	text := fmt.Appendf(schemaText, "    Permission: %s\n    Access:\n      properties:\n", permission)
	for _, name := range project.Resources() {
		text = fmt.Appendf(text, "        %s: {$ref: '#/components/schemas/Level'}\n", name)
	}
	schemas, err := contract.New(fmt.Append(text, "      type: object\n      additionalProperties: false\n"))
	return &rules{schemas, served}, err
}

var digaRules func() (*rules, error)

func init() {
	digaRules = sync.OnceValues(func() (*rules, error) {
		document, err := spec.Parse(gen.OpenAPI())
		if err != nil {
			return nil, err
		}
		return rulesOf(document)
	})
}

// Option changes how a seed file is read.
type Option func(*parser)

// Document is the OpenAPI document that the mock serves: faults name its operations,
// keys have its permissions, and collections hold its items. Default: Diga's.
func Document(document *spec.Document) Option {
	known := sync.OnceValues(func() (*rules, error) { return rulesOf(document) })
	return func(p *parser) { p.known = known }
}

// engine makes items as the server will, 25 for each collection that is not given.
func (r *rules) engine() (*engine.Engine, error) {
	lines, err := plan.New(r.served.Document())
	fits := func(s *spec.Schema, v any) bool { return r.served.Fits(s.Pointer, v) }
	return engine.New(r.served.Document(), lines, engine.Config{Items: 25, Fits: fits, Judge: r.served.Judge}), err
}

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
