package seed

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/mockserver/engine"
	"github.com/digakit/digakit/mockserver/fault"
	"github.com/digakit/digakit/mockserver/store"
)

// faults reads the faults of a project.
func (p *parser) faults(at string, texts []json.RawMessage) []fault.Spec {
	if len(texts) == 0 {
		return nil
	}
	specs := make([]fault.Spec, len(texts))
	for i, text := range texts {
		here := item(at, i)
		if p.faultSize += len(text); p.faultSize > fault.MaxTotalSize {
			p.wrong(here, fmt.Sprintf("with this the faults of the file have more than %d bytes as JSON", fault.MaxTotalSize), "shorten their bodies")
			return nil
		}
		if p.data.Empty(here + "/body") {
			p.wrong(here+"/body", "this is empty", "write null for the null of JSON, or leave the line out")
		}
		if p.broken[here] {
			continue
		}
		err := json.Unmarshal(text, &specs[i])
		if mismatch, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			p.wrong(here+"/"+strings.ReplaceAll(mismatch.Field, ".", "/"), "this must be a number in decimal digits", "leave fraction and exponent out")
			continue
		}
		if refused, ok := errors.AsType[*fault.SpecError](specs[i].Validate(p.served.Operations())); ok {
			for _, m := range refused.Mistakes {
				subject, pointer := "this ", here+"/"+strings.ReplaceAll(m.Field, ".", "/")
				if m.Field == "" {
					subject, pointer = "a fault ", here
				}
				if m.Field == "match.operation" {
					var names []string
					for _, op := range p.served.Operations() {
						names = append(names, op.ID, op.Method+" "+op.Path)
					}
					m.Remedy = nearest(specs[i].Match.Operation, names, m.Remedy)
				}
				p.wrong(pointer, subject+m.Rule, m.Remedy)
			}
		}
	}
	return specs
}

// collections reads the items of a project, and tries to make them.
func (p *parser) collections(at string, texts map[string]json.RawMessage) map[string][]map[string]any {
	if len(texts) == 0 {
		return nil
	}
	lists := map[string][]map[string]any{}
	for name := range texts {
		if p.broken[spec.Join(at, name)] {
			continue
		}
		list, _ := spec.At(p.value, spec.Tokens(spec.Join(at, name))...)
		items, _ := list.([]any)
		lists[name] = make([]map[string]any, len(items))
		for i := range items {
			lists[name][i], _ = items[i].(map[string]any)
		}
	}
	maker, err := p.engine()
	if err != nil {
		p.wrong(at, "items cannot be checked: "+err.Error(), "mend the document")
		return nil
	}
	for _, e := range maker.Fill(store.NewItems(), lists, time.Now()) {
		pointer := spec.Join(at, e.Collection)
		wrong, ok := errors.AsType[*engine.ValueError](e.Err)
		switch {
		case e.Index < 0:
			var names []string
			for _, c := range maker.Collections() {
				names = append(names, c.Name)
			}
			p.wrong(pointer, "there is no such collection", nearest(e.Collection, names, "the collections are "+strings.Join(names, ", ")))
		case ok:
			p.wrong(item(pointer, e.Index)+wrong.Pointer, "this "+wrong.Message, "")
		default:
			p.wrong(item(pointer, e.Index), "this cannot be made: "+e.Err.Error(), "")
		}
	}
	return lists
}
