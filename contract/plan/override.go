package plan

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Override is a line of a plan that is set by hand. [ParseOverrides] makes them.
type Override struct {
	// Operation is an operationId, or METHOD and path as the document has it.
	Operation string
	// Plan is what it is for, as [Line.Text] says it: "act on agent", "sampled".
	Plan string
	// Reason is told in the line; empty: that it was set by hand.
	Reason string
	// Item is the path parameter that names the item; empty: the last that names
	// one of the collection, else the last.
	Item string
	// Properties say which property sent becomes which of the item, beside what
	// is found; Answer which property of the item each of the answer is.
	Properties, Answer map[string]string
	// Set gives properties of the item a fixed value.
	Set map[string]any
	// Filters say which property of an item a parameter filters by.
	Filters map[string]string

	at string // file:line:column
}

// ParseOverrides reads overrides: a YAML mapping with a line for each operation,
// or more than a line where there is more to say:
//
//	getUsage: sampled
//	POST /flow/{id}/test: create flow/run
//	publishAgent:
//	  plan: act on agent
//	  reason: publishing is what the name says
//	  item: agent_id                     # path parameter
//	  properties: {display: name}        # sent: of the item
//	  set: {is_published: true}          # of the item
//	  answer: {agent_id: id}             # of the answer: of the item
//	  filters: {owner: /links/owner}     # parameter: pointer into the item
//
// An empty file has none. All mistakes are reported together, each with name,
// line, column and what to do. Whether they fit a document is for [New] to say.
func ParseOverrides(name string, data []byte) ([]Override, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var document, more yaml.Node
	switch err := decoder.Decode(&document); {
	case errors.Is(err, io.EOF):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("plan: %s is not YAML: %s", name, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	p := overrideParser{name: name, lines: map[string]int{}}
	if err := decoder.Decode(&more); !errors.Is(err, io.EOF) {
		p.mistake(&more, "something follows the overrides: a file has one YAML document")
	}
	p.file(document.Content[0])
	if p.mistakes != nil {
		return nil, fmt.Errorf("plan: the overrides cannot be read:\n%s", strings.Join(p.mistakes, "\n"))
	}
	return p.overrides, nil
}

type overrideParser struct {
	name      string
	lines     map[string]int // of the operations so far
	overrides []Override
	mistakes  []string
}

func (p *overrideParser) at(n *yaml.Node) string {
	return fmt.Sprintf("%s:%d:%d", p.name, max(n.Line, 1), max(n.Column, 1))
}

func (p *overrideParser) mistake(n *yaml.Node, format string, args ...any) {
	p.mistakes = append(p.mistakes, p.at(n)+": "+fmt.Sprintf(format, args...))
}

func (p *overrideParser) file(n *yaml.Node) {
	if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" {
		return // comments alone
	}
	if n.Kind != yaml.MappingNode {
		p.mistake(n, "the file is a mapping: write `operation: plan`, one a line")
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Kind != yaml.ScalarNode {
			p.mistake(key, "an operation is named by its operationId or by METHOD path")
			continue
		}
		if line, twice := p.lines[key.Value]; twice {
			p.mistake(key, "%s stands in line %d already: leave one of them out", key.Value, line)
			continue
		}
		p.lines[key.Value] = key.Line
		o := Override{Operation: key.Value, at: p.at(key)}
		switch value.Kind {
		case yaml.ScalarNode:
			o.Plan = p.plan(value)
		case yaml.MappingNode:
			p.entry(&o, value)
		case yaml.DocumentNode, yaml.SequenceNode, yaml.AliasNode:
			p.mistake(value, "%s: write a plan, such as `sampled`, or a mapping with `plan:`", key.Value)
		}
		p.overrides = append(p.overrides, o)
	}
}

func (p *overrideParser) entry(o *Override, n *yaml.Node) {
	fields := map[string]any{"reason": &o.Reason, "item": &o.Item, "properties": &o.Properties, "answer": &o.Answer, "set": &o.Set, "filters": &o.Filters}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		field, known := fields[key.Value]
		switch {
		case key.Value == "plan":
			o.Plan = p.plan(value)
		case !known:
			p.mistake(key, "there is no field %q: there are plan, %s", key.Value, strings.Join(slices.Sorted(maps.Keys(fields)), ", "))
		case value.Decode(field) != nil:
			p.mistake(value, "%s is not what it can be: reason and item are text, the others mappings", key.Value)
		}
	}
	if o.Plan == "" && p.mistakes == nil {
		p.mistake(n, "%s has no plan: add `plan:`, such as `plan: sampled`", o.Operation)
	}
}

func (p *overrideParser) plan(n *yaml.Node) string {
	if _, _, ok := parsePhrase(n.Value); n.Kind != yaml.ScalarNode || !ok {
		p.mistake(n, "%q is no plan: write one of %s, or sampled, with the name of a collection", n.Value, strings.Join(phrases(), ", "))
	}
	return n.Value
}

// parsePhrase reads what phrase writes.
func parsePhrase(text string) (kind Kind, collection string, ok bool) {
	for _, kind := range kinds {
		front := phrase(kind, "")
		if rest, is := strings.CutPrefix(text, front); is && (rest == "") == (kind == Sampled) {
			return kind, rest, true
		}
	}
	return "", "", false
}

func phrases() []string {
	var list []string
	for _, kind := range kinds {
		if kind != Sampled {
			list = append(list, strings.TrimSpace(phrase(kind, "")))
		}
	}
	return list
}

