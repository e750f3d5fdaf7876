package contract

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Where a violation can stand (Violation.In), besides the places parameters
// have: query, header, path and cookie.
const (
	inBody   = "body"
	inStatus = "status"
	inMethod = "method"
	inPath   = "path"
	inHeader = "header"
	inQuery  = "query"
	inCookie = "cookie"
)

// judgeBody judges a body that is there, against the documented media types.
func (v *Validator) judgeBody(doc *body, header http.Header, raw []byte, f *findings) {
	contentType := ""
	if values := header["Content-Type"]; len(values) > 0 {
		contentType = values[0]
	}
	if contentType == "" {
		f.add(Violation{Kind: KindMissingContentType, In: inHeader, Name: "Content-Type", Keyword: "content",
			Message: "must be there: the document lists " + doc.documented()})
		return
	}
	sent, index, err := doc.find(contentType)
	if err != nil || index < 0 {
		f.add(Violation{Kind: KindUndocumentedContentType, In: inHeader, Name: "Content-Type", Keyword: "content",
			Message: "must be a documented media type: " + doc.documented()})
		return
	}
	plain, err := PlainBody(header, raw, v.maxBody)
	switch {
	case errors.Is(err, errTooLarge):
		f.add(v.tooLarge())
		return
	case errors.Is(err, errEncoding):
		f.add(Violation{Kind: KindCannotJudge, In: inHeader, Name: "Content-Encoding",
			Message: "must be gzip, deflate, br, zstd or identity to be judged"})
		return
	case err != nil:
		f.add(Violation{Kind: KindMalformedBody, In: inBody, Message: "must be what its Content-Encoding says, whole"})
		return
	}
	if s := doc.media[index].schema; s != nil || sent.isJSON() {
		v.judgeContent(sent, s, plain, f)
	}
}

func (v *Validator) tooLarge() Violation {
	return Violation{Kind: KindBodyTooLarge, In: inBody,
		Message: "must not be larger than " + strconv.FormatInt(v.maxBody, 10) + " bytes to be judged"}
}

func (v *Validator) judgeContent(sent mediaType, s *schema, plain []byte, f *findings) {
	switch {
	case sent.isJSON():
		v.judgeJSON(s, plain, f)
	case sent.major == "application" && sent.minor == "x-www-form-urlencoded":
		v.judgeForm(s, string(plain), f)
	case sent.major == "text":
		if !utf8.Valid(plain) && !strings.Contains(sent.params["charset"], "-") {
			f.add(Violation{Kind: KindMalformedBody, In: inBody, Message: "must be valid UTF-8"})
			return
		}
		if types := s.shape; types.scalar() {
			judgeScalar(s, string(plain), f, Violation{In: inBody})
		}
	}
	// Other media types (multipart, images, XML) are opaque: their schemas
	// describe what this package does not take apart.
}

// judgeJSON judges JSON text: from memory when the same bytes were judged
// before, through the fast path when it is surely valid, else by the engine.
func (v *Validator) judgeJSON(s *schema, plain []byte, f *findings) {
	if s == nil || v.memory == nil {
		v.computeJSON(s, string(plain), f)
		return
	}
	hash := v.memory.hash(plain)
	if !v.memory.familiar(hash) {
		v.computeJSON(s, string(plain), f)
		return
	}
	key := newVerdictKey(s, f, hash)
	if list, ok := v.memory.recall(key, plain); ok {
		f.list = append(f.list, list...)
		return
	}
	before := len(f.list)
	v.computeJSON(s, string(plain), f)
	v.memory.remember(key, plain, f.list[before:])
}

func (v *Validator) computeJSON(s *schema, text string, f *findings) {
	// The fast path looks for repeated keys with Strict alone.
	if s != nil && (v.strict || !v.exactly(f.side)) && utf8.ValidString(text) && s.surely(text) {
		return
	}
	v.askEngine(s, text, f)
}

// exactly tells whether repeated keys and trailing bytes are violations.
func (v *Validator) exactly(side Side) bool { return v.strict || v.exact && side == SideRequest }

func (v *Validator) askEngine(s *schema, text string, f *findings) {
	if !utf8.ValidString(text) {
		f.add(Violation{Kind: KindMalformedBody, In: inBody, Message: "must be valid UTF-8"})
		return
	}
	read := readJSON(text)
	if read.problem != "" {
		f.add(Violation{Kind: read.problem, In: inBody, Message: read.message})
		return
	}
	if v.exactly(f.side) {
		pointers, more := repeatedKeys(text)
		f.more += more
		for _, pointer := range pointers {
			f.add(Violation{Kind: KindDuplicateKey, In: inBody, Pointer: pointer, Message: "must not be given twice"})
		}
		if read.end < len(text) {
			f.add(Violation{Kind: KindTrailingBytes, In: inBody, Message: "must end where its JSON value ends"})
		}
	}
	if s != nil {
		s.judge(read.value, len(text), f, Violation{In: inBody})
	}
}

// judgeForm judges application/x-www-form-urlencoded: an object whose
// properties are decoded as exploded form parameters (OpenAPI 3.1, 4.8.14.4).
func (v *Validator) judgeForm(s *schema, text string, f *findings) {
	pairs := parseQuery(text)
	for _, p := range pairs {
		if p.bad {
			f.add(Violation{Kind: KindMalformedBody, In: inBody, Name: safeName(p.name), Message: "must be percent-encoded UTF-8"})
			return
		}
	}
	obj := map[string]any{}
	for _, p := range pairs {
		if _, done := obj[p.name]; done {
			continue
		}
		obj[p.name] = v.formValue(s, p.name, pairs)
	}
	s.judge(obj, len(text), f, Violation{In: inBody})
}

func (v *Validator) formValue(s *schema, name string, pairs []pair) any {
	shape := s.shape.property(name)
	var values []any
	for _, p := range pairs {
		if p.name == name {
			values = append(values, shape.item().best(p.value))
		}
	}
	if shape.array {
		return values
	}
	return values[len(values)-1]
}

func unescape(s string, plus bool) (string, bool) {
	var out string
	var err error
	if plus {
		out, err = url.QueryUnescape(s)
	} else {
		out, err = url.PathUnescape(s)
	}
	return out, err == nil && utf8.ValidString(out)
}
