package spec

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
)

// Limits of a loader, and the client, for tests of what happens at them.
func MaxBytes(n int64) LoadOption               { return func(l *loader) { l.maxBytes = n } }
func MaxPages(n int) LoadOption                 { return func(l *loader) { l.maxPages = n } }
func Timeout(d time.Duration) LoadOption        { return func(l *loader) { l.timeout = d } }
func HTTPClient(client *http.Client) LoadOption { return func(l *loader) { l.http = client } }

// T is the document as kin-openapi reads it after the lift to 3.1, without what it does not
// load: references to what does not belong there, and mappings that lead nowhere.
func (d *Document) T() (*openapi3.T, error) {
	tree := Copy(d.Tree)
	for _, w := range d.warnings {
		pointer, ok := d.placed(w.Pointer), w.Rule == "reference-to-other-kind"
		if w.Rule == "discriminator" {
			pointer, _, ok = strings.Cut(pointer, "/mapping/")
		}
		holder, _ := At(tree, Tokens(pointer[:max(0, strings.LastIndexByte(pointer, '/'))])...)
		if obj, is := holder.(map[string]any); is && ok {
			delete(obj, lastToken(pointer))
		}
	}
	text, err := json.Marshal(tree)
	if err != nil {
		return nil, err
	}
	return openapi3.NewLoader().LoadFromData(text)
}
