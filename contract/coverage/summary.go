package coverage

import (
	"math"
	"slices"
	"strings"
	"sync/atomic"
)

// The dimensions, as they are called in JSON.
const (
	operations = "operations"
	parameters = "parameters"
	boundaries = "boundaries"
	statuses   = "statuses"
	properties = "properties"
	values     = "values"
)

// dimensions lists them in the order of Totals.
func dimensions() []string {
	return []string{operations, parameters, boundaries, statuses, properties, values}
}

// Report returns the counts, and what they leave open.
func (c *Coverage) Report() Report {
	n := c.counts.Load()
	r := Report{Operations: make([]Operation, len(c.plan.operations)), Missing: []Gap{}, Unreachable: []Gap{}}
	trees := map[*body]*tree{}
	for i, o := range c.plan.operations {
		s := summary{plan: c.plan, trees: trees, report: &r, counts: n, into: &r.Operations[i], unreachable: o.unreachable}
		s.operation(o)
		r.Totals.add(s.into.Totals)
	}
	all := r.Totals.sum()
	r.Covered, r.Total = all.Covered, all.Total
	r.Percentage = math.Floor(10*r.Percent()) / 10
	return r
}

// summary is the making of the report of one operation.
type summary struct {
	plan        *plan
	trees       map[*body]*tree // of this report
	report      *Report
	counts      *counts
	into        *Operation
	unreachable string // why what is being told of is out of reach
}

func (s *summary) operation(o *operation) {
	d := o.documented
	*s.into = Operation{
		Operation: d.Name(), Method: d.Method, Path: d.Path, Unreachable: o.unreachable,
		Calls: s.counts.at[o.calls].Load(), Counted: s.counts.at[o.counted].Load(),
		Statuses: []Status{}, Parameters: []Parameter{},
	}
	s.counts.bases.Range(func(key, count any) bool {
		if b := key.(basis); b.of == o { //nolint:forcetypeassert // nothing else is stored
			if s.into.Bases == nil {
				s.into.Bases = map[string]int64{}
			}
			s.into.Bases[b.name] = count.(*atomic.Int64).Load() //nolint:forcetypeassert // nothing else is stored
		}
		return true
	})
	if o.unreachable != "" {
		s.gap(&s.report.Unreachable, operations, "the operation", o.unreachable)
	}
	s.count(operations, &s.counts.at[o.counted], "the operation was never exercised")
	for i := range o.parameters {
		s.into.Parameters = append(s.into.Parameters, s.parameter(&o.parameters[i]))
	}
	s.into.Properties, s.into.Values = s.body(o.request, "the request's body")
	for i := range o.statuses {
		s.into.Statuses = append(s.into.Statuses, s.status(&o.statuses[i]))
	}
}

func (s *summary) parameter(p *parameter) Parameter {
	what := p.documented.In + " parameter " + p.documented.Name
	shown := Parameter{
		Item: s.item(parameters, p.documented.Name, &s.counts.at[p.given], what+" was never given"),
		In:   p.documented.In, Boundaries: []Item{}, Values: []Item{},
	}
	for _, b := range p.boundaries {
		shown.Boundaries = append(shown.Boundaries, s.item(boundaries, b.text, &s.counts.at[b.counter], what+" was never tried: "+b.text))
	}
	for _, v := range p.values {
		shown.Values = append(shown.Values, s.item(values, v.text, &s.counts.at[v.counter], what+" was never "+v.text))
	}
	return shown
}

func (s *summary) status(planned *status) Status {
	outer, name := s.unreachable, planned.documented.Status
	if outer == "" && planned.unreachable != "" {
		s.unreachable = planned.unreachable
		s.gap(&s.report.Unreachable, statuses, "status "+name+" and what its body holds", planned.unreachable)
	}
	shown := Status{Item: s.item(statuses, name, &s.counts.at[planned.counter], "status "+name+" was never answered")}
	shown.Properties, shown.Values = s.body(planned.body, "the "+name+" body")
	s.unreachable = outer
	return shown
}

// body tells of the properties and values of a body.
func (s *summary) body(b *bodyPlace, where string) ([]Item, []Values) {
	items, list := []Item{}, []Values{}
	if b == nil {
		return items, list
	}
	grown, counts := s.trees[b.body], s.counts.bodies[b.number].Load()
	if grown == nil {
		// What no body came for is not kept beyond the report.
		grown = s.plan.grow(b.body)
		s.trees[b.body] = grown
	}
	if counts == nil {
		counts = newHeld(grown)
	}
	s.into.Bounded = s.into.Bounded || grown.bounded
	var visit func(n *node, path string)
	visit = func(n *node, path string) {
		if n.present >= 0 {
			items = append(items, s.item(properties, path, &counts.at[n.present], path+" was never in "+where))
		}
		if n.counted > 0 {
			of := Values{Name: path, Items: []Item{}}
			what := strings.TrimPrefix(path+" in "+where, " in ")
			for i, text := range n.values[:n.counted] {
				of.Items = append(of.Items, s.item(values, text, &counts.at[n.first+i], what+" was never "+text))
			}
			list = append(list, of)
		}
		for i, child := range n.children {
			visit(child, join(path, n.properties[i].name))
		}
		if n.rest != nil {
			visit(n.rest, strings.TrimPrefix(path+".*", "."))
		}
		if n.items != nil {
			visit(n.items, path+"[]")
		}
	}
	visit(grown.root, "")
	return items, list
}

// item counts one thing and tells how often it was there.
func (s *summary) item(dimension, name string, counter *atomic.Int64, missing string) Item {
	return Item{Name: name, Count: s.count(dimension, counter, missing), Unreachable: s.unreachable}
}

func (s *summary) count(dimension string, counter *atomic.Int64, missing string) int64 {
	count := counter.Load()
	if s.unreachable != "" {
		return count
	}
	share := s.into.Totals.all()[slices.Index(dimensions(), dimension)]
	share.Total++
	if count > 0 {
		share.Covered++
	} else {
		s.gap(&s.report.Missing, dimension, missing, "")
	}
	return count
}

// maxGaps bounds each of the lists of what was not covered.
const maxGaps = 10_000

func (s *summary) gap(list *[]Gap, dimension, what, reason string) {
	if len(*list) == maxGaps {
		return
	}
	*list = append(*list, Gap{
		Operation: s.into.Operation, Method: s.into.Method, Path: s.into.Path, Dimension: dimension, What: what, Reason: reason,
	})
}
