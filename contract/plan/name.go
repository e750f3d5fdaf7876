package plan

import (
	"slices"
	"strings"
	"unicode"
)

// wordsOf splits a name where its writer did: at what is no letter or digit, and
// where capitals begin a word. petId, pet_id and Pet-ID are pet and id.
func wordsOf(name string) []string {
	var b strings.Builder
	runes := []rune(name)
	for i, r := range runes {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			r = ' '
		case unicode.IsUpper(r) && i > 0 && (!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])):
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return strings.Fields(b.String())
}

// stem is the words of a name, its last in the singular by those rules of
// English that need no list.
func stem(name string) []string {
	words := wordsOf(name)
	if len(words) == 0 {
		return nil
	}
	last := words[len(words)-1]
	ends := func(suffix string) bool { return strings.HasSuffix(last, suffix) }
	switch {
	case len(last) > 4 && ends("ies"):
		last = strings.TrimSuffix(last, "ies") + "y"
	case slices.ContainsFunc([]string{"sses", "xes", "ches", "shes", "zes", "uses"}, ends):
		last = strings.TrimSuffix(last, "es")
	case len(last) > 2 && !slices.ContainsFunc([]string{"ss", "us", "is"}, ends):
		last = strings.TrimSuffix(last, "s")
	}
	return append(words[:len(words)-1], last)
}

// idStem is what X_id or X_ids names: the words of X, in the singular; many tells
// which of the two. Nil for a name that does not end in id, and for id alone.
func idStem(name string) (words []string, many bool) {
	words = wordsOf(name)
	n := len(words) - 1
	if n < 1 || !is(words[n], "id uuid guid ids uuids") {
		return nil, false
	}
	return stem(strings.Join(words[:n], "_")), strings.HasSuffix(words[n], "s")
}

// idOf is the X of X_id; nil for all other names.
func idOf(name string) []string {
	if words, many := idStem(name); !many {
		return words
	}
	return nil
}

// lastOf is the last of a list; empty when there is none.
func lastOf(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[len(list)-1]
}

func endsWith(words, tail []string) bool {
	return len(tail) > 0 && len(words) >= len(tail) && slices.Equal(words[len(words)-len(tail):], tail)
}

func startsWith(words, front []string) bool {
	return len(front) > 0 && len(words) >= len(front) && slices.Equal(words[:len(front)], front)
}

// is tells whether a name has the words of one of several names, which spaces
// separate.
func is(name, names string) bool {
	return slices.Contains(strings.Fields(names), strings.Join(wordsOf(name), "_"))
}
