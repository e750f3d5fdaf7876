package spec

import (
	"strconv"
	"strings"
)

var escaper = strings.NewReplacer("~", "~0", "/", "~1")

// Join appends reference tokens to an RFC 6901 pointer, escaping them.
func Join(pointer string, tokens ...string) string {
	var b strings.Builder
	b.WriteString(pointer)
	for _, t := range tokens {
		b.WriteByte('/')
		_, _ = escaper.WriteString(&b, t) // a Builder does not fail
	}
	return b.String()
}

// Tokens splits an RFC 6901 pointer into its unescaped reference tokens.
func Tokens(pointer string) []string {
	if pointer == "" {
		return nil
	}
	tokens := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	for i, t := range tokens {
		tokens[i] = strings.ReplaceAll(strings.ReplaceAll(t, "~1", "/"), "~0", "~")
	}
	return tokens
}

// Parent points to what holds the value at a pointer; "" when that is the whole.
func Parent(pointer string) string { return pointer[:max(0, strings.LastIndexByte(pointer, '/'))] }

// At returns what the unescaped reference tokens of a pointer lead to in a JSON
// value; false when nothing is there.
func At(v any, tokens ...string) (any, bool) {
	for _, token := range tokens {
		switch node := v.(type) {
		case map[string]any:
			next, ok := node[token]
			if !ok {
				return nil, false
			}
			v = next
		case []any:
			i, ok := arrayIndex(token)
			if !ok || i >= len(node) {
				return nil, false
			}
			v = node[i]
		default:
			return nil, false
		}
	}
	return v, true
}

// AnyIndex returns a pointer into a JSON value with * in place of each token that
// may be the index of an array, so that items of one array share it.
func AnyIndex(pointer string) string {
	tokens := Tokens(pointer)
	for i, token := range tokens {
		if _, err := strconv.ParseUint(token, 10, 64); err == nil {
			tokens[i] = "*"
		}
	}
	return Join("", tokens...)
}
