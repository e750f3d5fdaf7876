package drift

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oasdiff/oasdiff/checker"
	"github.com/oasdiff/oasdiff/diff"
	"github.com/oasdiff/oasdiff/load"

	"github.com/digakit/digakit/contract/spec"
)

// judge asks oasdiff about all residues at once: two documents with a path for
// each, so that every answer names its residue and the cost grows with what
// has changed and not with the documents.
func (c *comparison) judge() error {
	if len(c.residues) == 0 {
		return nil
	}
	base, revision := newExcerpt(), newExcerpt()
	for i, r := range c.residues {
		path := "/" + strconv.Itoa(i)
		base.add(path, r, r.base, r.lists["base"])
		revision.add(path, r, r.revision, r.lists["revision"])
	}
	ta, err := base.load()
	if err != nil {
		return err
	}
	tb, err := revision.load()
	if err != nil {
		return err
	}
	d, sources, err := diff.GetWithOperationsSourcesMap(diff.NewConfig(), &load.SpecInfo{Spec: ta}, &load.SpecInfo{Spec: tb})
	if err != nil {
		return fmt.Errorf("drift: oasdiff: %w", err)
	}
	config := checker.NewConfig(checker.GetAllChecks())
	found := map[string][]string{}
	for _, change := range checker.CheckBackwardCompatibilityUntilLevel(config, d, sources, checker.INFO) {
		if path, id := change.GetPath(), change.GetId(); !slices.Contains(found[path], id) {
			found[path] = append(found[path], id)
		}
	}
	known := ruleSet()
	for i, r := range c.residues {
		ids := slices.DeleteFunc(found["/"+strconv.Itoa(i)], func(id string) bool { _, ok := known[id]; return !ok })
		t := r.told
		t.message = r.describe()
		t.detail = t.message
		if len(ids) == 0 {
			ids = []string{ruleFor(r.way, t.in, "composition-changed")}
		}
		c.within(r.pair, func() {
			for _, id := range ids {
				t.rule = id
				c.tell(t)
			}
		})
	}
	return nil
}

// excerpt is a document made for oasdiff.
type excerpt struct {
	paths   map[string]any
	schemas map[string]any
	names   map[*spec.Node]string
	stack   map[*spec.Node]bool
}

func newExcerpt() *excerpt {
	return &excerpt{
		paths: map[string]any{}, schemas: map[string]any{},
		names: map[*spec.Node]string{}, stack: map[*spec.Node]bool{},
	}
}

// add writes a residue as the body of an operation; within a property where it
// is no body as a whole.
func (e *excerpt) add(path string, r *residue, keywords map[string]*spec.Node, branches []*spec.Node) {
	schema := map[string]any{}
	for k, n := range keywords {
		schema[k] = e.value(n)
	}
	if len(branches) > 0 {
		list := []any{}
		for _, b := range branches {
			list = append(list, e.value(b))
		}
		schema[r.keyword] = list
	}
	if !strings.Contains(ruleFor(r.way, r.told.in, ""), "-body-") {
		schema = map[string]any{"type": "object", "properties": map[string]any{"value": schema}}
	}
	content := map[string]any{"application/json": map[string]any{"schema": schema}}
	operation := map[string]any{"responses": map[string]any{"200": map[string]any{"description": "", "content": content}}}
	if r.way.sent() {
		operation = map[string]any{
			"requestBody": map[string]any{"content": content},
			"responses":   map[string]any{"200": map[string]any{"description": ""}},
		}
	}
	e.paths[path] = map[string]any{"post": operation}
}

// value writes a node. What is a component of its document stays one, so that
// what is shared is written once and oasdiff can tell branches by name.
func (e *excerpt) value(n *spec.Node) any {
	if v, ok := n.Scalar(); ok {
		return v
	}
	if n.IsArray() {
		items := []any{}
		for _, item := range n.Items() {
			items = append(items, e.value(item))
		}
		return items
	}
	tokens := spec.Tokens(n.Pointer())
	component := len(tokens) == 3 && tokens[0] == "components" && tokens[1] == "schemas"
	if component || e.stack[n] || e.names[n] != "" {
		return map[string]any{"$ref": "#/components/schemas/" + e.component(n, component)}
	}
	return e.object(n)
}

func (e *excerpt) object(n *spec.Node) any {
	e.stack[n] = true
	defer delete(e.stack, n)
	members := map[string]any{}
	for _, k := range n.Keys() {
		// Discriminators are judged elsewhere, and their mappings may name
		// components that are not here.
		if k != "discriminator" {
			members[k] = e.value(n.Member(k))
		}
	}
	return members
}

func (e *excerpt) component(n *spec.Node, named bool) string {
	if name := e.names[n]; name != "" {
		return name
	}
	name := "circle-" + strconv.Itoa(len(e.names))
	if named {
		name = branchName(n)
	}
	for e.schemas[name] != nil {
		name += "_"
	}
	e.names[n], e.schemas[name] = name, true
	e.schemas[name] = e.object(n)
	return name
}

func (e *excerpt) load() (*openapi3.T, error) {
	text, err := json.Marshal(map[string]any{
		"openapi": "3.1.0", "info": map[string]any{"title": "", "version": ""},
		"paths": e.paths, "components": map[string]any{"schemas": e.schemas},
	})
	if err != nil {
		return nil, fmt.Errorf("drift: %w", err)
	}
	loader := openapi3.NewLoader()
	loader.IsExternalRefsAllowed = false
	t, err := loader.LoadFromData(text)
	if err != nil {
		return nil, fmt.Errorf("drift: what changed cannot be given to oasdiff: %w", err)
	}
	return t, nil
}
