package seed

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
	"go.yaml.in/yaml/v3"
)

// value is a place in the file.
type value struct {
	p    *parser
	node *yaml.Node
	path string // such as projects[0].keys[2].name
}

func (v value) mistake(format string, args ...any) {
	v.p.add(v.node, v.path, format, args...)
}

// child returns the value of a field or, with "[i]", of an item. Aliases stand
// for what they name; a mistake in it is where the anchor is.
func (v value) child(name string, n *yaml.Node) value {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if v.path != "" && !strings.HasPrefix(name, "[") {
		name = "." + name
	}
	return value{v.p, n, v.path + name}
}

// fields reads a mapping that has known fields alone, each at most once. ok is
// false when v is no mapping; fields may be incomplete after other mistakes.
func (v value) fields(known ...string) (fields map[string]value, ok bool) {
	return v.mapping("field", known...)
}

// mapping reads fields that errors call by another noun.
func (v value) mapping(noun string, known ...string) (fields map[string]value, ok bool) {
	if v.node.Kind != yaml.MappingNode || v.node.ShortTag() != "!!map" {
		v.mistake("this is %s; it must be a mapping with the %ss %s (a colon needs a space behind it)", v.kind(), noun, strings.Join(known, ", "))
		return nil, false
	}
	fields = make(map[string]value, len(v.node.Content)/2)
	for i := 0; i+1 < len(v.node.Content) && !v.p.full(); i += 2 {
		k := v.child("", v.node.Content[i])
		k.path = v.path
		name := k.node.Value
		if before, again := fields[name]; again && k.node.Kind == yaml.ScalarNode {
			k.mistake("the %s %s is given twice, first with the value at line %d; keep one", noun, name, before.node.Line)
			continue
		}
		switch {
		case k.node.Kind != yaml.ScalarNode:
			k.mistake("a %s's name is %s; the %ss are %s", noun, k.kind(), noun, strings.Join(known, ", "))
		case k.node.ShortTag() == "!!merge":
			k.mistake("merge keys (<<) are not supported; write the fields out, or repeat a key with count")
		case !slices.Contains(known, name):
			k.mistake("there is no %s %s; %s", noun, shown(name), remedy(name, known, "the "+noun+"s are "))
		default:
			fields[name] = v.child(name, v.node.Content[i+1])
		}
	}
	return fields, true
}

// items reads a list. An empty value is an empty list.
func (v value) items() ([]value, bool) {
	if v.null() {
		return nil, true
	}
	if v.node.Kind != yaml.SequenceNode || v.node.ShortTag() != "!!seq" {
		v.mistake("this is %s; it must be a list", v.kind())
		return nil, false
	}
	items := make([]value, len(v.node.Content))
	for i, n := range v.node.Content {
		items[i] = v.child(fmt.Sprintf("[%d]", i), n)
	}
	return items, true
}

func (v value) null() bool { return v.node.Kind == yaml.ScalarNode && v.node.ShortTag() == "!!null" }

// kind says what v is, not which value it has.
func (v value) kind() string {
	switch v.node.Kind { //nolint:exhaustive // aliases have been followed, and a document is inside none
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	switch v.node.ShortTag() {
	case "!!str":
		return "text"
	case "!!int", "!!float":
		return "a number"
	case "!!bool":
		return "true or false"
	case "!!null":
		return "empty"
	case "!!timestamp":
		return "a date"
	}
	return "of an unknown type"
}

// identifier matches what may be shown of a file: nothing that has the digits
// and dashes of a secret.
var identifier = regexp.MustCompile(`^[A-Za-z_]{1,32}(\.[A-Za-z_]{1,32})?$`)

// shown returns s in quotes for an error, or nothing of it when it could hold a
// secret.
func shown(s string) string {
	if identifier.MatchString(s) {
		return `"` + s + `"`
	}
	return "of that name"
}

// remedy suggests the candidate that s resembles, or else all of them behind
// the words of introduction.
func remedy(s string, candidates []string, introduction string) string {
	best, found := 3, "" // further apart is another word
	if len(s) <= 64 {
		for _, c := range candidates {
			d := levenshtein.ComputeDistance(strings.ToLower(s), strings.ToLower(c))
			if d >= best && found == "" && (strings.HasPrefix(s, c) || s != "" && strings.HasPrefix(c, s)) {
				d = best - 1
			}
			if d < best {
				best, found = d, c
			}
		}
	}
	if found != "" {
		return fmt.Sprintf("did you mean %q?", found)
	}
	return introduction + strings.Join(candidates, ", ")
}
