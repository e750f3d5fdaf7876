package coverage

import (
	"unicode/utf8"

	"github.com/digakit/digakit/contract"
)

// recordParameters counts the parameters of a request.
func (c *Coverage) recordParameters(n *counts, o *operation, x *contract.Exchange) {
	if len(o.parameters) == 0 || x.Request == nil || x.Request.URL == nil {
		return
	}
	c.plan.validator.Sent(o.documented, x.Request, func(i int, values [][]string) {
		p := &o.parameters[i]
		switch {
		case len(values) > 0 || p.documented.In == "path":
			n.at[p.given].Add(1)
		case p.leftOut >= 0:
			n.at[p.leftOut].Add(1)
		}
		for _, texts := range values {
			for _, text := range texts {
				n.measured(&p.measure, text)
			}
			raise(n, p.count, len(texts))
		}
	})
	for i := range x.Violations {
		n.violation(o, &x.Violations[i])
	}
}

// raise counts what has a counter, and tells whether it has.
func raise[K comparable](n *counts, counters map[K]int, key K) bool {
	counter, ok := counters[key]
	if ok {
		n.at[counter].Add(1)
	}
	return ok
}

// measured looks where a plain value stands exactly.
func (n *counts) measured(m *measure, text string) {
	if len(m.exact)+len(m.numbers) > 0 {
		number := m.number(text)
		raise(n, m.exact, number)
		raise(n, m.numbers, number)
	}
	raise(n, m.words, text)
	if len(m.length) > 0 {
		raise(n, m.length, utf8.RuneCountInString(text))
	}
}

// violation notes which boundary a value was beyond. The validator says so: there
// is no second opinion here.
func (n *counts) violation(o *operation, v *contract.Violation) {
	if v.Side != contract.SideRequest || v.Kind != contract.KindInvalidParameter {
		return
	}
	keyword := v.Keyword
	if v.Pointer != "" {
		keyword = "[]" + keyword
	}
	for i := range o.parameters {
		p := &o.parameters[i]
		if p.documented.In == v.In && p.documented.Name == v.Name && !raise(n, p.beyond, keyword) && p.anyBeyond >= 0 {
			n.at[p.anyBeyond].Add(1)
		}
	}
}
