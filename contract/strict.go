package contract

import "github.com/digakit/digakit/contract/spec"

// refuseUndeclared sets unevaluatedProperties: false wherever a new value
// begins (a body, a property, an item) and declares properties: exactly what
// no applicable schema declares is then left over (JSON Schema 2020-12, core
// 11.3). Branches of allOf, anyOf, oneOf and targets of $ref are judged with
// the place that uses them, never on their own.
//
// Free-form objects, which declare nothing, stay free. So do places where the
// document has set unevaluatedProperties or additionalProperties itself. Not
// seen through: two branches of an allOf that each describe the same property
// with different inner properties; each then refuses the other's.
func refuseUndeclared(doc *spec.Document, tree map[string]any) {
	var places []map[string]any
	spec.WalkSchemas(tree, func(pointer string, place spec.Place, schema map[string]any) {
		if place != spec.Root && place != spec.Child {
			return
		}
		if _, own := schema["unevaluatedProperties"]; own {
			return
		}
		if _, own := schema["additionalProperties"]; own {
			return
		}
		if original, ok := doc.Lookup(pointer); ok && declares(doc, original, 0) {
			places = append(places, schema)
		}
	})
	for _, schema := range places {
		schema["unevaluatedProperties"] = false
	}
}

// declares reports whether a schema, or one it applies to the same value,
// lists properties.
func declares(doc *spec.Document, v any, depth int) bool {
	schema, ok := v.(map[string]any)
	if !ok || depth > 16 {
		return false
	}
	for _, keyword := range []string{"properties", "patternProperties"} {
		if _, ok := schema[keyword]; ok {
			return true
		}
	}
	if ref, ok := schema["$ref"].(string); ok && len(ref) > 0 && ref[0] == '#' {
		if target, ok := doc.Lookup(ref[1:]); ok && declares(doc, target, depth+1) {
			return true
		}
	}
	for _, keyword := range []string{"allOf", "anyOf", "oneOf"} {
		branches, _ := schema[keyword].([]any)
		for _, branch := range branches {
			if declares(doc, branch, depth+1) {
				return true
			}
		}
	}
	return declares(doc, schema["then"], depth+1) || declares(doc, schema["else"], depth+1)
}
