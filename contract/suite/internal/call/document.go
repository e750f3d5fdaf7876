// Package call derives from an OpenAPI document what can be sent to a server:
// values of parameters, and calls that carry them. It sends nothing.
//
// A [Document] knows the operations, the plan of what each is for, and what answers
// have shown so far ([Document.Learn]): what names something (an id in the path, a
// cursor) is taken from there. [Document.Values] lists the valid values of a parameter,
// at its boundaries first, [Document.Invalid] values that are certainly none,
// [Document.Required] the required parameters with a value each. A [Setting] gives a
// parameter a value; [Compose] makes a [Call] of settings.
//
// Values are made from the schema and then shown to the validator, so that none is
// called wrong that is not.
package call

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/spec"
)

// Document is an OpenAPI document as calls are made from it. It learns values from
// answers, and is used from one goroutine.
type Document struct {
	Spec       *spec.Document
	Validator  *contract.Validator
	Operations []*contract.Operation // in document order
	Plan       *plan.Plan
	pool       *pool // values seen in answers

	lines      map[*contract.Operation]*plan.Line
	parameters map[*contract.Operation][]*Parameter // as read so far
	Bases      map[*contract.Operation][]Setting    // required parameters, once settled
}

// New prepares a document for calls.
func New(v *contract.Validator) *Document {
	p, _ := plan.New(v.Document()) // no error without overrides
	d := &Document{
		Spec: v.Document(), Validator: v, Operations: v.Operations(), Plan: p, pool: newPool(),
		parameters: map[*contract.Operation][]*Parameter{}, Bases: map[*contract.Operation][]Setting{},
		lines: map[*contract.Operation]*plan.Line{},
	}
	for _, o := range d.Operations {
		d.lines[o] = p.Line(o.Method, o.Path)
	}
	return d
}

// Schema is the schema of a parameter or media type.
func (d *Document) Schema(pointer string) *spec.Schema {
	return d.Spec.Schema(spec.Join(pointer, "schema"))
}

// Required gives the required parameters of an operation their first value, or
// says why it cannot.
func (d *Document) Required(o *contract.Operation) ([]Setting, string) {
	if known := d.Bases[o]; known != nil {
		return known, ""
	}
	var list []Setting
	for _, p := range d.Parameters(o) {
		if !p.Required {
			continue
		}
		values := d.Values(o, p)
		if i := slices.IndexFunc(values, func(v Value) bool { return !v.Guess }); i > 0 {
			values[0] = values[i]
		}
		switch {
		case len(values) == 0:
			return nil, fmt.Sprintf("no value can be made for the required parameter %s", p.Name)
		case p.In == PathPlace && values[0].Guess:
			return nil, fmt.Sprintf("no value known for %s in the path: no answer showed one", p.Name)
		}
		list = append(list, Setting{p, values[0]})
	}
	return list, ""
}

// Complete adds to a call the required parameters it does not have, and to one that
// reads the body that its operation requires.
func (d *Document) Complete(o *contract.Operation, c Call) Call {
	if o == nil {
		return c
	}
	if o.Method == http.MethodGet && c.Method == "" && c.Body == nil && !c.Bodiless && o.RequestBody != nil && o.RequestBody.Required {
		if media, there := d.MediaOf(o); there {
			if v, err := d.Sample(o, media, 0, true); err == nil {
				c.Body, c.Media = media.Write(v)
			}
		}
	}
	if c.bare {
		return c
	}
	base, _ := d.Required(o)
	given, _ := url.ParseQuery(c.Query) // what can be read of it
	base = slices.DeleteFunc(slices.Clone(base), func(one Setting) bool {
		return one.Parameter.In == QueryPlace && given.Has(one.Parameter.Name)
	})
	own := Compose(o, base)
	if c.Path == "" {
		c.Path = own.Path
	}
	c.Query = strings.Trim(c.Query+"&"+own.Query, "&")
	maps.Copy(own.Header, c.Header)
	c.Header = own.Header
	return c
}

// Unescaped is text without its percent-encoding; text itself when that is broken.
func Unescaped(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}
