// Package drift compares two OpenAPI documents and says what somebody who
// ships a client will notice.
//
// Both documents are put into normal form first ([spec.Document.Normalise]), so
// that what means the same compares equal. What then differs becomes findings:
// one for each change, at the place where it stands, however many operations
// reach that place. [Rules] is the table of what can be found. Schemas are
// compared by what they admit, as they are sent: a readOnly property is not
// looked at in a request, nor a writeOnly one in an answer.
//
// Nothing differs in silence: what no rule names is told as other-changed.
package drift

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/digakit/digakit/contract/coverage"
	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/spec"
)

// Option changes how Compare compares.
type Option func(*options)

type options struct {
	base, revision               string
	partial, baseOnly, takenOver bool
	severities                   map[string]report.Severity
	usage                        *coverage.Report
	err                          error
}

// Names says what the report calls the two documents: file names or URLs. The
// default is "base" and "revision".
func Names(base, revision string) Option {
	return func(o *options) { o.base, o.revision = base, revision }
}

// Partial says that the revision is part of a document, such as a page of the
// docs: what it leaves out is not taken for removed. Compared are the
// operations it shows and the components these reach. Default: the whole.
func Partial() Option { return func(o *options) { o.partial = true } }

// TakenOver says that code has been generated from the revision: remedies do not advise it.
func TakenOver() Option { return func(o *options) { o.takenOver = true } }

// BaseOnly leaves out what the revision has in addition, and notes how many such
// findings there were. An addition that breaks what base has, such as a required
// parameter, is an error and stays. Default: all is told.
func BaseOnly() Option { return func(o *options) { o.baseOnly = true } }

// Severities replaces the severity of rules, by id; report.None switches a rule
// off. A later one adds to an earlier one. An unknown id is an error.
func Severities(of map[string]report.Severity) Option {
	return func(o *options) {
		for id, severity := range of {
			if _, ok := ruleSet()[id]; !ok {
				o.err = errors.Join(o.err, fmt.Errorf("drift: there is no rule %q%s", id, suggestion(id)))
			}
			if _, err := report.ParseSeverity(string(severity)); err != nil {
				o.err = errors.Join(o.err, fmt.Errorf("drift: rule %s: %w", id, err))
			}
			o.severities[id] = severity
		}
	}
}

// Compare compares a document with a later one of the same API. The report, of
// the tool "drift", has a finding for each change, and counts the operations
// that have none as passed cases of the check "unchanged". Neither document is
// changed. It fails on a wrong option and when ctx ends.
func Compare(ctx context.Context, base, revision *spec.Document, opts ...Option) (*report.Report, error) {
	o := &options{base: "base", revision: "revision", severities: map[string]report.Severity{}}
	for _, opt := range opts {
		opt(o)
	}
	if o.err != nil {
		return nil, o.err
	}
	c := &comparison{values: spec.Equality{Admits: true}, partial: o.partial, pairs: map[pairKey]*pair{}, byKey: map[changeKey]*change{}}
	schemas, _ := revision.Lookup("/components/schemas")
	c.kept, _ = schemas.(map[string]any)
	a, b := base.Normalise(), revision.Normalise()
	calls, err := usageOf(o.usage, a)
	if err != nil {
		return nil, err
	}
	c.within(&pair{}, func() {
		c.document(a, b)
		if !c.partial {
			c.told(a, b)
		}
	})
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("drift: %w", err)
	}
	c.unsent()
	c.attribute()

	r := report.New("drift")
	r.Base, r.Revision = o.base, o.revision
	leftOut := 0
	for _, ch := range c.changes {
		rule, ok := ruleSet()[ch.rule]
		if !ok {
			return nil, fmt.Errorf("drift: there is no rule %q for: %s", ch.rule, ch.message)
		}
		if o.baseOnly && rule.addition() {
			leftOut++
			continue
		}
		rule.Severity = cmp.Or(o.severities[ch.rule], rule.Severity)
		if rule.Severity != report.None {
			if o.takenOver {
				rule.Remedy = withoutTakingOver.Replace(rule.Remedy)
			}
			f := ch.finding(rule)
			f.Base, f.Revision = locate(base, o.base, ch.base), locate(revision, o.revision, ch.revision)
			f.Usage = calls.of(ch, rule.Severity)
			r.Add(f)
		}
	}
	for _, s := range c.unchanged {
		r.Pass("unchanged", s.operation, 1)
	}
	if r.Empty() {
		r.Pass("unchanged", "", 1) // documents without operations
	}
	if o.partial {
		r.Note("the revision is part of a document: compared are the operations it shows and the components these reach, not what it leaves out")
	}
	r.Note("compared: the two documents")
	r.Note("not compared: the generated code with its document (`make check`), a server (`digakit verify`), recorded traffic (`digakit verify --har`)")
	if calls != nil {
		r.Note("calls are those the coverage recorded: what was sent and received; whether the caller reads what it receives is not seen")
	}
	if leftOut > 0 {
		r.Note(fmt.Sprintf("left out, as only the revision has it: %d additions that break nothing", leftOut))
	}
	r.Finish()
	return r, nil
}

// finding names an operation or response where the change concerns it alone.
func (ch *change) finding(rule Rule) report.Finding {
	f := report.Finding{
		Check: rule.ID, Severity: rule.Severity, Basis: report.Documented,
		Pointer: ch.pointer, Keyword: ch.keyword, Case: ch.detail,
		Message: ch.message, Explanation: rule.Meaning, HowToFix: rule.Remedy,
	}
	switch u := ch.uses; {
	case u.operations == 1:
		f.Operation, f.Method, f.Path, f.Status = u.scope.operation, u.scope.method, u.scope.path, u.scope.status
	case u.operations > 1:
		names := strings.Join(u.names, ", ")
		if u.operations > len(u.names) {
			names += " and others"
		}
		f.Message += fmt.Sprintf(" (in %d operations: %s)", u.operations, names)
	}
	return f
}

// locate finds the line of a pointer, or of what is around it: the lift from 3.0
// makes keywords that no line says.
func locate(d *spec.Document, source, pointer string) *report.Location {
	at, ok := d.Position(pointer)
	for ; !ok; at, ok = d.Position(pointer) {
		if pointer == "" {
			return nil
		}
		pointer = spec.Parent(pointer)
	}
	return &report.Location{Source: cmp.Or(at.Source, source), Line: at.Line, Column: at.Column}
}
