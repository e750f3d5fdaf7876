package contract

import (
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"github.com/digakit/digakit/contract/spec"
)

// reporter turns the engine's tree of errors into violations: the leaves that
// matter, in our words, without the values the engine's own texts embed.
type reporter struct {
	engine   *engine
	value    any
	findings *findings
	where    Violation // side's place: In, Name
}

// kindOf is what a broken schema is called where the value stands.
func (r *reporter) kindOf() Kind {
	switch {
	case r.where.In == inBody:
		return KindInvalidBody
	case r.findings.side == SideResponse:
		return KindInvalidHeader
	}
	return KindInvalidParameter
}

func (r *reporter) add(e *jsonschema.ValidationError, k Kind, keyword, message string) {
	if r.findings.full() {
		return
	}
	v := r.where
	v.Kind, v.Keyword, v.Message = k, keyword, message
	v.Pointer = pointerTo(e.InstanceLocation)
	r.findings.add(v)
}

func (r *reporter) report(e *jsonschema.ValidationError) {
	switch k := e.ErrorKind.(type) {
	case *kind.AnyOf:
		r.alternatives(e, "anyOf")
	case *kind.OneOf:
		if k.Subschemas != nil {
			r.add(e, r.kindOf(), "oneOf", "must match exactly one alternative, but matches more than one")
			return
		}
		if branch, known := r.discriminated(e); known {
			r.report(branch)
			return
		} else if branch != nil {
			r.add(branch, r.kindOf(), "discriminator", "must name one of the documented alternatives")
			return
		}
		r.alternatives(e, "oneOf")
	case *kind.Required:
		for _, name := range k.Missing {
			at := *r
			at.where.Property = name
			at.add(e, r.kindOf(), "required", "must have the property "+strconv.Quote(name))
		}
	case *kind.AdditionalProperties:
		for _, name := range k.Properties {
			at := *e
			at.InstanceLocation = append(slices.Clone(e.InstanceLocation), name)
			r.add(&at, r.kindOf(), "additionalProperties", "must not be there: the schema allows no further properties")
		}
	case *kind.FalseSchema:
		r.falseSchema(e)
	case accessKind:
		kinds := map[string]Kind{"readOnly": KindReadOnly, "writeOnly": KindWriteOnly}
		r.add(e, kinds[k.keyword], k.keyword, "must not be sent: the property is "+strings.Replace(k.keyword, "Only", "-only", 1))
	case *kind.Contains, *kind.MinContains, *kind.Not:
		r.leaf(e)
	case *kind.PropertyNames:
		// Its place cannot be trusted; the copy in allOf reports it.
	case *kind.AllOf:
		for _, cause := range e.Causes {
			if _, ok := cause.ErrorKind.(*kind.PropertyNames); ok {
				at := *cause
				at.InstanceLocation = e.InstanceLocation
				r.leaf(&at)
				continue
			}
			r.report(cause)
		}
	default:
		if len(e.Causes) == 0 {
			r.leaf(e)
		}
		for _, cause := range telling(e.Causes) {
			r.report(cause)
		}
	}
}

// telling leaves out what is said to be unevaluated only because a branch
// that would have evaluated it failed for a reason of its own.
func telling(causes []*jsonschema.ValidationError) []*jsonschema.ValidationError {
	unevaluated := func(e *jsonschema.ValidationError) bool {
		_, ok := e.ErrorKind.(*kind.FalseSchema)
		return ok && (strings.HasSuffix(e.SchemaURL, "/unevaluatedProperties") || strings.HasSuffix(e.SchemaURL, "/unevaluatedItems"))
	}
	others := slices.DeleteFunc(slices.Clone(causes), unevaluated)
	if len(others) == 0 {
		return causes
	}
	return others
}

func (r *reporter) leaf(e *jsonschema.ValidationError) {
	keyword, message := rule(e.ErrorKind)
	r.add(e, r.kindOf(), keyword, message)
}

