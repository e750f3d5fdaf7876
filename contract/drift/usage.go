package drift

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/digakit/digakit/contract/coverage"
	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/spec"
)

// Usage says what a caller was seen to do with the base: coverage of its own
// tests. Findings then say how many of those calls they concern
// ([report.Finding.Usage]), and stand in that order among those as grave. What a
// body held was received or sent; whether the caller's code read it, no
// recording shows. Default: nothing is known of callers.
func Usage(seen *coverage.Report) Option {
	return func(o *options) { o.usage = seen }
}

// used looks operations of the recording up by method and path.
type used map[[2]string]*coverage.Operation

// usageOf fails on a recording that says nothing of the operations that base has.
func usageOf(seen *coverage.Report, base *spec.Node) (used, error) {
	if seen == nil {
		return nil, nil
	}
	u, called := used{}, false
	for i := range seen.Operations {
		o := &seen.Operations[i]
		if base.Member("paths").Member(o.Path).Member(strings.ToLower(o.Method)) != nil {
			u[[2]string{o.Method, o.Path}] = o
			called = called || o.Calls > 0
		}
	}
	if !called {
		return nil, errors.New("drift: the coverage holds no call of an operation that the base has: record it where the caller's tests run, with the base's document")
	}
	return u, nil
}

// of says how many of the recorded calls a change concerns; nil when it concerns
// no operation that was recorded.
func (u used) of(ch *change, severity report.Severity) *report.Usage {
	of := map[*coverage.Operation]int64{} // an operation and its responses may each reach the change
	for _, s := range ch.uses.scopes {
		if o := u[[2]string{s.method, s.path}]; o != nil {
			of[o] = min(of[o]+ch.concerns(o, s.status), o.Calls)
		}
	}
	if at := spec.Tokens(ch.base); len(ch.uses.scopes) == 0 && len(at) > 1 && at[0] == "paths" {
		for key, o := range u { // a path with all its operations
			if key[1] == at[1] {
				of[o] = o.Calls
			}
		}
	}
	var calls, concerned int64
	for o, n := range of {
		calls += o.Calls
		concerned += n
	}
	verb := "concerns "
	if severity == report.Error {
		verb = "breaks "
	}
	switch {
	case len(of) == 0:
		return nil
	case calls == 0:
		return &report.Usage{Message: "you never call this"}
	case concerned == 0:
		return &report.Usage{Message: fmt.Sprintf("%sno call you make: of %s, none sent or received this", verb, spec.Count(int(calls), "call"))}
	}
	message := verb + spec.Count(int(concerned), "call") + " you make"
	if strings.HasPrefix(ch.rule, "response-") && !strings.HasSuffix(ch.rule, "-property-added") {
		message += ", by what you received"
	}
	return &report.Usage{Calls: concerned, Message: message}
}

// concerns counts the calls of an operation, and of one status if it is given, in
// which the changed thing was sent or received; those without it, where the
// change is felt by leaving it out. What cannot be told counts.
func (ch *change) concerns(o *coverage.Operation, status int) int64 {
	calls, properties := o.Calls, o.Properties
	if status != 0 {
		calls, properties = 0, nil
		for _, s := range o.Statuses {
			if s.Name == strconv.Itoa(status) {
				calls, properties = s.Count, s.Properties
			}
		}
	}
	if in, name, ok := strings.Cut(ch.parameter, " "); ok {
		for _, p := range o.Parameters {
			switch given := p.In == in && p.Name == name; {
			case given && (strings.Contains(ch.rule, "-default-value-") || strings.HasSuffix(ch.rule, "-became-required")):
				return o.Calls - p.Count
			case given:
				return p.Count
			}
		}
		return calls
	}
	path, _ := schemaPath(spec.Tokens(ch.base))
	path = strings.TrimPrefix(strings.ReplaceAll(path, "{*}", ".*"), ".")
	switch {
	case path == "", o.Bounded, !strings.Contains(ch.rule, "-property-"), strings.HasSuffix(ch.rule, "-became-required"),
		status == 0 && strings.HasPrefix(ch.rule, "response-"), // 4XX and default
		strings.Contains(ch.base, "/callbacks/"):
		return calls
	}
	for _, p := range properties {
		// A component stands anywhere in the body: the end of the path is compared.
		if p.Count > 0 && (p.Name == path || strings.HasSuffix(p.Name, "."+path) || path[0] == '[' && strings.HasSuffix(p.Name, path)) {
			return calls
		}
	}
	return 0
}
