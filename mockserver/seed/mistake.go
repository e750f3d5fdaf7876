package seed

import (
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/spec"
)

// maxMistakes is how many mistakes are reported at once.
const maxMistakes = 20

// mistake is one thing to put right in a file. Its text never holds a value that
// might be a secret.
type mistake struct {
	at         spec.Position
	path, text string
}

// wrong notes a mistake in what stands at a pointer, or else should stand there.
func (p *parser) wrong(pointer, format string, args ...any) {
	var at spec.Position
	for above, ok := pointer, false; !ok; above = above[:max(strings.LastIndexByte(above, '/'), 0)] {
		at, _, ok = p.data.Position(above)
	}
	p.add(at, pointer, fmt.Sprintf(format, args...))
}

// add notes a mistake at a place, unless the place could not be read.
func (p *parser) add(at spec.Position, pointer, text string) {
	if !p.unread[at] {
		p.mistakes = append(p.mistakes, mistake{at, path(pointer), strings.TrimSuffix(text, "; ")})
	}
}

// violated notes what the schema says of the file, with the remedy.
func (p *parser) violated(v contract.Violation) {
	if v.Kind == contract.KindMoreViolations {
		p.more = true
		return
	}
	tokens := spec.Tokens(v.Pointer)
	parent := tokens[:max(len(tokens)-1, 0)]
	if v.Keyword == "additionalProperties" {
		name := tokens[len(parent)]
		_, key, _ := p.data.Position(v.Pointer)
		p.add(key, spec.Join("", parent...), fmt.Sprintf("there is no field %s; %s", shown(name), remedy(name, names(p.schemaAt(parent)), "the fields are ")))
		return
	}
	s, text, better := p.schemaAt(tokens), "this "+v.Message, ""
	value, _ := spec.At(p.value, tokens...)
	switch v.Keyword {
	case "type":
		better = s.Description
		if fields := names(s); len(fields) > 0 {
			better = strings.TrimPrefix(better+"; the fields are "+strings.Join(fields, ", ")+" (a colon needs a space behind it)", "; ")
		}
		switch value.(type) {
		case json.Number, bool:
			if slices.Contains(s.Types, "string") {
				better = "put it in quotes"
			}
		}
	case "enum":
		word, _ := value.(string)
		if identifier.MatchString(word) {
			text += fmt.Sprintf(", not %q", word)
		}
		better = cmp.Or(remedy(word, values(s), ""), s.Description)
	case "false":
		better = "a key has a secret or last_four_digits, permissions or access, and with a count neither secret nor id"
	case "required":
		better = "write it"
	default:
		text = cmp.Or(s.Description, text)
	}
	p.wrong(v.Pointer, "%s; %s", text, better)
}

// names are the properties that an object may have.
func names(s *spec.Schema) (list []string) {
	for _, property := range s.Properties() {
		list = append(list, property.Name)
	}
	return list
}

// values are the texts that a value may be.
func values(s *spec.Schema) (list []string) {
	for _, v := range s.Enum {
		if text, ok := v.(string); ok {
			list = append(list, text)
		}
	}
	return list
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

// remedy suggests the candidate that s resembles, else those that begin with the
// same word, else all of them behind the words of introduction, if there are any.
func remedy(s string, candidates []string, introduction string) string {
	best, found := 3, "" // further apart is another word
	var same []string
	word, _, _ := strings.Cut(s, ".")
	for _, c := range candidates {
		d := levenshtein.ComputeDistance(strings.ToLower(s[:min(len(s), 64)]), strings.ToLower(c))
		if d >= best && found == "" && s != "" && (strings.HasPrefix(s, c) || strings.HasPrefix(c, s)) {
			d = best - 1
		}
		if d < best {
			best, found = d, c
		}
		if strings.HasPrefix(c, word+".") {
			same = append(same, c)
		}
	}
	switch {
	case found != "":
		return fmt.Sprintf("did you mean %q?", found)
	case len(same) > 0:
		return "of " + word + " there are " + strings.Join(same, ", ")
	case introduction != "":
		return introduction + strings.Join(candidates, ", ")
	}
	return ""
}

// mentionable matches what a path may show of names: resources and collections have
// spaces and slashes.
var mentionable = regexp.MustCompile(`^[A-Za-z_ /]{1,48}$`)

// path writes a pointer as people do, projects[0].keys[2].name, with * for a name that
// could be a secret.
func path(pointer string) string {
	var b strings.Builder
	for _, token := range spec.Tokens(pointer) {
		switch {
		case strings.Trim(token, "0123456789") == "":
			b.WriteString("[" + token + "]")
		case !mentionable.MatchString(token):
			b.WriteString(".*")
		case b.Len() > 0:
			b.WriteString("." + token)
		default:
			b.WriteString(token)
		}
	}
	return b.String()
}

// err returns nil when there are no mistakes, else all of them, each on a line of its
// own that an editor can follow.
func (p *parser) err() error {
	n := len(p.mistakes)
	if n == 0 {
		return nil
	}
	slices.SortStableFunc(p.mistakes, func(a, b mistake) int {
		return cmp.Or(cmp.Compare(a.at.Line, b.at.Line), cmp.Compare(a.at.Column, b.at.Column))
	})
	head := fmt.Sprintf("has %d mistakes:", n)
	switch {
	case n > maxMistakes || p.more:
		n = min(n, maxMistakes)
		head = fmt.Sprintf("has mistakes; the first %d:", n)
	case n == 1:
		head = "has a mistake:"
	}
	lines := []string{"seed: " + p.file + " " + head}
	for _, m := range p.mistakes[:n] {
		m.at.Source = p.file
		if m.path != "" {
			m.text = m.path + ": " + m.text
		}
		lines = append(lines, m.at.String()+": "+m.text)
	}
	return fileError(strings.Join(lines, "\n"))
}

// fileError is the text of all mistakes in a file.
type fileError string

func (e fileError) Error() string { return string(e) }
