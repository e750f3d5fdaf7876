package contract

import (
	"encoding/json"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// rule words what was broken: from the document only, never from the value.
func rule(k jsonschema.ErrorKind) (keyword, message string) {
	switch k := k.(type) {
	case *kind.Type:
		return "type", typeMessage(k.Want)
	case *kind.Enum:
		return "enum", listMessage(k.Want)
	case *kind.Const:
		return "const", "must be " + literal(k.Want)
	case *kind.Format:
		return "format", "must match format " + k.Want
	case *kind.Pattern:
		return "pattern", "must match pattern " + k.Want
	case *kind.Minimum:
		return "minimum", "must be >= " + number(k.Want)
	case *kind.Maximum:
		return "maximum", "must be <= " + number(k.Want)
	case *kind.ExclusiveMinimum:
		return "exclusiveMinimum", "must be > " + number(k.Want)
	case *kind.ExclusiveMaximum:
		return "exclusiveMaximum", "must be < " + number(k.Want)
	case *kind.MultipleOf:
		return "multipleOf", "must be a multiple of " + number(k.Want)
	case *kind.MinLength:
		return "minLength", "must be at least " + strconv.Itoa(k.Want) + " characters long"
	case *kind.MaxLength:
		return "maxLength", "must be at most " + strconv.Itoa(k.Want) + " characters long"
	case *kind.MinItems:
		return "minItems", "must have at least " + strconv.Itoa(k.Want) + " items"
	case *kind.MaxItems:
		return "maxItems", "must have at most " + strconv.Itoa(k.Want) + " items"
	case *kind.MinProperties:
		return "minProperties", "must have at least " + strconv.Itoa(k.Want) + " properties"
	case *kind.MaxProperties:
		return "maxProperties", "must have at most " + strconv.Itoa(k.Want) + " properties"
	case *kind.UniqueItems:
		return "uniqueItems", "must not hold equal items"
	case *kind.Contains:
		return "contains", "must hold an item of the documented kind"
	case *kind.MinContains:
		return "minContains", "must hold at least " + strconv.Itoa(k.Want) + " items of the documented kind"
	case *kind.MaxContains:
		return "maxContains", "must hold at most " + strconv.Itoa(k.Want) + " items of the documented kind"
	case *kind.PropertyNames:
		return "propertyNames", "must have only property names that fit the schema"
	case *kind.DependentRequired:
		return "dependentRequired", "must have " + quoteAll(k.Missing) + " when it has " + strconv.Quote(k.Prop)
	case *kind.Dependency:
		return "dependencies", "must have " + quoteAll(k.Missing) + " when it has " + strconv.Quote(k.Prop)
	case *kind.Not:
		return "not", "must not match what the schema excludes"
	case *kind.RefCycle:
		return "$ref", "cannot be judged: the schema refers to itself in a circle"
	}
	if path := k.KeywordPath(); len(path) > 0 {
		return path[0], "must keep the rule " + strconv.Quote(path[0])
	}
	return "", "must fit the schema"
}

func typeMessage(types []string) string {
	types = slices.Clone(types)
	slices.Sort(types)
	types = slices.Compact(types)
	// null is named last: it is the exception.
	if i := slices.Index(types, "null"); i >= 0 {
		types = append(slices.Delete(types, i, i+1), "null")
	}
	for i, t := range types {
		switch t {
		case "null":
		case "array", "object", "integer":
			types[i] = "an " + t
		default:
			types[i] = "a " + t
		}
	}
	return "must be " + strings.Join(types, " or ")
}

// listMessage names the values of an enum, when they are few.
func listMessage(values []any) string {
	if len(values) > 10 {
		return "must be one of the " + strconv.Itoa(len(values)) + " documented values"
	}
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = literal(v)
	}
	if len(words) == 1 {
		return "must be " + words[0]
	}
	return "must be one of " + strings.Join(words, ", ")
}

// literal is a value of the document as JSON.
func literal(v any) string {
	text, err := json.Marshal(v)
	if err != nil || len(text) > 200 {
		return "the documented value"
	}
	return string(text)
}

func number(r *big.Rat) string {
	if r.IsInt() {
		return r.Num().String()
	}
	digits, _ := r.FloatPrec()
	return r.FloatString(digits)
}

func quoteAll(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = strconv.Quote(n)
	}
	return strings.Join(quoted, ", ")
}
