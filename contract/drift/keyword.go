package drift

import (
	"encoding/json"
	"math/big"
	"regexp"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// keyword compares one keyword of a schema, which is known to differ.
func (c *comparison) keyword(k string, a, b *spec.Node, s side) {
	d, holder := c.found(k, a, b)
	what := subjectAt(holder, a.Parameter())
	add := func(suffix, detail, message string) { c.add(d, ruleFor(s, holder, suffix), detail, message) }
	change := show(d.a) + " -> " + show(d.b)
	changed := func(suffix, detail string) { add(suffix, detail, k+" of "+what+" "+became(d.a, d.b)) }
	switch k {
	case "null":
		d.keyword = "type"
		switch {
		case takesAny(a) || takesAny(b): // told by what it says of types
		case d.a == nil:
			add("became-nullable", "", what+" may now be null")
		default:
			add("became-not-nullable", "", what+" may no longer be null")
		}
	case "type":
		from, to := typeNames(a), typeNames(b)
		add(typeChange(a, b), from+" -> "+to, "type of "+what+" changed from "+from+" to "+to)
	case "default":
		changed("default-value"+event(d), change)
	case "format", "pattern":
		if k == "format" && sameNumbers(a, b, s) {
			add("generated-type-changed", change, "format of "+what+" "+became(d.a, d.b)+": no value is concerned, but the type a generator makes of it")
			return
		}
		changed(k+event(d), change)
	case "enum":
		c.enum(d, what, add)
	case "required":
		c.required(d, a, b, s)
	case "properties":
		c.properties(a, b, s)
	case "items", "additionalProperties", "unevaluatedItems", "unevaluatedProperties", "propertyNames", "contentSchema":
		c.subschema(k, a, b, s)
	case "multipleOf", "uniqueItems", "dependentRequired", "contentEncoding", "contentMediaType":
		changed(kebab(k)+event(d), change)
	case "discriminator":
		c.discriminator(d, what, add)
	case "readOnly", "writeOnly":
		suffix := "became-"
		if d.b == nil {
			suffix += "not-"
		}
		changed(suffix+kebab(k), "")
	case "allOf", "anyOf", "oneOf":
		whole := func(n, other *spec.Node) []*spec.Node { // without parts that the other has as its own
			return slices.DeleteFunc(n.Member(k).Items(), func(part *spec.Node) bool {
				own := part.Keys()
				return k == "allOf" && len(own) == 1 && c.equality.Equal(part.Member(own[0]), other.Member(own[0]))
			})
		}
		c.branches(k, whole(a, b), whole(b, a), d, holder, s)
	case "not":
		suffix := map[string]string{"-added": "restricted", "-removed": "relaxed", "-changed": "composition-changed"}[event(d)]
		changed(suffix, k)
	case "if", "then", "else", "contains":
		switch {
		case k != "if" && d.a.IsObject() && d.b.IsObject():
			c.subschema(k, a, b, s)
		case event(d) == "-changed":
			changed("composition-changed", k)
		default:
			changed(k+event(d), "")
		}
	case "patternProperties", "dependentSchemas":
		rule := map[string]string{"patternProperties": "pattern-property", "dependentSchemas": "dependent-schema"}[k]
		gone, fresh := match(union(d.a, d.b), d.a, d.b, func(name string, _, _ *spec.Node) { c.subschema(name, d.a, d.b, s) })
		for _, name := range fresh {
			add(rule+"-added", name, k+" of "+what+" has "+name+" now")
		}
		for _, name := range gone {
			add(rule+"-removed", name, k+" of "+what+" no longer has "+name)
		}
	case "prefixItems":
		la, lb := d.a.Items(), d.b.Items()
		for i := range min(len(la), len(lb)) {
			c.schema(la[i], lb[i], s, use{})
		}
		if len(la) != len(lb) {
			changed(map[bool]string{true: "prefix-items-added", false: "prefix-items-removed"}[len(la) < len(lb)], "")
		}
	default:
		if suffix := limit(k, d.a, d.b); suffix != "" {
			changed(suffix, change)
		} else if rule := wordRule(k, d.b); rule != "" {
			c.add(d, rule, k, k+" of "+what+" "+became(d.a, d.b))
		} else {
			changed("keyword-changed", k)
		}
	}
}

func event(d difference) string {
	switch {
	case d.a == nil:
		return "-added"
	case d.b == nil:
		return "-removed"
	}
	return "-changed"
}

// limit names how a limit moved: "max-length-decreased"; "" for what is none.
func limit(k string, a, b *spec.Node) string {
	name := limitName(k)
	x, okX := number(a)
	y, okY := number(b)
	switch {
	case !slices.Contains(strings.Fields(limits), k):
		return ""
	case a == nil:
		return name + "-set"
	case b == nil:
		return name + "-unset"
	case !okX || !okY:
		return ""
	case x.Cmp(y) < 0:
		return name + "-increased"
	}
	return name + "-decreased"
}

func number(n *spec.Node) (*big.Float, bool) {
	v, _ := n.Scalar()
	text, _ := v.(json.Number)
	f, _, err := big.ParseFloat(string(text), 10, 512, big.ToNearestEven)
	return f, err == nil
}

// sameNumbers tells whether a changed format of integers refuses no number that
// was sent, or answers none that never came: int32 within 0 and 100 does not.
func sameNumbers(a, b *spec.Node, s side) bool {
	from, known := integers(a, b)
	to, alsoKnown := integers(b, b)
	if !s.sent() {
		from, to = to, from
	}
	return known && alsoKnown && to[0].Cmp(from[0]) <= 0 && to[1].Cmp(from[1]) >= 0
}

// integers are the least and greatest of the format of one schema within another.
func integers(of, within *spec.Node) ([2]*big.Float, bool) {
	limits := [2]*big.Float{new(big.Float).SetInf(true), new(big.Float).SetInf(false)}
	format := of.Member("format").Text()
	if bits, ok := map[string]uint{"int32": 31, "int64": 63}[format]; ok {
		end := new(big.Int).Lsh(big.NewInt(1), bits)
		limits[0].SetInt(new(big.Int).Neg(end))
		limits[1].SetInt(end.Sub(end, big.NewInt(1)))
	} else if format != "" {
		return limits, false
	}
	for i, k := range []string{"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"} {
		bound, ok := number(within.Member(k))
		if ok && (i%2 == 0 && bound.Cmp(limits[0]) > 0 || i%2 == 1 && bound.Cmp(limits[1]) < 0) {
			limits[i%2] = bound
		}
	}
	return limits, typeNames(of) == "integer" && typeNames(within) == "integer"
}

// enum compares lists of values.
func (c *comparison) enum(d difference, what string, add func(suffix, detail, message string)) {
	switch {
	case d.a == nil:
		add("became-enum", show(d.b), what+" is now one of "+show(d.b))
	case d.b == nil:
		add("became-not-enum", show(d.a), what+" is no longer limited to "+show(d.a))
	default:
		for _, v := range c.missing(d.b, d.a) {
			add("enum-value-added", show(v), what+" gained the value "+show(v))
		}
		for _, v := range c.missing(d.a, d.b) {
			add("enum-value-removed", show(v), what+" lost the value "+show(v))
		}
	}
}

// discriminator compares the property that tells variants apart and its values.
func (c *comparison) discriminator(d difference, what string, add func(suffix, detail, message string)) {
	name := memberOf("propertyName", d.a, d.b)
	if d.a == nil || d.b == nil || !c.equality.Equal(name.a, name.b) {
		add("discriminator"+event(d), "", "discriminator of "+what+" "+became(name.a, name.b))
		return
	}
	from, to := d.a.Member("mapping"), d.b.Member("mapping")
	for _, k := range union(from, to) {
		if m := memberOf(k, from, to); !c.equality.Equal(m.a, m.b) {
			verb := strings.Replace(event(m), "removed", "deleted", 1)
			add("discriminator-mapping"+verb, k, "what "+k+" stands for in the discriminator of "+what+" "+became(m.a, m.b))
		}
	}
	if c.equality.Equal(from, to) {
		add("discriminator-changed", "", "discriminator of "+what+" "+became(d.a, d.b))
	}
}

var capital = regexp.MustCompile(`[A-Z]`)

func kebab(k string) string { return strings.ToLower(capital.ReplaceAllString(k, "-$0")) }

// ruleFor is an id by where a schema stands: "request-parameter-max-decreased".
func ruleFor(s side, pointer, suffix string) string {
	tokens := spec.Tokens(pointer)
	for n := len(tokens); n > 2 && slices.Contains([]string{"allOf", "anyOf", "oneOf"}, tokens[n-2]); n = len(tokens) {
		tokens = tokens[:n-2]
	}
	n := len(tokens)
	place := [...]string{parameter: "request-parameter-", request: "request-property-", response: "response-property-", header: "response-header-"}[s]
	if n > 2 && tokens[n-1] == "schema" && tokens[n-3] == "content" && !slices.Contains(tokens[:2], "schemas") {
		place = strings.Replace(place, "property", "body", 1)
	}
	return place + suffix
}
