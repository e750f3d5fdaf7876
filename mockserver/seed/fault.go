package seed

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/digakit/digakit/mockserver/fault"
)

// faults reads the faults of a project.
func (p *parser) faults(at string, texts []json.RawMessage) []fault.Spec {
	if len(texts) == 0 {
		return nil
	}
	known, err := p.operations()
	if err != nil {
		p.wrong(at, "faults cannot be checked: %v", err)
		return nil
	}
	specs := make([]fault.Spec, len(texts))
	for i, text := range texts {
		here := item(at, i)
		if p.faultSize += len(text); p.faultSize > fault.MaxTotalSize {
			p.wrong(here, "with this the faults of the file have more than %d bytes as JSON; shorten their bodies", fault.MaxTotalSize)
			return nil
		}
		if p.data.Empty(here + "/body") {
			p.wrong(here+"/body", "this is empty; write null for the null of JSON, or leave the line out")
		}
		if p.broken[here] {
			continue
		}
		err := json.Unmarshal(text, &specs[i])
		if mismatch, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			p.wrong(here+"/"+strings.ReplaceAll(mismatch.Field, ".", "/"), "this must be a number in decimal digits; leave fraction and exponent out")
			continue
		}
		if err == nil {
			err = specs[i].Validate(known)
		}
		wrong, ok := errors.AsType[*fault.SpecError](err)
		if !ok && err != nil {
			p.wrong(here, "this is no fault that works")
		}
		if !ok {
			continue
		}
		for _, problem := range wrong.Mistakes {
			if problem.Field == "match.operation" {
				var names []string
				for _, op := range known {
					names = append(names, op.ID, op.Method+" "+op.Path)
				}
				if near := remedy(specs[i].Match.Operation, names, ""); near != "" {
					problem.Remedy = near
				}
			}
			pointer, subject := here+"/"+strings.ReplaceAll(problem.Field, ".", "/"), "this"
			if problem.Field == "" {
				pointer, subject = here, "a fault"
			}
			p.wrong(pointer, "%s %s; %s", subject, problem.Rule, problem.Remedy)
		}
	}
	return specs
}
