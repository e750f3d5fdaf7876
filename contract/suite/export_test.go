package suite

import (
	"context"
	"time"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/report"
)

// CheckPausing is Check with another way to wait for a throttling server.
func CheckPausing(ctx context.Context, t Target, pause func(context.Context, time.Duration) error) (*report.Report, error) {
	s, err := newSession(t)
	if err != nil {
		return nil, err
	}
	s.pause = pause
	return s.check(ctx)
}

// Assumptions are what Target.Assume takes: ids to alternatives.
func Assumptions() map[string][]string { return assumptions() }

// Values are values made for a parameter: what it may be, and what it may not.
type Values struct{ Valid, Invalid map[string][]string } // by class

// ValuesOf returns the values for the parameters of the first operation of a
// document, by name.
func ValuesOf(document []byte) (map[string]Values, error) {
	s, err := newSession(Target{URL: "http://127.0.0.1", Document: document})
	if err != nil {
		return nil, err
	}
	all := map[string]Values{}
	o := s.operations[0]
	for _, p := range s.parametersOf(o) {
		v := Values{map[string][]string{}, map[string][]string{}}
		for _, one := range s.values(o, p) {
			v.Valid[one.class] = one.texts
		}
		for _, one := range (&probe{session: s, op: o}).invalid(p) {
			v.Invalid[one.class] = one.texts
		}
		all[p.name] = v
	}
	return all, nil
}

// Matching is for tests of patterns.
var Matching = matching

// RetryAfter is for tests of the header.
var RetryAfter = retryAfter

// Altered lists the forms in which a key is tried that must not open anything.
func Altered(key string) []string {
	p := &probe{session: &session{target: Target{Key: key}}}
	var names []string
	for _, one := range p.altered() {
		names = append(names, one.label)
	}
	return names
}

// IDsOfItems lists what is taken for the ids of items after an answer.
func IDsOfItems(answer string) []string {
	p := newPool()
	p.learn(&contract.Operation{Path: "/things"}, []byte(answer))
	return p.from["/things"]["id"]
}

// ValuesOfPath lists what is tried as a path parameter after the answers of paths.
func ValuesOfPath(path, name string, answers map[string]string) []string {
	p, texts := newPool(), []string{}
	for from, answer := range answers {
		p.learn(&contract.Operation{Path: from}, []byte(answer))
	}
	for _, v := range p.known(&contract.Operation{Path: path}, &parameter{in: pathPlace, name: name}) {
		texts = append(texts, v.texts...)
	}
	return texts
}
