package contract

import "github.com/digakit/digakit/contract/spec"

// repeatPropertyNames copies every propertyNames into an allOf beside it. The
// engine (v6.0.3) does not copy the place of a propertyNames error, and later
// errors overwrite it; the place of an allOf error is right.
func repeatPropertyNames(tree map[string]any) {
	spec.WalkSchemas(tree, func(_ string, _ spec.Place, schema map[string]any) {
		names, ok := schema["propertyNames"]
		if !ok || len(schema) == 1 {
			return
		}
		branches, _ := schema["allOf"].([]any)
		copied := map[string]any{"propertyNames": copyTree(names)}
		schema["allOf"] = append(branches[:len(branches):len(branches)], copied)
	})
}
