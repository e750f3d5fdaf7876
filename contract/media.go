package contract

import (
	"mime"
	"strings"
)

// mediaType is a documented media type or range, taken apart.
type mediaType struct {
	text   string // as documented
	major  string
	minor  string
	params map[string]string
	schema *schema // nil: nothing is said about the body
}

func parseMediaType(text string) (mediaType, error) {
	base, params, err := mime.ParseMediaType(text)
	if err != nil {
		return mediaType{}, err
	}
	major, minor, _ := strings.Cut(base, "/")
	return mediaType{text: text, major: major, minor: minor, params: params}, nil
}

// covers says how well a documented type fits a sent one: 0 not at all, more
// for the more specific. Parameters the document gives must be there and equal
// (in any case); others are the sender's business. So is the charset of JSON
// in any case, which is UTF-8 and says so or not (RFC 8259, section 11).
func (m mediaType) covers(sent mediaType) int {
	score := 1
	switch {
	case m.major == "*" && m.minor == "*":
	case m.major != sent.major:
		return 0
	case m.minor == "*":
		score = 2
	case m.minor == sent.minor:
		score = 3
	default:
		return 0
	}
	for name, want := range m.params {
		if name == "charset" && m.isJSON() {
			continue
		}
		if got, ok := sent.params[name]; !ok || !strings.EqualFold(got, want) {
			return 0
		}
	}
	return score*10 + len(m.params)
}

// isJSON reports application/json and the +json suffix of RFC 6839.
func (m mediaType) isJSON() bool {
	return m.minor == "json" || strings.HasSuffix(m.minor, "+json")
}

// body is what the document says about the body of a request or a response.
type body struct {
	required bool
	media    []mediaType
}

// find returns the best documented media type for a Content-Type; -1 when the
// document has none for it.
func (b *body) find(contentType string) (sent mediaType, index int, err error) {
	sent, err = parseMediaType(contentType)
	if err != nil {
		return sent, -1, err
	}
	best, index := 0, -1
	for i, m := range b.media {
		if score := m.covers(sent); score > best {
			best, index = score, i
		}
	}
	return sent, index, nil
}

func (b *body) documented() string {
	names := make([]string, len(b.media))
	for i, m := range b.media {
		names[i] = m.text
	}
	return strings.Join(names, ", ")
}
