package contract

import (
	"net/http"
	"strings"
	"unicode/utf8"
)

// styled is a parameter as it stands on the wire, not yet decoded.
type styled struct {
	parts   []string // of an exploded array: the occurrences, raw
	text    string   // else: the text, raw
	named   []pair   // of an exploded or deep object: its properties
	escaped bool     // percent-encoded (query and path are; headers are not)
	plus    bool     // + is a space
}

// whole tells whether all of the text is one value.
func (p *parameter) whole() bool {
	return p.schema == nil || p.media != nil || p.schema.shape.scalar()
}

// takes tells whether a name in a query gives the parameter, or a part of it.
func (p *parameter) takes(name string) bool {
	if p.whole() || name == p.Name {
		return name == p.Name
	}
	if p.Style == "deepObject" {
		return len(name) > len(p.Name)+1 && strings.HasPrefix(name, p.Name+"[")
	}
	_, member := p.schema.shape.props[name]
	return p.Explode && (member || p.schema.shape.rest != nil)
}

// headerValues collects a header. Several lines of an array are one list (RFC 9110,
// 5.3); of a scalar, each line is one value.
func (p *parameter) headerValues(header http.Header) (values []styled) {
	lines := header[http.CanonicalHeaderKey(p.Name)]
	if len(lines) > 1 && p.schema != nil && !p.schema.shape.scalar() {
		lines = []string{strings.Join(lines, ",")}
	}
	for _, line := range lines {
		values = append(values, styled{text: line})
	}
	return values
}

// queryValues collects a parameter from the pairs, a scalar as often as it is there.
func (p *parameter) queryValues(pairs []pair) (values []styled) {
	several := styled{escaped: true, plus: true}
	for _, q := range pairs {
		switch {
		case !p.whole() && p.Style == "deepObject":
			if inner, ok := strings.CutPrefix(q.name, p.Name+"["); ok && strings.HasSuffix(inner, "]") {
				q.name = inner[:len(inner)-1]
				several.named = append(several.named, q)
			}
		case !p.whole() && p.Explode && !p.schema.shape.array:
			if _, ok := p.schema.shape.props[q.name]; ok {
				several.named = append(several.named, q)
			}
		case q.name != p.Name:
		case !p.whole() && p.Explode:
			several.parts = append(several.parts, q.raw)
		default:
			values = append(values, styled{text: q.raw, escaped: true, plus: true})
		}
	}
	if several.parts != nil || several.named != nil {
		values = append(values, several)
	}
	return values
}

// judgeStyled decodes a value in the style the document gives, then lets the
// schema judge it.
func (v *Validator) judgeStyled(p *parameter, value styled, f *findings, where Violation) {
	if !p.whole() {
		decoded, ok := p.compound(value)
		if !ok {
			f.addAt(where, KindMalformedParameter, "", "must be percent-encoded UTF-8 in the style "+p.Style)
			return
		}
		p.schema.judge(decoded, len(value.text), f, where)
		return
	}
	texts, ok := p.texts(value)
	if !ok {
		f.addAt(where, KindMalformedParameter, "", "must be percent-encoded UTF-8")
		return
	}
	if p.media == nil || !p.media.isJSON() {
		if p.schema.shape.scalar() {
			judgeScalar(p.schema, texts[0], f, where)
		}
		return
	}
	read := readJSON(texts[0])
	if read.problem != "" || read.end < len(texts[0]) {
		f.addAt(where, KindMalformedParameter, "", "must be one JSON value")
		return
	}
	p.schema.judge(read.value, len(texts[0]), f, where)
}

func (s styled) decode(raw string) (string, bool) {
	if !s.escaped {
		return raw, utf8.ValidString(raw)
	}
	return unescape(raw, s.plus)
}

// prefix is what label and matrix put before a value (RFC 6570).
func (p *parameter) prefix() string {
	switch p.Style {
	case "label":
		return "."
	case "matrix":
		return ";" + p.Name + "="
	}
	return ""
}

// texts are the items of an array, or the one text of what is whole, decoded; false
// when they cannot be.
func (p *parameter) texts(value styled) ([]string, bool) {
	texts := value.parts
	switch {
	case p.whole():
		texts = []string{strings.TrimPrefix(value.text, p.prefix())}
	case texts == nil:
		texts = p.split(value.text)
	}
	for i, text := range texts {
		var ok bool
		if texts[i], ok = value.decode(text); !ok {
			return nil, false
		}
	}
	return texts, true
}

// compound decodes an array or object.
func (p *parameter) compound(value styled) (any, bool) {
	shape := p.schema.shape
	if value.named != nil {
		return p.fields(value.named)
	}
	if !shape.array {
		return p.object(p.split(value.text), value)
	}
	texts, ok := p.texts(value)
	list := make([]any, len(texts))
	for i, text := range texts {
		list[i] = shape.item().best(text)
	}
	return list, ok
}

// object reads k=v parts when exploded, else k,v,k,v.
func (p *parameter) object(parts []string, value styled) (any, bool) {
	if p.Explode {
		var flat []string
		for _, part := range parts {
			name, text, ok := strings.Cut(part, "=")
			if !ok {
				return nil, false
			}
			flat = append(flat, name, text)
		}
		parts = flat
	}
	if len(parts)%2 != 0 {
		return nil, false
	}
	obj := make(map[string]any, len(parts)/2)
	for i := 0; i < len(parts); i += 2 {
		name, ok1 := value.decode(parts[i])
		text, ok2 := value.decode(parts[i+1])
		if !ok1 || !ok2 {
			return nil, false
		}
		obj[name] = p.schema.shape.property(name).best(text)
	}
	return obj, true
}

func (p *parameter) fields(named []pair) (any, bool) {
	obj := make(map[string]any, len(named))
	for _, q := range named {
		if q.bad {
			return nil, false
		}
		inner := p.schema.shape.property(q.name)
		if !inner.array {
			obj[q.name] = inner.best(q.value)
			continue
		}
		list, _ := obj[q.name].([]any)
		obj[q.name] = append(list, inner.item().best(q.value))
	}
	return obj, true
}

// split takes the raw text apart, before decoding: an encoded comma is data.
func (p *parameter) split(text string) []string {
	text = strings.TrimPrefix(text, p.prefix())
	separator := ","
	switch {
	case p.Style == "spaceDelimited":
		text, separator = strings.ReplaceAll(text, "+", "%20"), "%20"
	case p.Style == "pipeDelimited":
		text, separator = strings.ReplaceAll(strings.ReplaceAll(text, "%7C", "|"), "%7c", "|"), "|"
	case p.Style == "label" && p.Explode:
		separator = "."
	case p.Style == "matrix" && p.Explode:
		parts := strings.Split(strings.TrimPrefix(text, ";"), ";")
		for i := range parts {
			parts[i] = strings.TrimPrefix(parts[i], p.Name+"=")
		}
		return parts
	}
	if text == "" {
		return []string{}
	}
	parts := strings.Split(text, separator)
	if p.In == inHeader {
		for i := range parts {
			parts[i] = strings.TrimSpace(parts[i])
		}
	}
	return parts
}
