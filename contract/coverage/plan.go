package coverage

import (
	"hash/maphash"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/spec"
)

// plan is what there is to cover: every countable thing has a number, its
// counter. It is read off the document once and never changes.
type plan struct {
	validator  *contract.Validator
	operations []*operation
	byContract map[*contract.Operation]*operation
	counters   int
	bodies     int // how many places of bodies there are
	seed       maphash.Seed

	requests, answers *kinds
	shared            map[string]*body // by direction and schemas
	growing           sync.Mutex       // guards kinds, which grow with the first body of a tree
	last              latest
}

// operation is the plan of one documented operation.
type operation struct {
	documented     *contract.Operation
	unreachable    string
	calls, counted int
	parameters     []parameter
	request        *bodyPlace // nil: none documented
	statuses       []status
}

// status is the plan of one documented status.
type status struct {
	documented  *contract.Response
	unreachable string
	counter     int
	body        *bodyPlace // nil: no JSON
}

// bodyPlace is a place where JSON bodies stand: of the request, or of one status.
type bodyPlace struct {
	*body
	number int // which of the plan's
}

func newPlan(v *contract.Validator, r reach) *plan {
	p := &plan{
		validator: v, byContract: map[*contract.Operation]*operation{}, seed: maphash.MakeSeed(), shared: map[string]*body{},
		requests: &kinds{request: true, known: map[string]*kind{}}, answers: &kinds{known: map[string]*kind{}},
	}
	for _, documented := range v.Operations() {
		o := p.operation(documented, r)
		p.operations = append(p.operations, o)
		p.byContract[documented] = o
	}
	return p
}

func (p *plan) counter() int {
	p.counters++
	return p.counters - 1
}

// operation plans one operation.
func (p *plan) operation(documented *contract.Operation, r reach) *operation {
	o := &operation{documented: documented, unreachable: r.operation(documented.Method), calls: p.counter(), counted: p.counter()}
	for _, one := range documented.Parameters {
		o.parameters = append(o.parameters, p.parameter(one))
	}
	if documented.RequestBody != nil {
		o.request = p.body(documented.RequestBody.Content, p.requests)
	}
	for i := range documented.Responses {
		one := &documented.Responses[i]
		s := status{documented: one, unreachable: r.status(one.Status), counter: p.counter()}
		if !bodiless(documented.Method, one.Status) {
			s.body = p.body(one.Content, p.answers)
		}
		o.statuses = append(o.statuses, s)
	}
	return o
}

// bodiless says whether HTTP rules a body out (RFC 9110, 6.4.1).
func bodiless(method, status string) bool {
	return method == http.MethodHead || status == "204" || status == "304" || strings.HasPrefix(status, "1")
}

// body plans the JSON bodies of a request or status as one; nil when it has none.
// Nothing is read off their schemas until one comes.
func (p *plan) body(content []contract.MediaType, k *kinds) *bodyPlace {
	var schemas []*spec.Schema
	for _, media := range content {
		if s := p.validator.Document().Schema(spec.Join(media.Pointer, "schema")); s != nil && spec.IsJSON(media.Name) {
			schemas = with(schemas, s)
		}
	}
	if len(schemas) == 0 {
		return nil
	}
	key := strconv.FormatBool(k.request) + keyOf(schemas)
	if p.shared[key] == nil {
		b := &body{schemas: schemas, kinds: k}
		b.tree = sync.OnceValue(func() *tree { return p.grow(b) })
		p.shared[key] = b
	}
	p.bodies++
	return &bodyPlace{body: p.shared[key], number: p.bodies - 1}
}

// status finds what is documented for a status; nil when nothing is.
func (o *operation) status(code int) *status {
	documented := o.documented.Response(code)
	for i := range o.statuses {
		if o.statuses[i].documented == documented {
			return &o.statuses[i]
		}
	}
	return nil
}
