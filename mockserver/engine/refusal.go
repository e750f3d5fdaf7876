package engine

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/sample"
)

// Refusal is why a request that the document allows is not answered with a success.
type Refusal struct { //nolint:errname // the project's word for such an answer
	Status  int
	Message string
	// Example is the body that the operation documents for it, with the ids that
	// were asked for; nil: none.
	Example json.RawMessage
	// Parameter and Rule name what of the query or path was refused; empty: nothing.
	Parameter, Rule string
}

func (r *Refusal) Error() string { return fmt.Sprintf("engine: %d: %s", r.Status, r.Message) }

// missing refuses an item that is not there, with the documented 404.
func (t *tx) missing(c *plan.Collection, id string) *Refusal {
	r := t.refusal(404, c, id, capital(singular(c.Name))+" "+id+" not found")
	if documented := t.line.Refusal("404"); t.e.config.InvalidWhenMissing && (documented == nil || documented.Status == "default") {
		r.Status, r.Rule = 422, "missing_item"
		for _, p := range t.line.Parameters {
			if p.In == "path" && t.r.Path[p.Name] == id {
				r.Parameter = p.Name
			}
		}
	}
	return r
}

// refusal refuses something about an item as the operation documents it.
func (t *tx) refusal(status int, c *plan.Collection, id, message string) *Refusal {
	r := &Refusal{Status: status, Message: message}
	if documented := t.line.Refusal(strconv.Itoa(status)); documented != nil {
		r.Example = t.exampleFor(documented, c, id)
	}
	return r
}

var uuidPattern = regexp.MustCompile(`[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}`)

// exampleFor chooses the example that speaks of the collection, else the first, and
// puts the asked ids in the place of its own: behind `project` that of the project.
func (t *tx) exampleFor(documented *plan.Refusal, c *plan.Collection, id string) json.RawMessage {
	if len(documented.Examples) == 0 {
		return nil
	}
	chosen := documented.Examples[0].Value
	word := strings.ToUpper(strings.NewReplacer("/", "_", "-", "_").Replace(singular(c.Name)))
	for _, example := range documented.Examples {
		if strings.Contains(string(example.Value), word+"_") {
			chosen = example.Value
			break
		}
	}
	var out []byte
	end := 0
	for _, at := range uuidPattern.FindAllIndex(chosen, -1) {
		asked, before := id, strings.Fields(string(chosen[:at[0]]))
		for _, p := range t.line.Parameters {
			if p.In == "path" && len(before) > 0 && lastWord(p.Collection) == strings.ToLower(before[len(before)-1]) {
				asked = t.r.Path[p.Name]
			}
		}
		quoted, err := json.Marshal(asked)
		if err != nil {
			return chosen
		}
		out = append(append(out, chosen[end:at[0]]...), quoted[1:len(quoted)-1]...)
		end = at[1]
	}
	return append(out, chosen[end:]...)
}

// refused is a parameter that breaks a rule that no schema can say.
func (t *tx) refused(parameter, rule, message string) *Refusal {
	r := &Refusal{Status: 422, Message: message, Parameter: parameter, Rule: rule}
	if documented := t.line.Refusal("422"); documented != nil && rule == "both_cursors" && len(documented.Examples) > 0 {
		r.Example = documented.Examples[0].Value
	}
	return r
}

// Refused makes up the body of a documented refusal, with what there is to say where
// it has a place for that. The error is one of package sample.
func (e *Engine) Refused(documented *plan.Refusal, status int, code, message string) ([]byte, error) {
	s := e.doc.Schema(documented.Schema)
	v, err := e.maker.Value(s, sample.Place{Collection: documented.Schema})
	if err != nil {
		return nil, err
	}
	t := &tx{e: e}
	object, ok := v.(map[string]any)
	if !ok && t.fits(s, message) {
		v = message
	}
	number := json.Number(strconv.Itoa(status))
	of := t.branch(s, v)
	for name, said := range map[string][]any{
		"status": {number}, "status_code": {number}, "code": {code, number}, "error_code": {code}, "type": {"about:blank"},
		"message": {message}, "error": {message}, "detail": {message}, "title": {message}, "description": {message},
	} {
		for _, one := range said {
			p := of.Property(name)
			if ok && p != nil && t.fits(p, one) {
				object[name] = one
				break
			}
		}
	}
	return e.encoded(documented.Media, v, s), nil
}

// Text makes up a value for the schema at a pointer of the document, as a header has
// it. The error is one of package sample.
func (e *Engine) Text(pointer string) (string, error) {
	v, err := e.maker.Value(e.doc.Schema(pointer), sample.Place{Collection: pointer})
	return text(v), err
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// singular is the last part of a collection's name, of one item.
func singular(name string) string {
	name = name[strings.LastIndexByte(name, '/')+1:]
	return strings.TrimSuffix(name, "s")
}
