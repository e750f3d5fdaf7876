package seed

import (
	"cmp"
	_ "embed"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/agnivade/levenshtein"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/gen"
	"github.com/digakit/digakit/mockserver/diga"
	"github.com/digakit/digakit/mockserver/engine"
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
	for _, name := range diga.Resources() {
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

// Document is the OpenAPI document that the mock serves. Default: Diga's.
func Document(document *spec.Document) Option {
	known := sync.OnceValues(func() (*rules, error) { return rulesOf(document) })
	return func(p *parser) { p.known = known }
}

// engine makes items as the server will, 25 for each collection that is not given.
func (r *rules) engine() (*engine.Engine, error) {
	lines, err := plan.New(r.served.Document())
	fits := func(s *spec.Schema, v any) bool { return s.Fits(v, r.served.Fits) }
	return engine.New(r.served.Document(), lines, engine.Config{Items: 25, Fits: fits, Judge: r.served.Judge}), err
}

// schemaAt returns what is said of the value at a pointer into a seed file.
func (p *parser) schemaAt(tokens []string) *spec.Schema {
	s := p.schemas.Document().Schema(root)
	for _, token := range tokens {
		below := cmp.Or(s.Items(), s.Property(token), s.Additional())
		if below == nil {
			return s
		}
		s = below
	}
	return s
}

// maxMistakes is how many mistakes are reported at once.
const maxMistakes = 20

// mistake is one thing to put right in a file, without a value that might be a secret.
type mistake struct {
	at   spec.Position
	text string
}

// add notes a mistake at a place, unless the place could not be read.
func (p *parser) add(at spec.Position, pointer, rule, remedy string) {
	if p.unread[at] {
		return
	}
	text := strings.TrimSuffix(rule+"; "+remedy, "; ")
	if pointer != "" {
		text = path(pointer) + ": " + text
	}
	p.mistakes = append(p.mistakes, mistake{at, text})
}

// wrong notes a mistake in what stands at a pointer, or else should stand there.
func (p *parser) wrong(pointer, rule, remedy string) {
	var at spec.Position
	for above, ok := pointer, false; !ok; above = above[:max(strings.LastIndexByte(above, '/'), 0)] {
		at, _, ok = p.data.Position(above)
	}
	p.add(at, pointer, rule, remedy)
}

// violated notes what the schema says, with what is like that which is there, or its
// description.
func (p *parser) violated(v contract.Violation) {
	if v.Kind == contract.KindMoreViolations {
		p.more = true
		return
	}
	tokens := spec.Tokens(v.Pointer)
	if v.Keyword == "additionalProperties" {
		name, parent := tokens[len(tokens)-1], tokens[:len(tokens)-1]
		var names []string
		for _, property := range p.schemaAt(parent).Properties() {
			names = append(names, property.Name)
		}
		_, key, _ := p.data.Position(v.Pointer)
		p.add(key, spec.Join("", parent...), "there is no field "+shown(name), nearest(name, names, "the fields are "+strings.Join(names, ", ")))
		return
	}
	s := p.schemaAt(tokens)
	remedy := s.Description
	if value, _ := spec.At(p.value, tokens...); v.Keyword == "enum" {
		var words []string
		for _, word := range s.Enum {
			words = append(words, fmt.Sprint(word))
		}
		if harmless.MatchString(fmt.Sprint(value)) {
			v.Message += fmt.Sprintf(", not %q", value)
		}
		remedy = nearest(fmt.Sprint(value), words, remedy)
	}
	p.wrong(v.Pointer, "this "+v.Message, remedy)
}

// harmless matches what may be shown of a file: nothing that has the digits and
// dashes of a secret.
var harmless = regexp.MustCompile(`^[A-Za-z_]{1,32}([./ ][A-Za-z_]{1,32})?$`)

// shown returns s in quotes, or nothing of it when it could hold a secret.
func shown(s string) string {
	if harmless.MatchString(s) {
		return `"` + s + `"`
	}
	return "of that name"
}

// nearest suggests the candidate that s resembles, or else something else.
func nearest(s string, candidates []string, otherwise string) string {
	best, found := 3, "" // further apart is another word
	for _, c := range candidates {
		d := levenshtein.ComputeDistance(strings.ToLower(s[:min(len(s), 64)]), strings.ToLower(c))
		if d >= best && found == "" && s != "" && (strings.HasPrefix(s, c) || strings.HasPrefix(c, s)) {
			d = best - 1
		}
		if d < best {
			best, found = d, c
		}
	}
	if found == "" {
		return otherwise
	}
	return fmt.Sprintf("did you mean %q?", found)
}

// path writes a pointer as projects[0].keys[2].name, with * for what could be a secret.
func path(pointer string) (text string) {
	for _, token := range spec.Tokens(pointer) {
		switch _, err := strconv.Atoi(token); {
		case err == nil:
			text += "[" + token + "]"
		case harmless.MatchString(token):
			text += "." + token
		default:
			text += ".*"
		}
	}
	return strings.TrimPrefix(text, ".")
}

// err returns nil, or all mistakes, each on a line that an editor can follow.
func (p *parser) err(file string) error {
	if len(p.mistakes) == 0 {
		return nil
	}
	slices.SortStableFunc(p.mistakes, func(a, b mistake) int {
		return cmp.Or(cmp.Compare(a.at.Line, b.at.Line), cmp.Compare(a.at.Column, b.at.Column))
	})
	head := fmt.Sprintf("seed: %s has mistakes, %d of them:", file, len(p.mistakes))
	if p.more || len(p.mistakes) > maxMistakes {
		p.mistakes = p.mistakes[:min(len(p.mistakes), maxMistakes)]
		head = fmt.Sprintf("seed: %s has mistakes; the first %d:", file, len(p.mistakes))
	}
	for _, m := range p.mistakes {
		head += "\n" + m.at.String() + ": " + m.text
	}
	return errors.New(head)
}
