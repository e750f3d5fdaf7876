package contract

import (
	"encoding/json"
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// wordings are the rules of keywords, with what the document wants.
var wordings = map[string]string{
	"format":           "must match format %v",
	"pattern":          "must match pattern %v",
	"minimum":          "must be >= %v",
	"maximum":          "must be <= %v",
	"exclusiveMinimum": "must be > %v",
	"exclusiveMaximum": "must be < %v",
	"multipleOf":       "must be a multiple of %v",
	"minLength":        "must be at least %v characters long",
	"maxLength":        "must be at most %v characters long",
	"minItems":         "must have at least %v items",
	"maxItems":         "must have at most %v items",
	"minProperties":    "must have at least %v properties",
	"maxProperties":    "must have at most %v properties",
	"minContains":      "must hold at least %v items of the documented kind",
	"maxContains":      "must hold at most %v items of the documented kind",
	"uniqueItems":      "must not hold equal items",
	"contains":         "must hold an item of the documented kind",
	"propertyNames":    "must have only property names that fit the schema",
}

// rule words what was broken: from the document only, never from the value.
func rule(k jsonschema.ErrorKind) (keyword, message string) {
	switch k := k.(type) {
	case *kind.Type:
		return "type", typeMessage(k.Want)
	case *kind.Enum:
		return "enum", listMessage(k.Want)
	case *kind.Const:
		return "const", "must be " + literal(k.Want)
	case *kind.DependentRequired:
		return "dependentRequired", "must have " + quoteAll(k.Missing) + " when it has " + strconv.Quote(k.Prop)
	case *kind.Not:
		return "not", "must not match what the schema excludes"
	case *kind.RefCycle:
		return "$ref", "cannot be judged: the schema refers to itself in a circle"
	}
	path := k.KeywordPath()
	if len(path) == 0 {
		return "", "must fit the schema"
	}
	wording, known := wordings[path[0]]
	if !known {
		return path[0], "must keep the rule " + strconv.Quote(path[0])
	}
	if !strings.Contains(wording, "%v") {
		return path[0], wording
	}
	want := reflect.ValueOf(k).Elem().FieldByName("Want").Interface()
	if bound, ok := want.(*big.Rat); ok {
		want = number(bound)
	}
	return path[0], fmt.Sprintf(wording, want)
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
