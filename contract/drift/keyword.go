package drift

import (
	"encoding/json"
	"math/big"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// keyword compares one keyword of a schema, which is known to differ.
func (c *comparison) keyword(k string, t told, a, b facet, w way) {
	what := subject(a.outer)
	tell := func(suffix, detail string) {
		t.rule, t.detail, t.message = ruleFor(w, a.outer, suffix), detail, k+" of "+what+" "+became(t.a, t.b)
		c.tell(t)
	}
	change := show(t.a) + " -> " + show(t.b)
	switch k {
	case "default":
		tell("default-value"+event(t), change)
	case "format", "pattern":
		tell(k+event(t), change)
	case "enum":
		c.enum(t, a, b, w)
	case "required":
		c.required(t, a, b, w)
	case "properties":
		c.properties(a, b, w)
	case "items", "additionalProperties", "unevaluatedItems", "unevaluatedProperties", "propertyNames", "contentSchema":
		c.subschema(k, holder(a, k), holder(b, k), w)
	case "multipleOf", "uniqueItems", "dependentRequired", "contentEncoding", "contentMediaType", "discriminator":
		tell(kebab(k)+event(t), change)
	case "readOnly", "writeOnly":
		suffix := "became-" + kebab(k)
		if t.b == nil {
			suffix = "became-not-" + kebab(k)
		}
		tell(suffix, "")
	default:
		if suffix, ok := limit(k, t.a, t.b); ok {
			tell(suffix, change)
			return
		}
		if composes(k) {
			c.residue(k, a, b, w)
			return
		}
		if spec.IsAnnotation(k) {
			c.member(k, holder(a, k), holder(b, k))
			return
		}
		tell("keyword-changed", k)
	}
}

// holder is the schema that has the keyword, or would have it.
func holder(f facet, k string) *spec.Node {
	if f.wrapped && f.outer.Member(k) != nil {
		return f.outer
	}
	return f.core
}

func event(t told) string {
	switch {
	case t.a == nil:
		return "-added"
	case t.b == nil:
		return "-removed"
	}
	return "-changed"
}

// limit names how a limit moved: "max-length-decreased".
func limit(k string, a, b *spec.Node) (string, bool) {
	name, ok := map[string]string{
		"maximum": "max", "exclusiveMaximum": "exclusive-max", "minimum": "min", "exclusiveMinimum": "exclusive-min",
		"maxLength": "max-length", "minLength": "min-length", "maxItems": "max-items", "minItems": "min-items",
		"maxProperties": "max-properties", "minProperties": "min-properties",
		"maxContains": "max-contains", "minContains": "min-contains",
	}[k]
	switch {
	case !ok:
		return "", false
	case a == nil:
		return name + "-set", true
	case b == nil:
		return name + "-unset", true
	}
	x, okX := number(a)
	y, okY := number(b)
	if !okX || !okY {
		return "", false
	}
	if x.Cmp(y) < 0 {
		return name + "-increased", true
	}
	return name + "-decreased", true
}

func number(n *spec.Node) (*big.Float, bool) {
	v, _ := n.Scalar()
	text, ok := v.(json.Number)
	if !ok {
		return nil, false
	}
	f, _, err := big.ParseFloat(string(text), 10, 512, big.ToNearestEven)
	return f, err == nil
}

// enum compares lists of values; null is told as nullable.
func (c *comparison) enum(t told, a, b facet, w way) {
	what := subject(a.outer)
	tell := func(suffix, detail, message string) {
		t.rule, t.detail, t.message = ruleFor(w, a.outer, suffix), detail, message
		c.tell(t)
	}
	switch {
	case t.a == nil:
		tell("became-enum", show(t.b), what+" is now one of "+show(t.b))
		return
	case t.b == nil:
		tell("became-not-enum", show(t.a), what+" is no longer limited to "+show(t.a))
		return
	}
	nullTold := a.nullable != b.nullable
	for _, v := range c.missing(t.b, t.a) {
		if !nullTold || !isNullValue(v) {
			tell("enum-value-added", show(v), what+" gained the value "+show(v))
		}
	}
	for _, v := range c.missing(t.a, t.b) {
		if !nullTold || !isNullValue(v) {
			tell("enum-value-removed", show(v), what+" lost the value "+show(v))
		}
	}
}

func typeNames(f facet) string {
	switch {
	case f.anyType:
		return "any"
	case len(f.types) == 0:
		return "null"
	}
	return strings.Join(f.types, " or ")
}

func kebab(k string) string {
	var out strings.Builder
	for _, r := range k {
		if r >= 'A' && r <= 'Z' {
			out.WriteByte('-')
			r += 'a' - 'A'
		}
		out.WriteRune(r)
	}
	return out.String()
}

// ruleFor is the id of what happened to a schema, by where it stands:
// "request-parameter-max-decreased".
func ruleFor(w way, at *spec.Node, suffix string) string {
	tokens := spec.Tokens(at.Pointer())
	whole := len(tokens) > 2 && tokens[len(tokens)-1] == "schema" && tokens[len(tokens)-3] == "content" && !slices.Contains(tokens[:2], "schemas")
	switch {
	case w == parameter:
		return "request-parameter-" + suffix
	case w == header:
		return "response-header-" + suffix
	case w == request && whole:
		return "request-body-" + suffix
	case w == request:
		return "request-property-" + suffix
	case whole:
		return "response-body-" + suffix
	}
	return "response-property-" + suffix
}
