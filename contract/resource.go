package contract

import (
	"github.com/digakit/digakit/contract/spec"
)

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
func refuseUndeclared(view *spec.Schema, place spec.Place, schema map[string]any) {
	_, unevaluated := schema["unevaluatedProperties"]
	_, additional := schema["additionalProperties"]
	if begins := place == spec.Root || place == spec.Child; begins && !unevaluated && !additional && view != nil && view.Declares() {
		schema["unevaluatedProperties"] = false
	}
}
