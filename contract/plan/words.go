package plan

import (
	"slices"
	"strings"
	"unicode"
)

// wordsOf splits a name where its writer did: at what is no letter or digit, and
// where capitals begin a word. petId, pet_id and Pet-ID are pet and id.
func wordsOf(name string) []string {
	var words []string
	var word []rune
	end := func() {
		if len(word) > 0 {
			words = append(words, strings.ToLower(string(word)))
		}
		word = word[:0]
	}
	runes := []rune(name)
	for i, r := range runes {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			end()
			continue
		case unicode.IsUpper(r) && i > 0 &&
			(!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])):
			end()
		}
		word = append(word, r)
	}
	end()
	return words
}

// singular is the word for one of what a word names several of, by the rules of
// English that need no list.
func singular(word string) string {
	switch {
	case len(word) > 4 && strings.HasSuffix(word, "ies"):
		return strings.TrimSuffix(word, "ies") + "y"
	case hasSuffix(word, "sses", "xes", "ches", "shes", "zes", "uses"):
		return strings.TrimSuffix(word, "es")
	case len(word) > 2 && strings.HasSuffix(word, "s") && !hasSuffix(word, "ss", "us", "is"):
		return strings.TrimSuffix(word, "s")
	}
	return word
}

func hasSuffix(word string, suffixes ...string) bool {
	return slices.ContainsFunc(suffixes, func(s string) bool { return strings.HasSuffix(word, s) })
}

// stem is the words of a name, its last in the singular.
func stem(name string) []string {
	words := wordsOf(name)
	if n := len(words); n > 0 {
		words[n-1] = singular(words[n-1])
	}
	return words
}

// sameName tells whether two names have the same words.
func sameName(a, b string) bool { return a == b || slices.Equal(wordsOf(a), wordsOf(b)) }

func endsWith(words, tail []string) bool {
	return len(tail) > 0 && len(words) >= len(tail) && slices.Equal(words[len(words)-len(tail):], tail)
}

func startsWith(words, front []string) bool {
	return len(front) > 0 && len(words) >= len(front) && slices.Equal(words[:len(front)], front)
}

// idStem is what X_id or X_ids names: the words of X; many tells which of the
// two. It is nil for a name that does not end in id, and for id alone.
func idStem(name string) (words []string, many bool) {
	words = wordsOf(name)
	n := len(words)
	if n < 2 {
		return nil, false
	}
	switch words[n-1] {
	case "id", "uuid", "guid":
		return words[:n-1], false
	case "ids", "uuids":
		return words[:n-1], true
	}
	return nil, false
}

// is tells whether a name has the words of one of several names.
func is(name string, names ...string) bool {
	words := strings.Join(wordsOf(name), "_")
	return slices.Contains(names, words)
}
