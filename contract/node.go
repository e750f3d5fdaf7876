package contract

import (
	"math"
	"math/big"
	"reflect"
	"regexp/syntax"
	"slices"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/digakit/digakit/contract/internal/compiler"
	"github.com/digakit/digakit/contract/spec"
)

// node is a schema compiled to judge JSON text directly, in one pass, without
// building values: pages that were never sent before are as fast as they have to be
// by it. It speaks only for the plain part of JSON Schema and has two answers: surely
// valid, or ask the engine. So every violation, and every text about one, is the
// engine's.
type node struct {
	refuse bool // never surely valid: outside the subset
	strict bool // leave repeated and undeclared keys to the engine
	own    bool // asserts more than allOf and anyOf do
	types  jsonTypes
	allOf  []*node // what it refers to among them
	anyOf  []*node
	enum   map[string]bool // the texts and words allowed, as JSON; nil: any

	properties         map[string]property
	required           uint64
	additional         *node // of properties that are not named
	items              *node
	minItems, maxItems int

	checks           []func(string) bool // of texts
	bounded          bool
	minimum, maximum float64
	intBits          int // of format int32, int64
}

type property struct {
	node *node
	bit  uint64 // in the masks of required and of keys seen
}

// lists tells whether the enum, if there is one, has a value.
func (n *node) lists(literal string) bool { return n.enum == nil || n.enum[literal] }

type jsonTypes uint8

const (
	typeNull jsonTypes = 1 << iota
	typeBoolean
	typeNumber
	typeInteger
	typeString
	typeArray
	typeObject

	allTypes jsonTypes = 1<<iota - 1
)

// What nodeCompiler understands of a compiled schema: the fields that assert nothing or
// leave it to other schemas, and the others. A schema that sets any other field is
// refused as a whole, fields of later versions of the engine included.
var (
	silentFields = []string{
		"DraftVersion", "Location", "ID", "Ref", "Anchor", "DynamicAnchor", "AnyOf", "AllOf", "UnevaluatedProperties",
		"Title", "Description", "Default", "Comment", "ReadOnly", "WriteOnly", "Examples", "Deprecated",
	}
	assertingFields = []string{
		"Types", "Enum", "Const", "Format", "Required", "Properties", "AdditionalProperties", "MinItems", "MaxItems",
		"Items2020", "MinLength", "MaxLength", "Pattern", "Maximum", "Minimum",
	}
)

// nodeCompiler makes the nodes of one engine, each once.
type nodeCompiler struct {
	nodes    map[*jsonschema.Schema]*node
	strict   bool
	nothing  *node // never surely valid
	anything *node
}

func newNodeCompiler(strict bool) *nodeCompiler {
	c := &nodeCompiler{nodes: map[*jsonschema.Schema]*node{}, strict: strict, nothing: &node{refuse: true}}
	c.anything = c.unrestricted()
	c.anything.own, c.anything.items = true, c.anything
	c.anything.additional = c.undeclared()
	return c
}

func (c *nodeCompiler) unrestricted() *node {
	return &node{types: allTypes, strict: c.strict, items: c.anything, additional: c.undeclared(), maxItems: math.MaxInt}
}

// undeclared is for properties that no schema describes. In strict mode only objects
// whose every key is declared in one place, once, are surely valid; that keeps
// unevaluatedProperties: false as well.
func (c *nodeCompiler) undeclared() *node {
	if c.strict {
		return c.nothing
	}
	return c.anything
}

// compileFast returns nil when the schema itself is outside the subset.
func (c *nodeCompiler) compileFast(s *jsonschema.Schema) *node {
	if n := c.compile(s); !n.refuse {
		return n
	}
	return nil
}

func (c *nodeCompiler) compile(s *jsonschema.Schema) *node {
	if n, ok := c.nodes[s]; ok {
		return n
	}
	n := c.unrestricted()
	c.nodes[s] = n
	switch u := s.UnevaluatedProperties; {
	case s.Bool != nil && *s.Bool:
		n.own = true
		return n
	case s.Bool != nil, s.DraftVersion != 2020, !c.understood(n, s), u != nil && (!c.strict || u.Bool == nil || *u.Bool):
		n.refuse = true
		return n
	}
	if s.Types != nil && !s.Types.IsEmpty() {
		n.types = typesOf(s.Types.ToStrings())
	}
	for _, part := range s.AllOf {
		n.allOf = append(n.allOf, c.compile(part))
	}
	if s.Ref != nil {
		n.allOf = append(n.allOf, c.compile(s.Ref))
	}
	for _, branch := range s.AnyOf {
		n.anyOf = append(n.anyOf, c.compile(branch))
	}
	n.own = n.own || n.allOf == nil && n.anyOf == nil
	c.object(n, s)
	if s.Items2020 != nil {
		n.items = c.compile(s.Items2020)
	}
	n.minItems, n.maxItems = or(s.MinItems, 0), or(s.MaxItems, math.MaxInt)
	n.texts(s)
	n.numbers(s)
	n.values(s)
	return n
}

