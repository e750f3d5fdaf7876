package seed

import (
	"encoding/json"
	"errors"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/gen"
	"github.com/digakit/digakit/mockserver/fault"
)

// digaOperations are those of Diga's document, read when the first fault is.
var digaOperations = sync.OnceValues(func() ([]*contract.Operation, error) {
	document, err := spec.Parse(gen.OpenAPI())
	if err != nil {
		return nil, err
	}
	return operationsOf(document)
})

func operationsOf(document *spec.Document) ([]*contract.Operation, error) {
	v, err := contract.For(document)
	if err != nil {
		return nil, err
	}
	return v.Operations(), nil
}

// Option changes how a seed file is read.
type Option func(*parser)

// Document is the OpenAPI document whose operations the faults of the file may
// name. Default: Diga's.
func Document(document *spec.Document) Option {
	return func(p *parser) {
		p.operations = sync.OnceValues(func() ([]*contract.Operation, error) { return operationsOf(document) })
	}
}

// faults reads the faults of a project. They are right only if no mistake was
// noted.
func (v value) faults() []fault.Spec {
	items, ok := v.items()
	if !ok || len(items) == 0 {
		return nil
	}
	if len(items) > fault.MaxFaults {
		v.mistake("there are %d faults; a project has at most %d", len(items), fault.MaxFaults)
		return nil
	}
	known, err := v.p.operations()
	if err != nil {
		v.mistake("faults cannot be checked: %v", err)
		return nil
	}
	specs := make([]fault.Spec, 0, len(items))
	for _, item := range items {
		if v.p.full() {
			return nil
		}
		spec, ok := item.fault(known)
		if !ok {
			continue
		}
		data, err := json.Marshal(spec)
		if err != nil {
			item.mistake("this cannot be JSON")
			return nil
		}
		if v.p.faultSize += len(data); v.p.faultSize > fault.MaxTotalSize {
			item.mistake("with this the faults of the file have more than %d bytes as JSON; shorten their bodies", fault.MaxTotalSize)
			v.p.more = true
			return nil
		}
		specs = append(specs, spec)
	}
	return specs
}

// fault reads one fault.
func (v value) fault(known []*contract.Operation) (spec fault.Spec, ok bool) {
	r := faultReader{whole: v, places: map[string]value{}}
	before := len(v.p.all)
	r.read("", v, r.fields(&spec))
	if v.p.full() || len(v.p.all) > before {
		return spec, false // what is missing of it would be told as another mistake
	}
	var wrong *fault.SpecError
	switch err := spec.Validate(known); {
	case errors.As(err, &wrong):
		for _, problem := range wrong.Mistakes {
			r.report(problem, known)
		}
		return spec, false
	case err != nil:
		v.mistake("this is no fault that works")
		return spec, false
	}
	return spec, true
}

// faultReader remembers where the fields of a fault stand.
type faultReader struct {
	whole  value
	places map[string]value // by the name that a fault.Mistake has for it
}

// field is one that a mapping may have.
type field struct {
	name string
	read func(value)
}

// read reads a mapping of fields; prefix is what their names in a fault.Mistake
// begin with.
func (r *faultReader) read(prefix string, v value, fields []field) {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.name
	}
	given, _ := v.fields(names...)
	for _, f := range fields {
		if at, ok := given[f.name]; ok {
			r.places[prefix+f.name] = at
			f.read(at)
		}
	}
}

