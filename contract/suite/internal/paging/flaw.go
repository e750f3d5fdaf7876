package paging

import (
	"errors"
	"fmt"

	"github.com/digakit/digakit/contract/suite/internal/session"
)

// flaw is a case that went wrong.
type flaw struct {
	name       string // of the case; empty: as the check calls it
	answer     *session.Answer
	text       string
	certain    bool   // no change of data explains it
	refusal    bool   // a request that the document allows was refused
	assumption string // the assumption it rests on, when the check itself rests on none
}

func (f *flaw) Error() string { return f.text }

// flawed makes a flaw that an answer shows; nil when none does.
func flawed(a *session.Answer, format string, args ...any) *flaw {
	return &flaw{answer: a, text: fmt.Sprintf(format, args...)}
}

// beyondChange says that no change of data explains the flaw.
func (f *flaw) beyondChange() *flaw {
	f.certain = true
	return f
}

// under says which assumption the flaw rests on.
func (f *flaw) under(assumption string) *flaw {
	f.assumption = assumption
	return f
}

// open is a case that cannot be tried here, and why.
type open struct{ reason string }

func (o *open) Error() string { return o.reason }

func cannot(format string, args ...any) error { return &open{fmt.Sprintf(format, args...)} }

// ofCase tells whether an error is about a case, not about the check or the run.
func ofCase(err error) bool { return errors.As(err, new(*open)) || errors.As(err, new(*flaw)) }

// refused tells whether an error is a refusal.
func refused(err error) bool {
	f, is := errors.AsType[*flaw](err)
	return is && f.refusal
}

// asUnknown judges the answer to a cursor that names no item. Whether it is
// refused or has no items is open unless the target says.
func (p *pager) asUnknown(pg *page, err error) error {
	assumed := p.Assumed("unknown_cursor")
	switch {
	case refused(err) && assumed == "empty":
		return departs(pg, "unknown_cursor", "an empty list was to be seen")
	case refused(err):
		return nil
	case err != nil:
		return err
	case len(pg.items) > 0:
		return flawed(pg.Answer, "%d items for a cursor that names no item", len(pg.items)).beyondChange()
	case assumed == "reject":
		return departs(pg, "unknown_cursor", "a refusal (4xx) was to be seen")
	}
	return nil
}

// departs makes the flaw of an answer that is not as the target assumes.
func departs(pg *page, assumption, want string) *flaw {
	return flawed(pg.Answer, "answered %d; %s", pg.Status, want).beyondChange().under(assumption)
}
