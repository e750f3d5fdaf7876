package session

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/digakit/digakit/contract/spec"
)

const (
	minSecret      = 12 // bytes that a value has to have to count as key material
	maxSecretDepth = 16 // levels of an answer that are looked through
)

// secretProperties are names under which key material slips out.
var secretProperties = []string{
	"api_key", "api_key_hash", "api_secret", "access_token", "apikey", "client_secret", "hash", "hashed_key", "key", "key_hash",
	"plain_key", "private_key", "raw_key", "secret", "secret_hash", "secret_key", "token", "token_hash",
	"apiKey", "keyHash", "hashedKey", "secretKey", "accessToken", "privateKey", "rawKey", "tokenHash",
}

// disclosed looks in an answer for a secret that is known here, and for a property
// that looks like one and is not documented. It returns the name of the case and
// what is wrong; empty: nothing.
func (s *Session) disclosed(a *Answer) (name, message string) {
	if a.Status >= 200 && a.Status < 300 {
		if property := s.secretProperty(gjson.ParseBytes(a.Body), 0); property != "" {
			return "property " + property, fmt.Sprintf("the answer has a property %q that is not documented and looks like a key or its hash", property)
		}
	}
	for _, secret := range append([]string{s.Target.Key, s.Target.DeniedKey}, s.Secrets...) {
		if len(secret) >= minSecret && (bytes.Contains(a.Body, []byte(secret)) || strings.Contains(fmt.Sprint(a.Header), secret)) {
			return "a key in use", "the answer holds a key that is in use"
		}
	}
	return "", ""
}

// secretProperty finds the name of an undocumented property of JSON text that
// has one of those names and a value that may be a secret; empty: there is none.
// A masked value is none.
func (s *Session) secretProperty(value gjson.Result, depth int) string {
	found := ""
	value.ForEach(func(key, value gjson.Result) bool {
		switch name := key.Str; {
		case value.Type == gjson.JSON && depth < maxSecretDepth:
			found = s.secretProperty(value, depth+1)
		case slices.Contains(secretProperties, name) && len(value.Str) >= minSecret && !strings.ContainsAny(value.Str, "*… ") &&
			!strings.Contains(value.Str, "...") && !s.documents(name):
			found = name
		}
		return found == ""
	})
	return found
}

// documents tells whether any schema of the document has such a property.
func (s *Session) documents(name string) bool {
	found := false
	spec.WalkSchemas(s.Spec.Tree, func(_ string, _ spec.Place, schema map[string]any) {
		own, _ := schema["properties"].(map[string]any)
		_, has := own[name]
		found = found || has
	})
	return found
}