// fields are those of a fault, by their names in JSON.
func (r *faultReader) fields(s *fault.Spec) []field {
	return []field{
		{"match", func(v value) {
			r.read("match.", v, []field{
				{"operation", into(&s.Match.Operation, value.text)},
				{"query", into(&s.Match.Query, value.query)},
				{"key_id", into(&s.Match.KeyID, value.text)},
			})
		}},
		{"status", into(&s.Status, value.integer)},
		{"body", into(&s.Body, value.body)},
		{"error_code", into(&s.ErrorCode, value.text)},
		{"message", into(&s.Message, value.text)},
		{"retry_after", pointer(&s.RetryAfter, value.integer)},
		{"times", into(&s.Times, value.integer)},
		{"skip", into(&s.Skip, value.integer)},
		{"probability", pointer(&s.Probability, value.fraction)},
		{"seed", into(&s.Seed, value.natural)},
		{"fault", func(v value) {
			kind, _ := v.text()
			s.Kind = fault.Kind(kind)
		}},
		{"fixedDelayMilliseconds", into(&s.FixedDelayMilliseconds, value.integer)},
		{"delayDistribution", func(v value) {
			s.DelayDistribution = new(fault.Distribution)
			d := s.DelayDistribution
			r.read("delayDistribution.", v, []field{
				{"type", into(&d.Type, value.text)},
				{"median", into(&d.Median, value.fraction)},
				{"sigma", into(&d.Sigma, value.fraction)},
				{"maxValue", into(&d.MaxValue, value.fraction)},
				{"lower", into(&d.Lower, value.fraction)},
				{"upper", into(&d.Upper, value.fraction)},
			})
		}},
		{"chunkedDribbleDelay", func(v value) {
			s.ChunkedDribbleDelay = new(fault.Dribble)
			r.read("chunkedDribbleDelay.", v, []field{
				{"numberOfChunks", into(&s.ChunkedDribbleDelay.NumberOfChunks, value.integer)},
				{"totalDuration", into(&s.ChunkedDribbleDelay.TotalDuration, value.integer)},
			})
		}},
		{"truncateBodyAtFraction", pointer(&s.TruncateBodyAtFraction, value.fraction)},
	}
}

func into[T any](to *T, read func(value) (T, bool)) func(value) {
	return func(v value) { *to, _ = read(v) }
}

func pointer[T any](to **T, read func(value) (T, bool)) func(value) {
	return func(v value) {
		x, _ := read(v)
		*to = &x
	}
}

// query reads parameters with their values. Mistakes name none of them.
func (v value) query() (map[string]string, bool) {
	if v.node.Kind != yaml.MappingNode || v.node.ShortTag() != "!!map" {
		v.mistake("this is %s; it must be a mapping of parameters (a colon needs a space behind it)", v.kind())
		return nil, false
	}
	parameters := make(map[string]string, len(v.node.Content)/2)
	for i := 0; i+1 < len(v.node.Content); i += 2 {
		name, right := v.child("", v.node.Content[i]).at(v.path).text()
		text, alsoRight := v.child("", v.node.Content[i+1]).at(v.path).text()
		if !right || !alsoRight {
			return nil, false
		}
		if _, again := parameters[name]; again {
			v.child("", v.node.Content[i]).at(v.path).mistake("this parameter is given twice; keep one")
			return nil, false
		}
		parameters[name] = text
	}
	return parameters, true
}

// at returns v under another path.
func (v value) at(path string) value {
	v.path = path
	return v
}

// report notes what [fault.Spec.Validate] found, where it stands, or else where
// it should.
func (r *faultReader) report(p fault.Mistake, known []*contract.Operation) {
	if p.Field == "" {
		r.whole.mistake("a fault %s; %s", p.Rule, p.Remedy)
		return
	}
	at, given := r.places[p.Field]
	if !given {
		parent, _, _ := strings.Cut(p.Field, ".")
		if at, given = r.places[parent]; !given {
			at = r.whole
		}
	}
	better := remedy(at.node.Value, candidates(p.Field, known), "")
	if !strings.HasPrefix(better, "did you mean") {
		better = p.Remedy
	}
	at.at(r.whole.path+"."+p.Field).mistake("this %s; %s", p.Rule, better)
}

// candidates are what a field may be, if that can be listed.
func candidates(name string, known []*contract.Operation) []string {
	var all []string
	switch name {
	case "match.operation":
		for _, op := range known {
			all = append(all, op.ID, op.Method+" "+op.Path)
		}
	case "fault":
		for _, k := range fault.Kinds() {
			all = append(all, string(k))
		}
	case "delayDistribution.type":
		all = []string{fault.LogNormal, fault.Uniform}
	}
	return all
}
