package plan

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// Override is a line of a plan that is set by hand. [ParseOverrides] makes them.
type Override struct {
	Operation string // operationId, or METHOD and path as the document has it
	Plan      string // as [Line.Text] says it: "act on agent", "sampled"

	at string // file:line:column
}

// ParseOverrides reads overrides: a YAML mapping with a line for each operation.
//
//	getUsage: sampled
//	POST /flow/{id}/test: create flow/run
//
// An empty file has none. All mistakes are reported together, each with name,
// line, column and what to do. Whether they fit a document is for [New] to say.
func ParseOverrides(name string, data []byte) ([]Override, error) {
	file := spec.ReadSettings(name, data, "write `operation: plan`, one a line")
	var overrides []Override
	for _, line := range file.All() {
		text, ok := line.Value.(string)
		if _, _, err := parsePlan(text); !ok {
			file.Mistake(line, line.Key+": this is no plan", "write one, such as `sampled`")
		} else if err != nil {
			file.Mistake(line, err.Error(), "")
		}
		overrides = append(overrides, Override{line.Key, text, line.Position.String()})
	}
	if err := file.Err("plan: the overrides cannot be read"); err != nil {
		return nil, err
	}
	return overrides, nil
}

func parsePlan(text string) (Kind, string, error) {
	var phrases []string
	for _, kind := range kinds {
		phrases = append(phrases, kind.phrase())
		if name, ok := strings.CutPrefix(text, kind.phrase()+" "); ok && name != "" {
			return kind, name, nil
		}
	}
	if text == string(Sampled) {
		return Sampled, "", nil
	}
	return "", "", fmt.Errorf("%q is no plan: write one of %s, with the name of a collection, or sampled", text, strings.Join(phrases, ", "))
}

// override puts an override in the place of what the rules said, or says why it
// does not fit the document.
func (c *compiler) override(one Override) error {
	o := first(c.operations, func(o *operation) bool {
		return one.Operation != "" && (o.line.Operation == one.Operation || o.line.Method+" "+o.line.Path == one.Operation)
	})
	if o == nil {
		return fmt.Errorf("the document has no operation %s: write an operationId, or METHOD and path as the document has them", one.Operation)
	}
	kind, name, err := parsePlan(one.Plan)
	if err != nil {
		return fmt.Errorf("%s: %w", one.Operation, err)
	}
	target := c.named(name)
	if kind != Sampled && target == nil {
		var names []string
		for _, other := range c.collections {
			names = append(names, other.Name)
		}
		return fmt.Errorf("%s: the document has no collection %s: it has %s", one.Operation, name, strings.Join(names, ", "))
	}
	l := o.line
	l.Kind, l.Collection, l.Basis, l.Rule, l.Reason = kind, name, Overridden, "override", "set by hand"
	l.Item, l.Source, l.Answer.Of, l.Answer.By = "", "", "", ""
	switch kind {
	case Read, Update, Replace, Delete, Act, Copy, Join, Leave:
		source, item := c.ancestor(o, func(other *collection) bool { return other == target || kind == Copy })
		if l.Item = cmp.Or(item, o.path.lastParam()); l.Item == "" {
			return fmt.Errorf("%s: %q needs an item, and the path has no parameter that could name one", one.Operation, one.Plan)
		}
		if kind == Copy && source != nil {
			l.Source = source.Name
		}
	default:
	}
	return nil
}
