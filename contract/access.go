package contract

import (
	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/message"

	"github.com/digakit/digakit/contract/spec"
)

// accessKind is the engine's error for a value that has no place on its side.
type accessKind struct{ keyword string }

func (k accessKind) KeywordPath() []string                     { return []string{k.keyword} }
func (k accessKind) LocalizedString(p *message.Printer) string { return p.Sprint(k.keyword) }

// accessKeyword is what a side must not carry: readOnly "SHOULD NOT be sent as
// part of the request", writeOnly not "as part of the response" (OpenAPI
// 3.0.3, Schema Object; the annotations of JSON Schema 2020-12, 9.4).
func accessKeyword(side Side) string {
	if side == SideRequest {
		return "readOnly"
	}
	return "writeOnly"
}

// accessVocabulary makes the side's keyword an assertion.
func accessVocabulary(side Side) *jsonschema.Vocabulary {
	keyword := accessKeyword(side)
	return &jsonschema.Vocabulary{
		URL:        "contract:///vocab/access",
		Subschemas: schemaPlaces(),
		Compile: func(_ *jsonschema.CompilerContext, obj map[string]any) (jsonschema.SchemaExt, error) {
			if set, _ := obj[keyword].(bool); set {
				return accessKind{keyword}, nil
			}
			return nil, nil
		},
	}
}

// Validate implements jsonschema.SchemaExt.
func (k accessKind) Validate(ctx *jsonschema.ValidatorContext, _ any) { ctx.AddError(k) }

// applyAccess takes from every `required` those properties that must not be
// sent on this side: "the required will take effect on the response only"
// (OpenAPI 3.0.3, readOnly), and the mirror of it.
func applyAccess(doc *spec.Document, tree map[string]any, side Side) {
	keyword := accessKeyword(side)
	spec.WalkSchemas(tree, func(pointer string, _ spec.Place, schema map[string]any) {
		required, _ := schema["required"].([]any)
		properties, _ := schema["properties"].(map[string]any)
		if len(required) == 0 || len(properties) == 0 {
			return
		}
		kept := make([]any, 0, len(required))
		for _, name := range required {
			text, _ := name.(string)
			if _, declared := properties[text]; declared && flagged(doc, spec.Join(pointer, "properties", text), keyword) {
				continue
			}
			kept = append(kept, name)
		}
		schema["required"] = kept
	})
}

func flagged(doc *spec.Document, pointer, keyword string) bool {
	for range 16 {
		v, _ := doc.Lookup(pointer)
		obj, _ := v.(map[string]any)
		if set, _ := obj[keyword].(bool); set {
			return true
		}
		ref, ok := obj["$ref"].(string)
		if !ok || len(ref) == 0 || ref[0] != '#' {
			return false
		}
		pointer = ref[1:]
	}
	return false
}
