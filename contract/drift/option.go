package drift

import (
	"errors"
	"fmt"

	"github.com/digakit/digakit/contract/report"
)

// Option changes how Compare compares.
type Option func(*options)

type options struct {
	base, revision    string
	partial, baseOnly bool
	severities        map[string]report.Severity
	err               error
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

// BaseOnly leaves out what the revision has in addition, such as an operation or
// an optional property, and notes how many such findings there were. An addition
// that breaks what base has, such as a required parameter, is an error and stays.
// Default: all is told.
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
