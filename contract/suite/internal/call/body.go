package call

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/sample"
	"github.com/digakit/digakit/contract/spec"
)

// Media is a media type of an operation's body that values can be written in.
type Media struct {
	Name   string
	Schema *spec.Schema // nil: nothing is said of the body
}

// JSON tells whether values are written as JSON.
func (m Media) JSON() bool { return spec.IsJSON(m.Name) }

// Property is the schema of a property of what is written; nil: nothing is said of it.
func (m Media) Property(name string) *spec.Schema {
	if m.Schema == nil {
		return nil
	}
	return m.Schema.Property(name)
}

// MediaOf returns the first media type of an operation's body that is JSON, else the
// first that is a form; false when there is none.
func (d *Document) MediaOf(o *contract.Operation) (Media, bool) {
	if o.RequestBody == nil {
		return Media{}, false
	}
	for _, want := range []func(string) bool{spec.IsJSON, isForm} {
		for _, m := range o.RequestBody.Content {
			if want(m.Name) {
				return Media{m.Name, d.Schema(m.Pointer)}, true
			}
		}
	}
	return Media{}, false
}

const (
	urlencoded = "application/x-www-form-urlencoded"
	formData   = "multipart/form-data"
	boundary   = "digakit-verify-boundary"
)

func isForm(media string) bool {
	return strings.HasPrefix(media, urlencoded) || strings.HasPrefix(media, formData)
}

// Write writes a value in a media type, and says what the Content-Type is.
func (m Media) Write(v any) (body []byte, contentType string) {
	object, _ := v.(map[string]any)
	switch {
	case strings.HasPrefix(m.Name, urlencoded):
		form := url.Values{}
		for name, value := range object {
			form.Set(name, fieldText(value))
		}
		return []byte(form.Encode()), m.Name
	case strings.HasPrefix(m.Name, formData):
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		_ = w.SetBoundary(boundary) // a valid one
		for _, name := range slices.Sorted(maps.Keys(object)) {
			header := textproto.MIMEHeader{"Content-Disposition": {fmt.Sprintf("form-data; name=%q", name)}}
			if isFile(m.Property(name)) {
				header.Set("Content-Disposition", fmt.Sprintf("form-data; name=%q; filename=%q", name, "digakit-verify.txt"))
				header.Set("Content-Type", "application/octet-stream")
			}
			part, _ := w.CreatePart(header) // writes to memory
			_, _ = part.Write([]byte(fieldText(object[name])))
		}
		_ = w.Close()
		return b.Bytes(), w.FormDataContentType()
	}
	text, _ := spec.EncodeJSON(v) // a JSON value
	return text, m.Name
}

func isFile(s *spec.Schema) bool { return s != nil && (s.Format == "binary" || s.Format == "byte") }

func fieldText(v any) string {
	if text, ok := wireText(v); ok {
		return text
	}
	text, _ := json.Marshal(v) // a JSON value
	return string(text)
}

// Sample makes a value for an operation's body: the least there can be, or all
// there can be. The number tells values of one schema apart.
func (d *Document) Sample(o *contract.Operation, m Media, number int, least bool) (any, error) {
	var failed error
	for attempt := range 8 { // what is readOnly, and what no Schema tells, the validator alone judges
		v, err := d.maker().Value(m.Schema, sample.Place{Collection: "digakit-verify " + o.Name(), Ordinal: number + attempt*1000, Request: true, Least: least})
		switch {
		case err != nil:
			failed = err
		case d.TakesBody(o, m, v):
			return v, nil
		default:
			failed = fmt.Errorf("%w %s %s", sample.ErrImpossible, o.Method, o.Path)
		}
	}
	return nil, failed
}

func (d *Document) maker() *sample.Maker {
	return sample.New(1, func(s *spec.Schema, v any) bool { return len(s.Alternatives()) == 0 || s.Fits(v, d.Validator.Fits) })
}

// TakesBody tells whether the document allows a value as an operation's body.
func (d *Document) TakesBody(o *contract.Operation, m Media, v any) bool {
	if !m.JSON() {
		return m.Schema == nil || m.Schema.Fits(v, d.Validator.Fits)
	}
	body, contentType := m.Write(v)
	return len(d.BodyViolations(o, contentType, body)) == 0
}

// BodyViolations are those of a body alone, and of its media type.
func (d *Document) BodyViolations(o *contract.Operation, contentType string, body []byte) []contract.Violation {
	r := &http.Request{Method: o.Method, URL: &url.URL{Path: o.Path}, Header: http.Header{}}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	return slices.DeleteFunc(d.Validator.Request(o, r, body), func(v contract.Violation) bool { return v.In != "body" && v.Name != "Content-Type" })
}

// At is what stands at a pointer in a JSON value; false when nothing does.
func At(v any, pointer string) (any, bool) { return spec.At(v, spec.Tokens(pointer)...) }

// Set returns a JSON value with another at a pointer; what is not there is put
// there, as far as its parent is. Gone takes it away. The value itself is not changed.
func Set(v any, pointer string, to any, gone bool) any {
	tokens := spec.Tokens(pointer)
	if len(tokens) == 0 {
		return to
	}
	name, last := tokens[0], len(tokens) == 1
	inner, there := spec.At(v, name)
	if !last {
		to, gone = Set(inner, spec.Join("", tokens[1:]...), to, gone), false
	}
	switch v := v.(type) {
	case map[string]any:
		made := maps.Clone(v)
		if gone {
			delete(made, name)
		} else if there || last {
			made[name] = to
		}
		return made
	case []any:
		if !there {
			return v
		}
		n, _ := strconv.Atoi(name) // an index
		if gone {
			return slices.Delete(slices.Clone(v), n, n+1)
		}
		made := slices.Clone(v)
		made[n] = to
		return made
	}
	return v
}
