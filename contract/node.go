package contract

import (
	"math/big"
	"reflect"
	"regexp/syntax"
	"slices"
	"strconv"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/digakit/digakit/contract/internal/compiler"
)

// node is a schema compiled to judge JSON text directly, in one pass, without
// building values. It speaks only for the plain part of JSON Schema and has
// two answers: surely valid, or ask the engine. So every violation, and every
// text about one, is the engine's.
type node struct {
	refuse     bool // never surely valid: outside the subset
	strict     bool // leave repeated and undeclared keys to the engine
	own        bool // asserts more than ref, anyOf and allOf do
	types      jsonTypes
	anyType    bool
	ref        *node
	anyOf      []*node
	allOf      []*node
	properties []property // by name
	required   uint64
	additional *node // nil: anything goes
	items      *node
	minItems   int
	maxItems   int // -1: none
	words      []string
	literals   jsonTypes // true, false, null allowed by enum or const
	hasEnum    bool
	format     func(string) bool
	pattern    jsonschema.Regexp
	minLength  int
	maxLength  int // -1: none
	minimum    int64
	maximum    int64
	bounded    bool
	intBits    int // of format int32, int64
}

type property struct {
	name string
	node *node
	bit  uint64 // in the masks of required and of keys seen
}

type jsonTypes uint8

const (
	typeNull jsonTypes = 1 << iota
	typeTrue
	typeFalse
	typeNumber
	typeInteger
	typeString
	typeArray
	typeObject
)

// safeFields are what compileNode understands of a compiled schema, or what
// asserts nothing. A schema that sets any other field is refused as a whole,
// fields of later versions of the engine included.
func safeFields() []string {
	return []string{
		"DraftVersion", "Location", "Bool", "ID", "Ref", "Anchor", "DynamicAnchor", "Types", "Enum", "Const",
		"AnyOf", "AllOf", "Format", "Required", "Properties", "AdditionalProperties", "MinItems", "MaxItems",
		"Items2020", "UnevaluatedProperties", "MinLength", "MaxLength", "Pattern", "Maximum", "Minimum",
		"Title", "Description", "Default", "Comment", "ReadOnly", "WriteOnly", "Examples", "Deprecated",
	}
}

// nodeCompiler makes the nodes of one engine, each once.
type nodeCompiler struct {
	nodes  map[*jsonschema.Schema]*node
	safe   []string
	strict bool
}

func newNodeCompiler(strict bool) *nodeCompiler {
	return &nodeCompiler{nodes: map[*jsonschema.Schema]*node{}, safe: safeFields(), strict: strict}
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
	n := &node{anyType: true, maxItems: -1, maxLength: -1, strict: c.strict}
	c.nodes[s] = n
	if s.Bool != nil {
		n.refuse = !*s.Bool
		return n
	}
	if s.DraftVersion != 2020 || !c.understood(s) {
		n.refuse = true
		return n
	}
	if u := s.UnevaluatedProperties; u != nil && (!c.strict || u.Bool == nil || *u.Bool) {
		// With strict it needs no work: see object in fast.go.
		n.refuse = true
		return n
	}
	if s.Types != nil && !s.Types.IsEmpty() {
		n.anyType, n.types = false, typesOf(s.Types.ToStrings())
	}
	if s.Ref != nil {
		n.ref = c.compile(s.Ref)
	}
	for _, branch := range s.AnyOf {
		n.anyOf = append(n.anyOf, c.compile(branch))
	}
	for _, branch := range s.AllOf {
		n.allOf = append(n.allOf, c.compile(branch))
	}
	c.object(n, s)
	c.array(n, s)
	c.text(n, s)
	c.number(n, s)
	c.enum(n, s)
	n.own = !n.anyType || len(n.properties) > 0 || n.additional != nil || n.items != nil || n.minItems > 0 ||
		n.maxItems >= 0 || n.hasEnum || n.format != nil || n.pattern != nil || n.minLength > 0 ||
		n.maxLength >= 0 || n.bounded || n.intBits > 0 || (n.ref == nil && n.anyOf == nil && n.allOf == nil)
	return n
}

func (c *nodeCompiler) understood(s *jsonschema.Schema) bool {
	v := reflect.ValueOf(s).Elem()
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if field.IsExported() && !v.Field(i).IsZero() && !slices.Contains(c.safe, field.Name) {
			return false
		}
	}
	return true
}

