package call

import (
	"regexp/syntax"
	"strings"
)

// maxRepeat bounds how often a part of a pattern is repeated to match it.
const maxRepeat = 64

// matching returns texts that match a pattern: the shortest and one with more
// of everything. None for a pattern Go cannot read, such as one that looks
// ahead.
func matching(pattern string) []string {
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil
	}
	short, long := writeMatch(tree.Simplify(), false), writeMatch(tree.Simplify(), true)
	if short == long {
		return []string{short}
	}
	return []string{short, long}
}

// writeMatch writes a text that matches. Long takes the last of alternatives and
// characters and repeats once more than it must.
func writeMatch(re *syntax.Regexp, long bool) string {
	switch re.Op {
	case syntax.OpLiteral:
		return string(re.Rune)
	case syntax.OpCharClass:
		return string(writeClass(re.Rune, long))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return "a"
	case syntax.OpCapture:
		return writeMatch(re.Sub[0], long)
	case syntax.OpStar, syntax.OpQuest:
		if long {
			return writeMatch(re.Sub[0], long)
		}
	case syntax.OpPlus:
		once := writeMatch(re.Sub[0], long)
		if long && len(once) < maxRepeat {
			return once + once
		}
		return once
	case syntax.OpRepeat:
		n := re.Min
		if long && (re.Max < 0 || n < re.Max) {
			n++
		}
		return strings.Repeat(writeMatch(re.Sub[0], long), min(n, maxRepeat))
	case syntax.OpConcat:
		var b strings.Builder
		for _, sub := range re.Sub {
			b.WriteString(writeMatch(sub, long))
		}
		return b.String()
	case syntax.OpAlternate:
		if long {
			return writeMatch(re.Sub[len(re.Sub)-1], long)
		}
		return writeMatch(re.Sub[0], long)
	default: // anchors, and what nothing matches
	}
	return ""
}

// writeClass picks a character of a class, a printable one of ASCII if it has one.
func writeClass(ranges []rune, long bool) rune {
	var found rune
	for i := 0; i+1 < len(ranges); i += 2 {
		low, high := max(ranges[i], '!'), min(ranges[i+1], '~')
		if low > high {
			continue
		}
		if !long {
			return low
		}
		found = high
	}
	if found == 0 && len(ranges) > 0 {
		return ranges[0]
	}
	return found
}