// falseSchema is unevaluatedProperties, unevaluatedItems, or a plain `false`.
func (r *reporter) falseSchema(e *jsonschema.ValidationError) {
	_, fragment, _ := strings.Cut(e.SchemaURL, "#")
	tokens := spec.Tokens(fragment)
	keyword := "false"
	if len(tokens) > 0 {
		keyword = tokens[len(tokens)-1]
	}
	switch keyword {
	case "unevaluatedProperties":
		if r.engine.strict {
			r.add(e, KindUndeclaredProperty, keyword, "must not be there: the document declares no such property")
			return
		}
		r.add(e, r.kindOf(), keyword, "must not be there: the schema allows no further properties")
	case "unevaluatedItems", "items":
		r.add(e, r.kindOf(), keyword, "must not be there: the schema allows no further items")
	default:
		r.add(e, r.kindOf(), "false", "must not be there")
	}
}

// alternatives reports a value that fits no branch. A branch refused by type
// alone (the null of anyOf [T, null]) is not what was meant: when one branch
// is left, its own failures are the ones that matter.
func (r *reporter) alternatives(e *jsonschema.ValidationError, keyword string) {
	var meant []*jsonschema.ValidationError
	var types []string
	for _, branch := range e.Causes {
		if want := wantedTypes(branch, len(e.InstanceLocation)); want != nil {
			types = append(types, want...)
		} else {
			meant = append(meant, branch)
		}
	}
	switch {
	case len(meant) == 1:
		r.report(meant[0])
	case len(meant) == 0 && len(types) > 0:
		r.add(e, r.kindOf(), "type", typeMessage(types))
	default:
		r.add(e, r.kindOf(), keyword, "must match one of "+strconv.Itoa(len(e.Causes))+" alternatives")
	}
}

// wantedTypes returns what types a branch wanted when its type is all that
// failed, at the very place of the branch.
func wantedTypes(e *jsonschema.ValidationError, depth int) []string {
	if len(e.InstanceLocation) != depth {
		return nil
	}
	switch k := e.ErrorKind.(type) {
	case *kind.Type:
		return k.Want
	case *kind.Reference:
		if len(e.Causes) == 1 {
			return wantedTypes(e.Causes[0], depth)
		}
	case *kind.AnyOf, *kind.OneOf:
		var all []string
		for _, cause := range e.Causes {
			want := wantedTypes(cause, depth)
			if want == nil {
				return nil
			}
			all = append(all, want...)
		}
		return all
	}
	return nil
}

// discriminated picks the branch a discriminator names (OpenAPI 3.1, 4.8.25).
// It only makes errors clearer; what is valid, oneOf alone decides. A branch
// with false stands for the place of a discriminator that names no branch.
func (r *reporter) discriminated(e *jsonschema.ValidationError) (*jsonschema.ValidationError, bool) {
	at := spec.Join(spec.Located(e.SchemaURL), "oneOf")
	view := r.engine.doc.Schema(spec.Located(e.SchemaURL))
	value, _ := spec.At(r.value, e.InstanceLocation...)
	obj, _ := value.(map[string]any)
	if view == nil || view.Discriminator() == nil {
		return nil, false
	}
	discriminator := view.Discriminator()
	said, ok := obj[discriminator.Property].(string)
	here := func(c spec.Case) bool { return strings.HasPrefix(c.Pointer, at+"/") }
	if !ok || !slices.ContainsFunc(discriminator.Cases, here) {
		return nil, false
	}
	for i, cause := range e.Causes {
		if slices.ContainsFunc(discriminator.Cases, func(c spec.Case) bool { return c.Value == said && c.Pointer == spec.Join(at, itoa(i)) }) {
			return cause, true
		}
	}
	unknown := *e
	unknown.InstanceLocation = append(slices.Clone(e.InstanceLocation), discriminator.Property)
	return &unknown, false
}