func (c *nodeCompiler) object(n *node, s *jsonschema.Schema) {
	names := make([]string, 0, len(s.Properties))
	for name := range s.Properties {
		names = append(names, name)
	}
	for _, name := range s.Required {
		if _, ok := s.Properties[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	switch additional := s.AdditionalProperties.(type) {
	case bool:
		if !additional {
			n.additional = &node{refuse: true}
		}
	case *jsonschema.Schema:
		n.additional = c.compile(additional)
	}
	if len(names) > 64 {
		n.refuse = true
		return
	}
	for i, name := range names {
		p := property{name: name, node: n.additional, bit: 1 << i}
		if sub, ok := s.Properties[name]; ok {
			p.node = c.compile(sub)
		}
		if slices.Contains(s.Required, name) {
			n.required |= p.bit
		}
		n.properties = append(n.properties, p)
	}
}

func (c *nodeCompiler) array(n *node, s *jsonschema.Schema) {
	if s.Items2020 != nil {
		n.items = c.compile(s.Items2020)
	}
	if s.MinItems != nil {
		n.minItems = *s.MinItems
	}
	if s.MaxItems != nil {
		n.maxItems = *s.MaxItems
	}
}

func (c *nodeCompiler) text(n *node, s *jsonschema.Schema) {
	if s.MinLength != nil {
		n.minLength = *s.MinLength
	}
	if s.MaxLength != nil {
		n.maxLength = *s.MaxLength
	}
	n.pattern = s.Pattern
	if s.Pattern != nil {
		if _, err := syntax.Parse(s.Pattern.String(), syntax.Perl); err != nil {
			n.refuse = true
		}
	}
	if s.Format == nil {
		return
	}
	switch s.Format.Name {
	case "int32":
		n.intBits = 32
	case "int64":
		n.intBits = 64
	default:
		validate := s.Format.Validate
		n.format = compiler.Format(s.Format.Name)
		if n.format == nil {
			n.format = func(text string) bool { return validate(text) == nil }
			// Formats of other types than strings are not ours to skip.
			n.refuse = n.refuse || validate(nil) != nil || validate(true) != nil
		}
	}
}

func (c *nodeCompiler) number(n *node, s *jsonschema.Schema) {
	n.minimum, n.maximum = -1<<62, 1<<62
	for _, b := range []struct {
		limit *big.Rat
		to    *int64
	}{{s.Minimum, &n.minimum}, {s.Maximum, &n.maximum}} {
		if b.limit == nil {
			continue
		}
		n.bounded = true
		if !b.limit.IsInt() || !b.limit.Num().IsInt64() {
			n.refuse = true
			continue
		}
		*b.to = b.limit.Num().Int64()
	}
}

func (c *nodeCompiler) enum(n *node, s *jsonschema.Schema) {
	if s.Const != nil && s.Enum != nil {
		n.refuse = true
		return
	}
	var values []any
	switch {
	case s.Const != nil:
		values = []any{*s.Const}
	case s.Enum != nil:
		values = s.Enum.Values
	default:
		return
	}
	n.hasEnum = true
	for _, v := range values {
		switch v := v.(type) {
		case nil:
			n.literals |= typeNull
		case bool:
			n.literals |= map[bool]jsonTypes{true: typeTrue, false: typeFalse}[v]
		case string:
			n.words = append(n.words, v)
		}
		// Numbers and compound values are left to the engine.
	}
	slices.Sort(n.words)
}

// typesByName are the types of JSON Schema.
var typesByName = map[string]jsonTypes{
	"null": typeNull, "boolean": typeTrue | typeFalse, "number": typeNumber | typeInteger, "integer": typeInteger,
	"string": typeString, "array": typeArray, "object": typeObject,
}

func typesOf(names []string) jsonTypes {
	var t jsonTypes
	for _, name := range names {
		t |= typesByName[name]
	}
	return t
}

// plainInt reads an integer of at most 18 digits without fraction or exponent.
func plainInt(number string) (int64, bool) {
	if len(number) > 18 {
		return 0, false
	}
	n, err := strconv.ParseInt(number, 10, 64)
	return n, err == nil
}
