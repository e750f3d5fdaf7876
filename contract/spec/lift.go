package spec

// liftedTo is the version of what was 3.0.
const liftedTo = "3.1.0"

// lift turns the schemas of an OpenAPI 3.0 tree into their 3.1 form, in place.
//
// kin-openapi's openapi3conv.Upgrade, which makes T, does much of the same on
// its own types, but keeps bounds as float64 (9223372036854775807 becomes
// ...808) and names the result 3.2.1; the engine wants the published digits.
func lift(tree map[string]any) {
	WalkSchemas(tree, func(_ string, _ Place, schema map[string]any) {
		if _, ok := schema["$ref"]; ok {
			// OpenAPI 3.0.3, Reference Object: siblings of $ref are ignored;
			// JSON Schema 2020-12 would apply them.
			for k := range schema {
				if k != "$ref" {
					delete(schema, k)
				}
			}
			return
		}
		liftNullable(schema)
		liftBound(schema, "minimum", "exclusiveMinimum")
		liftBound(schema, "maximum", "exclusiveMaximum")
		if example, ok := schema["example"]; ok {
			examples, _ := schema["examples"].([]any)
			schema["examples"] = append(examples, example)
			delete(schema, "example")
		}
	})
	tree["openapi"] = liftedTo
}

// liftNullable adds null to the type. Without a type in the same object
// `nullable` does nothing (OpenAPI 3.0.3, Schema Object, fixed fields).
func liftNullable(schema map[string]any) {
	if nullable, _ := schema["nullable"].(bool); nullable {
		if t, ok := schema["type"].(string); ok && t != "null" {
			schema["type"] = []any{t, "null"}
		}
	}
	delete(schema, "nullable")
}

func liftBound(schema map[string]any, bound, exclusive string) {
	flag, ok := schema[exclusive].(bool)
	if !ok {
		return
	}
	delete(schema, exclusive)
	if limit, has := schema[bound]; flag && has {
		schema[exclusive] = limit
		delete(schema, bound)
	}
}
