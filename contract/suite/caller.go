package suite

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/suite/internal/call"
)

// Caller writes requests for the operations of a document. It is safe for concurrent use.
type Caller struct {
	mu  sync.Mutex
	doc *call.Document
}

// NewCaller prepares a validator's document for requests.
func NewCaller(v *contract.Validator) *Caller { return &Caller{doc: call.New(v)} }

// Request writes a request for an operation with parameters, by name, and a body, nil for
// none: JSON values, numbers as json.Number, written in the styles and the media type that
// are documented. Its URL is the path with the query alone, and it has no credential; body
// is what its Body is to read. Values need not be valid. The error names a parameter that
// is not documented, cannot be written, or is missing in the path.
func (c *Caller) Request(o *contract.Operation, parameters map[string]any, value any) (r *http.Request, body []byte, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var settings []call.Setting
	var names []string
	for _, p := range c.doc.Parameters(o) {
		names = append(names, p.Name)
		given, ok := parameters[p.Name]
		written, can := call.ValueOf(given)
		switch {
		case ok && can:
			settings = append(settings, call.Setting{Parameter: p, Value: written})
		case ok:
			return nil, nil, fmt.Errorf("suite: the parameter %s takes a string, number, boolean, or an array of these", p.Name)
		case p.In == call.PathPlace:
			return nil, nil, fmt.Errorf("suite: %s %s wants a value for the parameter %s", o.Method, o.Path, p.Name)
		}
	}
	for name := range parameters {
		if !slices.Contains(names, name) {
			return nil, nil, fmt.Errorf("suite: %s has no parameter %q, but %d others: %s", o.Name(), name, len(names), strings.Join(names, ", "))
		}
	}
	made := call.Compose(o, settings)
	r = &http.Request{Method: o.Method, URL: &url.URL{RawPath: made.Path, RawQuery: made.Query}, Header: made.Header}
	if r.URL.Path, err = url.PathUnescape(made.Path); err != nil || value == nil {
		return r, nil, err
	}
	media, ok := c.doc.MediaOf(o)
	text, isText := value.(string)
	switch {
	case !ok && (o.RequestBody == nil || len(o.RequestBody.Content) == 0):
		media.Name = "application/json"
	case !ok && !isText:
		return nil, nil, fmt.Errorf("suite: the body of %s is neither JSON nor a form: give it as a string", o.Name())
	case !ok:
		r.Header.Set("Content-Type", o.RequestBody.Content[0].Name)
		return r, []byte(text), nil
	}
	body, contentType := media.Write(value)
	r.Header.Set("Content-Type", contentType)
	return r, body, nil
}

// Example is a body that an operation takes, the least there can be, and its media type;
// nil when it takes none, or none can be made.
func (c *Caller) Example(o *contract.Operation) (body any, mediaType string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	media, ok := c.doc.MediaOf(o)
	if !ok {
		return nil, ""
	}
	body, err := c.doc.Sample(o, media, 0, true)
	if err != nil {
		return nil, media.Name
	}
	return body, media.Name
}