// override puts overrides in the place of what the rules said, and returns what
// does not fit the document.
func (c *compiler) override(overrides []Override) error {
	var errs []error
	for _, one := range overrides {
		if err := c.overrideOne(&one); err != nil {
			if one.at != "" {
				err = fmt.Errorf("%s: %w", one.at, err)
			}
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

func (c *compiler) overrideOne(one *Override) error {
	i := slices.IndexFunc(c.operations, func(o *operation) bool {
		return one.Operation != "" && (o.line.Operation == one.Operation || o.line.Method+" "+o.line.Path == one.Operation)
	})
	if i < 0 {
		return fmt.Errorf("the document has no operation %s: write an operationId, or METHOD and path as the document has them", one.Operation)
	}
	kind, name, ok := parsePhrase(one.Plan)
	if !ok {
		return fmt.Errorf("%s: %q is no plan: write one of %s, or sampled, with the name of a collection", one.Operation, one.Plan, strings.Join(phrases(), ", "))
	}
	o := c.operations[i]
	target := c.named(name)
	if kind != Sampled && target == nil {
		return fmt.Errorf("%s: the document has no collection %s: it has %s", one.Operation, name, strings.Join(c.names(), ", "))
	}
	answer := Answer{Status: o.line.Answer.Status, Media: o.line.Answer.Media, Schema: o.line.Answer.Schema}
	o.line.Kind, o.line.Collection, o.line.Basis, o.line.Rule, o.line.Answer = kind, name, Overridden, "override", answer
	o.line.Item, o.line.Source = one.Item, ""
	if o.line.Reason = one.Reason; one.Reason == "" {
		o.line.Reason = "set by hand"
	}
	o.override = one
	return c.overrideItem(o, target)
}

// overrideItem finds the item of an overridden line, and checks the names that
// the override gives.
func (c *compiler) overrideItem(o *operation, target *collection) error {
	params := o.path.params()
	switch o.line.Kind {
	case List, Create, Sampled, BulkDelete, BulkUpdate, BulkRead, Singleton, View:
	case Read, Update, Replace, Delete, Act, Copy, Join, Leave:
		for i := len(params) - 1; i >= 0 && o.line.Item == ""; i-- {
			if one := c.itemNamed(o.upTo(params[i]), params[i], nil); one != nil && (one == target || o.line.Kind == Copy) {
				o.line.Item = params[i]
			}
		}
		if o.line.Item == "" && len(params) > 0 {
			o.line.Item = params[len(params)-1]
		}
		if o.line.Item == "" {
			return fmt.Errorf("%s: %q needs an item, and the path has no parameter that could name one", o.override.Operation, o.override.Plan)
		}
	}
	if o.line.Item != "" && !slices.Contains(params, o.line.Item) {
		return fmt.Errorf("%s: the path has no parameter %s: it has %s", o.override.Operation, o.line.Item, strings.Join(params, ", "))
	}
	if o.line.Kind == Copy {
		if source := c.itemNamed(o.upTo(o.line.Item), o.line.Item, nil); source != nil {
			o.line.Source = source.Name
		}
	}
	return c.checkNames(o, target)
}

// checkNames tells a property of the item that an override names and that the
// collection's items do not have.
func (c *compiler) checkNames(o *operation, target *collection) error {
	names := slices.Concat(slices.Collect(maps.Values(o.override.Properties)), slices.Collect(maps.Values(o.override.Answer)), slices.Collect(maps.Keys(o.override.Set)))
	slices.Sort(names)
	for _, name := range names {
		if target == nil || property(target.entity, name) == nil {
			return fmt.Errorf("%s: items of %s have no property %s: name one of theirs", o.override.Operation, o.line.Collection, name)
		}
	}
	return nil
}

func (c *compiler) names() []string {
	var names []string
	for _, one := range c.collections {
		names = append(names, one.Name)
	}
	return names
}

// addOverride adds to a line what its override says beside the plan.
func (o *operation) addOverride() {
	one, l := o.override, o.line
	if len(one.Properties)+len(one.Set) > 0 {
		if l.Write == nil {
			l.Write = &Write{}
		}
		l.Write.Sets = one.Set
	}
	for _, from := range slices.Sorted(maps.Keys(one.Properties)) {
		l.Write.Mappings = append(slices.DeleteFunc(l.Write.Mappings, func(m Mapping) bool { return m.From == from }),
			Mapping{From: from, To: one.Properties[from], How: Renamed})
		l.Write.Unkept = slices.DeleteFunc(l.Write.Unkept, func(name string) bool { return name == from })
	}
	for _, to := range slices.Sorted(maps.Keys(one.Answer)) {
		l.Answer.Mappings = append(slices.DeleteFunc(l.Answer.Mappings, func(m Mapping) bool { return m.To == to }),
			Mapping{From: one.Answer[to], To: to, How: Renamed})
		l.Answer.Echo = slices.DeleteFunc(l.Answer.Echo, func(name string) bool { return name == to })
	}
	for _, name := range slices.Sorted(maps.Keys(one.Filters)) {
		if l.List != nil {
			l.List.Filters = append(slices.DeleteFunc(l.List.Filters, func(f Filter) bool { return f.Parameter == name }),
				Filter{Parameter: name, Properties: []string{one.Filters[name]}, Match: Equal, Reason: "set by hand"})
			l.Ignored = slices.DeleteFunc(l.Ignored, func(q string) bool { return q == name })
		}
	}
}
