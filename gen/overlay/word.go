package overlay

import (
	"strings"
	"unicode"
)

// Additional is the list additional-initialisms of oapi-codegen.yaml.
var Additional = []string{"AI", "APIs", "CSV", "DTMF", "IDs", "IVR", "LLM", "MCP", "PDF", "SMS", "STT", "TTS", "URLs"}

// initialisms are written in one case; they are by their lower case.
var initialisms = map[string]string{}

func init() {
	const known = `ACL API ASCII CPU CSS DNS EOF GUID HTML HTTP HTTPS ID IP JSON QPS RAM RPC SLA SMTP SQL SSH TCP TLS TTL UDP UI GID UID UUID
		URI URL UTF8 VM XML XMPP XSRF XSS SIP RTP AMQP DB TS`
	for _, word := range append(strings.Fields(known), Additional...) {
		initialisms[strings.ToLower(word)] = word
	}
}

// split cuts a name into words, at what is no letter or digit and where the case
// changes: api_key, apiKey and APIKey have two.
func split(name string) []string {
	var words []string
	runes, within := []rune(name), false
	for i, r := range runes {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			within = false
			continue
		}
		if !within || begins(runes[i-1], runes[i:]) {
			words = append(words, "")
		}
		words[len(words)-1] += string(r)
		within = true
	}
	return words
}

// begins tells whether a word begins within fooBar or HTTPError; in userIDs, the
// s of a plural begins none.
func begins(before rune, at []rune) bool {
	if !unicode.IsUpper(at[0]) || !unicode.IsUpper(before) {
		return unicode.IsUpper(at[0])
	}
	plural := len(at) > 1 && at[1] == 's' && (len(at) == 2 || !unicode.IsLower(at[2]))
	return len(at) > 1 && unicode.IsLower(at[1]) && !plural
}

// join is the exported Go name of words.
func join(words []string) string {
	var b strings.Builder
	for _, word := range words {
		lower := strings.ToLower(word)
		if known, ok := initialisms[lower]; ok {
			b.WriteString(known)
			continue
		}
		if word == strings.ToUpper(word) && len(word) > 4 { // SCREAMING
			word = lower
		}
		runes := []rune(word)
		runes[0] = unicode.ToUpper(runes[0])
		b.WriteString(string(runes))
	}
	name := b.String()
	if name == "" || unicode.IsDigit([]rune(name)[0]) {
		name = "N" + name // as oapi-codegen does
	}
	return name
}

// goName is the exported Go name of a published one.
func goName(published string) string { return join(split(published)) }

// singular is the name of one of what a plural names.
func singular(name string) string {
	switch {
	case name == "data" || name == "Data":
		return "Item"
	case strings.HasSuffix(name, "ies") && len(name) > 4:
		return name[:len(name)-3] + "y"
	case strings.HasSuffix(name, "sses"), strings.HasSuffix(name, "xes"), strings.HasSuffix(name, "ches"), strings.HasSuffix(name, "shes"):
		return name[:len(name)-2]
	case strings.HasSuffix(name, "s") && !strings.HasSuffix(name, "ss") && !strings.HasSuffix(name, "us") && !strings.HasSuffix(name, "is"):
		return name[:len(name)-1]
	}
	return name
}

// inside is the name of a type within another: what the two names share where
// they meet is said once, so that node_type in FlowNode is FlowNodeType.
func inside(outer, property string) string {
	words, inner := split(outer), split(property)
	if n := len(words); len(inner) > 1 && n > 0 && strings.EqualFold(words[n-1], inner[0]) {
		inner = inner[1:]
	}
	return outer + join(inner)
}

// commonTail is the words that all names end in.
func commonTail(names [][]string) []string {
	if len(names) == 0 {
		return nil
	}
	tail := names[0]
	for _, words := range names[1:] {
		n := 0
		for n < len(tail) && n < len(words) && strings.EqualFold(tail[len(tail)-1-n], words[len(words)-1-n]) {
			n++
		}
		tail = tail[len(tail)-n:]
	}
	return tail
}
