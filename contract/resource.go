package contract

import "github.com/digakit/digakit/contract/spec"

// resources makes the schemas of a document those of an engine, for its side.
type resources struct {
	doc    *spec.Document
	side   Side
	strict bool
}

// rewrite makes a schema object of the document one of the engine's.
func (r *resources) rewrite(pointer string, place spec.Place, schema map[string]any) {
	if r.strict {
		refuseUndeclared(r.doc.Schema(pointer), place, schema)
		if branches, _ := schema["anyOf"].([]any); r.doc.AssumesNull(pointer) {
			schema["anyOf"] = branches[:1]
		}
	}
	applyAccess(r.doc, r.side, pointer, schema)
	repeatPropertyNames(schema)
}

// repeatPropertyNames copies a propertyNames into an allOf beside it. The engine
// (v6.0.3) does not copy the place of a propertyNames error, and later errors
// overwrite it; the place of an allOf error is right.
func repeatPropertyNames(schema map[string]any) {
	names, ok := schema["propertyNames"]
	if !ok || len(schema) == 1 {
		return
	}
	branches, _ := schema["allOf"].([]any)
	copied := map[string]any{"propertyNames": spec.Copy(names)}
	schema["allOf"] = append(branches[:len(branches):len(branches)], copied)
}
