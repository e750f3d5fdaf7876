package control

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"net/url"
	"strings"
	"text/template"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/plan"
)

//go:embed llms.tmpl
var llmsText string

var llms = template.Must(template.New("llms.txt").Parse(llmsText))

// guide is what llms.tmpl is filled with.
type guide struct {
	Title, Version                 string // of the document served
	Digakit                        string // version of the program
	URL, Prefix                    string
	Served, Try                    string
	Keys                           []KnownKey
	Access                         string // which credentials are taken when there are no Keys
	Collections                    []*plan.Collection
	Project, Collection, Operation string // that the examples are about
	Routes                         []*contract.Operation
}

// KnownKey is a key whose secret may be told.
type KnownKey struct{ Project, Secret, Can string }

// GetLLMs answers GET /_mock/llms.txt.
func (h handlers) GetLLMs(ctx context.Context, _ GetLLMsRequestObject) (GetLLMsResponseObject, error) {
	var document struct {
		Info struct{ Title, Version string }
	}
	if err := json.Unmarshal(h.Document, &document); err != nil {
		return nil, err
	}
	r := requestFrom(ctx)
	g := guide{
		Title: document.Info.Title, Version: document.Info.Version, Digakit: h.Version, URL: "http://" + r.Host, Prefix: strings.TrimSuffix(h.Prefix, "/"), Routes: h.routes,
		Served: h.Served, Project: "PROJECT", Collection: "COLLECTION", Operation: "OPERATION",
	}
	if r.TLS != nil {
		g.URL = "https://" + r.Host
	}
	key := "YOUR-KEY"
	if g.Keys, g.Access = h.Access(); len(g.Keys) > 0 {
		key = g.Keys[0].Secret
	}
	g.Try = h.Try(g.URL+g.Prefix, key)
	if projects := h.World.Projects(); len(projects) > 0 {
		g.Project, g.Collections = url.PathEscape(projects[0].Name()), projects[0].Collections()
	}
	for _, c := range g.Collections {
		if !strings.Contains(c.Path, "{") {
			g.Collection = strings.ReplaceAll(c.Name, "/", ".")
			break
		}
	}
	for _, l := range h.World.Plan().Lines {
		if l.Kind == plan.List && !strings.Contains(l.Path, "{") {
			g.Operation = l.Name()
			break
		}
	}
	var text bytes.Buffer
	err := llms.Execute(&text, g)
	return GetLLMs200TextResponse(text.String()), err
}
