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
func refuseUndeclared(view *spec.Schema, place spec.Place, schema map[string]any) {
	_, unevaluated := schema["unevaluatedProperties"]
	_, additional := schema["additionalProperties"]
	if begins := place == spec.Root || place == spec.Child; begins && !unevaluated && !additional && view != nil && view.Declares() {
		schema["unevaluatedProperties"] = false
	}
}
