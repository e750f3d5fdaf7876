// Package coverage counts what of an OpenAPI document has been exercised: which
// operations were called, with which of their parameters, and which of their
// documented statuses were answered.
package coverage

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/digakit/digakit/contract"
)

// Coverage counts. Make one with [New]. It is safe for concurrent use.
type Coverage struct {
	operations []*counters
}

// counters are those of one operation; the lists never change.
type counters struct {
	operation  *contract.Operation
	calls      atomic.Int64
	statuses   []counter // documented ones, in the document's order
	parameters []counter // of the query, in the document's order
}

type counter struct {
	name  string
	count *atomic.Int64
}

// New returns a Coverage of the operations of a validator.
func New(operations []*contract.Operation) *Coverage {
	c := &Coverage{}
	for _, op := range operations {
		o := &counters{operation: op}
		for _, r := range op.Responses {
			o.statuses = append(o.statuses, counter{r.Status, new(atomic.Int64)})
		}
		for _, p := range op.Parameters {
			if p.In == "query" {
				o.parameters = append(o.parameters, counter{p.Name, new(atomic.Int64)})
			}
		}
		c.operations = append(c.operations, o)
	}
	return c
}

// Record counts one exchange: a call of op with the given raw query, answered
// with status; 0 when there was no answer. An operation of another validator is
// not counted.
func (c *Coverage) Record(op *contract.Operation, query string, status int) {
	i := slices.IndexFunc(c.operations, func(o *counters) bool { return o.operation == op })
	if i < 0 {
		return
	}
	o := c.operations[i]
	o.calls.Add(1)
	if s := find(o.statuses, documentedAs(o.statuses, status)); s != nil {
		s.Add(1)
	}
	for pair := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(name); err == nil {
			if p := find(o.parameters, plain); p != nil {
				p.Add(1)
			}
		}
	}
}

// documentedAs returns the name under which the document has a status: the exact
// one, its range, or default (OpenAPI 3.1, Responses Object).
func documentedAs(statuses []counter, status int) string {
	exact := strconv.Itoa(status)
	for _, name := range []string{exact, exact[:1] + "XX", "default"} {
		for _, s := range statuses {
			if status > 0 && strings.EqualFold(s.name, name) {
				return s.name
			}
		}
	}
	return ""
}

func find(list []counter, name string) *atomic.Int64 {
	for _, c := range list {
		if c.name == name {
			return c.count
		}
	}
	return nil
}

// Reset sets all counts to nothing.
func (c *Coverage) Reset() {
	for _, o := range c.operations {
		o.calls.Store(0)
		for _, list := range [][]counter{o.statuses, o.parameters} {
			for _, one := range list {
				one.count.Store(0)
			}
		}
	}
}
