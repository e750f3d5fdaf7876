package contract

import (
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// HoldsSecret tells a header, cookie or parameter whose value is a credential: by
// its name in a security scheme of the document, or by its own, as [HoldsSecret]
// does. Case does not matter.
func (v *Validator) HoldsSecret(name string) bool {
	return v.secrets[strings.ToLower(name)] || HoldsSecret(name)
}

// secretWords are parts of names that credentials commonly have, and cursorWords of
// names that have them and mean a place in a list, or a count.
var (
	secretWords = []string{"_auth_", "authorization", "cookie", "token", "secret", "password", "api_key", "apikey", "access_key", "subscription_key", "application_key", "signature"}
	cursorWords = []string{"page", "next", "continuation", "tokens"}
)

// HoldsSecret tells a header, cookie or parameter whose value is a credential by its
// name alone: X-Api-Key, access_token.
func HoldsSecret(name string) bool {
	name = "_" + strings.ToLower(strings.ReplaceAll(name, "-", "_")) + "_"
	within := func(word string) bool { return strings.Contains(name, word) }
	return name == "_key_" || slices.ContainsFunc(secretWords, within) && !slices.ContainsFunc(cursorWords, within)
}

// holdsSecret tells a property or form field whose value is a secret: one that the
// document has as a password or as written only, or that is named like a credential.
func (v *Validator) holdsSecret(property string) bool {
	return v.passwords()[property] || v.HoldsSecret(property)
}

// passwordNames are the names of properties that are passwords, or written only.
func passwordNames(doc *spec.Document) map[string]bool {
	names := map[string]bool{}
	spec.WalkSchemas(doc.Tree, func(pointer string, _ spec.Place, schema map[string]any) {
		properties, _ := schema["properties"].(map[string]any)
		for name := range properties {
			if s := doc.Schema(spec.Join(pointer, "properties", name)); s != nil && (s.WriteOnly || s.Format == "password") {
				names[name] = true
			}
		}
	})
	return names
}

// secretNames are the names, in lower case, that the document's apiKey schemes give.
func secretNames(doc *spec.Document) map[string]bool {
	names := map[string]bool{}
	for _, key := range doc.Keys("/components/securitySchemes") {
		if _, scheme, err := doc.Resolve(spec.Join("/components/securitySchemes", key)); err == nil && scheme["type"] == "apiKey" {
			name, _ := scheme["name"].(string)
			names[strings.ToLower(name)] = name != ""
		}
	}
	return names
}
