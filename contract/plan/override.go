package plan

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Override is a line of a plan that is set by hand. [ParseOverrides] makes them.
type Override struct {
	Operation string // operationId, or METHOD and path as the document has it
	Plan      string // as [Line.Text] says it: "act on agent", "sampled"
	Reason    string // told in the line; empty: that it was set by hand

	at string // file:line:column
}

// ParseOverrides reads overrides: a YAML mapping with a line for each operation.
//
//	getUsage: sampled
//	POST /flow/{id}/test: create flow/run
//	publishAgent: {plan: act on agent, reason: publishing is what the name says}
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
	p := overrideParser{name: name}
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
	if n.ShortTag() == "!!null" {
		return // comments alone
	}
	if n.Kind != yaml.MappingNode {
		p.mistake(n, "the file is a mapping: write `operation: plan`, one a line")
		return
	}
	lines := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if line := lines[key.Value]; line > 0 {
			p.mistake(key, "%s stands in line %d already: leave one of them out", key.Value, line)
		}
		lines[key.Value] = key.Line
		p.overrides = append(p.overrides, p.entry(Override{Operation: key.Value, at: p.at(key)}, value))
	}
}

func (p *overrideParser) entry(o Override, n *yaml.Node) Override {
	fields := map[string]*yaml.Node{}
	switch n.Kind {
	case yaml.ScalarNode:
		fields["plan"] = n
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			if key := n.Content[i]; key.Value != "plan" && key.Value != "reason" {
				p.mistake(key, "there is no field %q: there are plan and reason", key.Value)
			}
			fields[n.Content[i].Value] = n.Content[i+1]
		}
	case yaml.DocumentNode, yaml.SequenceNode, yaml.AliasNode:
		p.mistake(n, "%s: write a plan, such as `sampled`, or a mapping with `plan:`", o.Operation)
		return o
	}
	if reason := fields["reason"]; reason != nil {
		o.Reason = reason.Value
	}
	text := fields["plan"]
	if text == nil {
		p.mistake(n, "%s has no plan: add `plan:`, such as `plan: sampled`", o.Operation)
		return o
	}
	o.Plan = text.Value
	if _, _, ok := parsePhrase(o.Plan); !ok {
		p.mistake(text, "%s", noPlan(o.Plan))
	}
	return o
}

// parsePhrase reads what [Line.Text] writes.
func parsePhrase(text string) (kind Kind, collection string, ok bool) {
	for _, kind := range kinds {
		rest, found := strings.CutPrefix(text, kind.phrase())
		if kind == Sampled && found && rest == "" {
			return kind, "", true
		}
		if collection, found = strings.CutPrefix(rest, " "); found && kind != Sampled && rest != text && collection != "" {
			return kind, collection, true
		}
	}
	return "", "", false
}

func noPlan(text string) string {
	var list []string
	for _, kind := range kinds {
		if kind != Sampled {
			list = append(list, kind.phrase())
		}
	}
	return fmt.Sprintf("%q is no plan: write one of %s, or sampled, with the name of a collection", text, strings.Join(list, ", "))
}

// override puts an override in the place of what the rules said, or says why it
// does not fit the document.
func (c *compiler) override(one Override) error {
	i := slices.IndexFunc(c.operations, func(o *operation) bool {
		return one.Operation != "" && (o.line.Operation == one.Operation || o.line.Method+" "+o.line.Path == one.Operation)
	})
	if i < 0 {
		return fmt.Errorf("the document has no operation %s: write an operationId, or METHOD and path as the document has them", one.Operation)
	}
	kind, name, ok := parsePhrase(one.Plan)
	if !ok {
		return fmt.Errorf("%s: %s", one.Operation, noPlan(one.Plan))
	}
	target := c.named(name)
	if kind != Sampled && target == nil {
		var names []string
		for _, other := range c.collections {
			names = append(names, other.Name)
		}
		return fmt.Errorf("%s: the document has no collection %s: it has %s", one.Operation, name, strings.Join(names, ", "))
	}
	o := c.operations[i]
	l, params := o.line, o.path.params()
	l.Kind, l.Collection, l.Basis, l.Rule, l.Reason = kind, name, Overridden, "override", cmp.Or(one.Reason, "set by hand")
	l.Item, l.Source, l.Answer.Of, l.Answer.By = "", "", "", ""
	switch kind {
	case List, Create, Sampled, BulkDelete, BulkUpdate, BulkRead, Singleton, View:
	case Read, Update, Replace, Delete, Act, Copy, Join, Leave:
		if len(params) == 0 {
			return fmt.Errorf("%s: %q needs an item, and the path has no parameter that could name one", one.Operation, one.Plan)
		}
		source, item := c.ancestor(o, func(other *collection) bool { return other == target || kind == Copy })
		l.Item = cmp.Or(item, params[len(params)-1])
		if kind == Copy && source != nil {
			l.Source = source.Name
		}
	}
	return nil
}
