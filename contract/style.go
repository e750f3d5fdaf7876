package contract

import (
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

// queryValues collects a parameter from the pairs, a scalar as often as it is there.
func (p *parameter) queryValues(pairs []pair) []styled {
	shape := p.schema.shape
	var values []styled
	var parts []string
	var named []pair
	for _, q := range pairs {
		switch {
		case p.media == nil && p.style == "deepObject":
			if inner, ok := strings.CutPrefix(q.name, p.Name+"["); ok && strings.HasSuffix(inner, "]") {
				q.name = inner[:len(inner)-1]
				named = append(named, q)
			}
		case p.media == nil && p.explode && shape.object && !shape.array:
			if _, ok := shape.props[q.name]; ok {
				named = append(named, q)
			}
		case q.name != p.Name:
		case p.media == nil && p.explode && shape.array:
			parts = append(parts, q.raw)
		default:
			values = append(values, styled{text: q.raw, escaped: true, plus: true})
		}
	}
	if parts != nil {
		values = append(values, styled{parts: parts, escaped: true, plus: true})
	}
	if named != nil {
		values = append(values, styled{named: named, escaped: true, plus: true})
	}
	return values
}

// judgeStyled decodes a value in the style the document gives, then lets the
// schema judge it.
func (v *Validator) judgeStyled(p *parameter, value styled, f *findings, where Violation) {
	if p.schema == nil {
		return
	}
	if p.media != nil {
		text, ok := value.decode(value.text)
		if !ok {
			malformed(f, where)
			return
		}
		v.judgeParameterContent(p, text, f, where)
		return
	}
	shape := p.schema.shape
	if shape.scalar() {
		text, ok := value.decode(strings.TrimPrefix(value.text, p.prefix()))
		if !ok {
			malformed(f, where)
			return
		}
		judgeScalar(p.schema, text, f, where)
		return
	}
	decoded, ok := p.compound(value)
	if !ok {
		f.addAt(where, KindMalformedParameter, "", "must be percent-encoded UTF-8 in the style "+p.style)
		return
	}
	p.schema.judge(decoded, len(value.text), f, where)
}

func (v *Validator) judgeParameterContent(p *parameter, text string, f *findings, where Violation) {
	if !p.media.isJSON() {
		if p.schema.shape.scalar() {
			judgeScalar(p.schema, text, f, where)
		}
		return
	}
	read := readJSON(text)
	if read.problem != "" || read.end < len(text) {
		f.addAt(where, KindMalformedParameter, "", "must be one JSON value")
		return
	}
	p.schema.judge(read.value, len(text), f, where)
}

func (s styled) decode(raw string) (string, bool) {
	if !s.escaped {
		return raw, utf8.ValidString(raw)
	}
	return unescape(raw, s.plus)
}

// prefix is what label and matrix put before a value (RFC 6570).
func (p *parameter) prefix() string {
	switch p.style {
	case "label":
		return "."
	case "matrix":
		return ";" + p.Name + "="
	}
	return ""
}

// compound decodes an array or object.
func (p *parameter) compound(value styled) (any, bool) {
	shape := p.schema.shape
	if value.named != nil {
		return p.fields(value.named)
	}
	parts := value.parts
	if parts == nil {
		parts = p.split(value.text)
	}
	if shape.array {
		list := make([]any, 0, len(parts))
		for _, part := range parts {
			text, ok := value.decode(part)
			if !ok {
				return nil, false
			}
			list = append(list, shape.item().best(text))
		}
		return list, true
	}
	return p.object(parts, value)
}

// object reads k=v parts when exploded, else k,v,k,v.
func (p *parameter) object(parts []string, value styled) (any, bool) {
	if p.explode {
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
	case p.style == "spaceDelimited":
		text, separator = strings.ReplaceAll(text, "+", "%20"), "%20"
	case p.style == "pipeDelimited":
		text, separator = strings.ReplaceAll(strings.ReplaceAll(text, "%7C", "|"), "%7c", "|"), "|"
	case p.style == "label" && p.explode:
		separator = "."
	case p.style == "matrix" && p.explode:
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
