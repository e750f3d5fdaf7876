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

// accessVocabulary makes an assertion of what a side must not carry: readOnly
// "SHOULD NOT be sent as part of the request", writeOnly not "as part of the
// response" (OpenAPI 3.0.3, Schema Object; the annotations of JSON Schema
// 2020-12, 9.4).
func accessVocabulary(side Side) *jsonschema.Vocabulary {
	keyword := "readOnly"
	if side == SideResponse {
		keyword = "writeOnly"
	}
	return &jsonschema.Vocabulary{
		URL: "contract:///vocab/access",
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

// applyAccess takes from `required` those properties beside it that must not be
// sent on this side: "the required will take effect on the response only"
// (OpenAPI 3.0.3, readOnly), and the mirror of it.
func applyAccess(doc *spec.Document, side Side, pointer string, schema map[string]any) {
	required, _ := schema["required"].([]any)
	properties, _ := schema["properties"].(map[string]any)
	if len(required) == 0 || len(properties) == 0 {
		return
	}
	kept := make([]any, 0, len(required))
	for _, name := range required {
		text, _ := name.(string)
		property := doc.Schema(spec.Join(pointer, "properties", text))
		if property == nil || side == SideRequest && !property.ReadOnly || side == SideResponse && !property.WriteOnly {
			kept = append(kept, name)
		}
	}
	schema["required"] = kept
}