func or(bound *int, otherwise int) int {
	if bound == nil {
		return otherwise
	}
	return *bound
}

// understood tells whether the node can say what the schema does, and notes whether
// that asserts something.
func (c *nodeCompiler) understood(n *node, s *jsonschema.Schema) bool {
	v := reflect.ValueOf(s).Elem()
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if !field.IsExported() || v.Field(i).IsZero() || slices.Contains(silentFields, field.Name) {
			continue
		}
		if !slices.Contains(assertingFields, field.Name) {
			return false
		}
		n.own = true
	}
	return true
}

func (c *nodeCompiler) object(n *node, s *jsonschema.Schema) {
	switch additional := s.AdditionalProperties.(type) {
	case bool:
		if !additional {
			n.additional = c.nothing
		}
	case *jsonschema.Schema:
		if !c.strict {
			n.additional = c.compile(additional)
		}
	}
	n.properties = map[string]property{}
	bit := uint64(1)
	for name, sub := range s.Properties {
		n.properties[name] = property{c.compile(sub), bit}
		bit <<= 1
	}
	for _, name := range s.Required {
		p, ok := n.properties[name]
		if !ok {
			p = property{n.additional, bit}
			n.properties[name] = p
			bit <<= 1
		}
		n.required |= p.bit
	}
	n.refuse = n.refuse || len(n.properties) > 64
}

func (n *node) texts(s *jsonschema.Schema) {
	if s.MinLength != nil || s.MaxLength != nil {
		least, most := or(s.MinLength, 0), or(s.MaxLength, math.MaxInt)
		n.checks = append(n.checks, func(text string) bool {
			length := utf8.RuneCountInString(text)
			return least <= length && length <= most
		})
	}
	if s.Pattern != nil {
		n.checks = append(n.checks, s.Pattern.MatchString)
		if _, err := syntax.Parse(s.Pattern.String(), syntax.Perl); err != nil {
			n.refuse = true
		}
	}
	if s.Format == nil {
		return
	}
	switch check := compiler.Format(s.Format.Name); {
	case check != nil:
		n.checks = append(n.checks, check)
	case s.Format.Name == "int32":
		n.intBits = 32
	case s.Format.Name == "int64":
		n.intBits = 64
	default:
		validate := s.Format.Validate
		n.checks = append(n.checks, func(text string) bool { return validate(text) == nil })
		// Formats of other types than strings are not ours to skip.
		n.refuse = n.refuse || validate(nil) != nil || validate(true) != nil
	}
}

func (n *node) numbers(s *jsonschema.Schema) {
	float := func(bound *big.Rat, otherwise float64) float64 {
		if bound == nil {
			return otherwise
		}
		f, exact := bound.Float64()
		n.bounded, n.refuse = true, n.refuse || !exact
		return f
	}
	n.minimum, n.maximum = float(s.Minimum, math.Inf(-1)), float(s.Maximum, math.Inf(1))
}

// values reads enum and const. Numbers and compound values are left to the engine.
func (n *node) values(s *jsonschema.Schema) {
	var values []any
	if s.Enum != nil {
		values = s.Enum.Values
	}
	if s.Const != nil {
		n.refuse = n.refuse || s.Enum != nil
		values = []any{*s.Const}
	}
	if s.Enum != nil || s.Const != nil {
		n.enum = map[string]bool{}
	}
	for _, v := range values {
		literal, err := spec.EncodeJSON(v)
		n.enum[string(literal)] = err == nil
	}
}

// typesByName are the types of JSON Schema.
var typesByName = map[string]jsonTypes{
	"null": typeNull, "boolean": typeBoolean, "number": typeNumber | typeInteger, "integer": typeInteger,
	"string": typeString, "array": typeArray, "object": typeObject,
}

func typesOf(names []string) jsonTypes {
	var t jsonTypes
	for _, name := range names {
		t |= typesByName[name]
	}
	return t
}
