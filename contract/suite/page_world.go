package suite

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/digakit/digakit/contract"
)

// lists is what the checks of paging remember through a session.
type lists struct {
	known   map[*contract.Operation]*listing
	worlds  map[*contract.Operation][]*world
	secrets []string // of keys the lab made
	cleanup []func(context.Context) error
}

// world is a list of items to page through: the target's own, or one that the
// lab made, each with the credential that sees it. It remembers what was seen,
// so that checks share it.
type world struct {
	session   *session
	operation *contract.Operation
	list      *listing
	name      string // before the name of each case; empty for the target's own
	auth      credential
	project   string // of the lab; empty: the target's own

	known  known
	bases  map[string]*walk // by order
	survey *survey
	local  map[string]*local
	sizes  map[int]*sizes

	restless int // cases given up because the data changed all the time
}

// local is what a check that looks at every page has seen so far.
type local struct {
	passed int
	flaws  []*flaw
}

// flaw is a case that went wrong.
type flaw struct {
	name       string // of the case; empty: as the check calls it
	answer     *answer
	text       string
	certain    bool   // no change of data explains it
	assumption string // the assumption it rests on, when the check itself rests on none
}

func (f *flaw) Error() string { return f.text }

// flawed makes a flaw that a page shows.
func flawed(pg *page, format string, args ...any) *flaw {
	f := &flaw{text: fmt.Sprintf(format, args...)}
	if pg != nil {
		f.answer = pg.answer()
	}
	return f
}

// beyondChange says that no change of data explains the flaw.
func (f *flaw) beyondChange() *flaw {
	f.certain = true
	return f
}

// open is a case that cannot be tried here, and why.
type open struct{ reason string }

func (o *open) Error() string { return o.reason }

func cannot(format string, args ...any) error { return &open{fmt.Sprintf(format, args...)} }

// refusal is a request the server refused.
type refusal struct{ page *page }

func (r *refusal) Error() string {
	return fmt.Sprintf("answered %d; the request is one the document allows", r.page.status)
}

// errNoMore ends a check on a world once it has failed often enough.
var errNoMore = errors.New("suite: failed often enough")

// fetch asks for a page. The error is a *refusal, an *open when the answer
// cannot be read (which another check reports), or one that ends the run.
func (w *world) fetch(ctx context.Context, q ask) (*page, error) {
	pg, _, err := w.fetchBody(ctx, q)
	return pg, err
}

// fetchBody is fetch with the body.
func (w *world) fetchBody(ctx context.Context, q ask) (*page, []byte, error) {
	a, err := w.session.send(ctx, w.operation, call{query: q.query(), auth: w.auth})
	if err != nil {
		return nil, nil, err
	}
	pg := &page{asked: q, request: a.request, status: a.status}
	switch {
	case a.broken != "":
		return pg, nil, cannot("an answer broke off")
	case a.refused():
		return pg, nil, &refusal{pg}
	case !a.ok() || a.status == http.StatusNoContent:
		return pg, nil, cannot("an answer was not as documented")
	}
	w.decode(pg, a.body)
	w.judgePage(pg)
	return pg, a.body, nil
}

// judgePage judges what every page shows by itself.
func (w *world) judgePage(pg *page) {
	w.judgeLimit(pg)
	w.judgeBounds(pg)
	w.judgeCurrent(pg)
	w.judgeDates(pg)
	w.judgeFields(pg)
	w.judgeKeys(pg)
}

// maxFlaws is how many findings of one check on one world are kept.
const maxFlaws = 3

// told counts a case of a check that looks at every page: f, or nil when it went
// well.
func (w *world) told(id string, f *flaw) {
	l := w.local[id]
	if l == nil {
		l = &local{}
		w.local[id] = l
	}
	switch {
	case f == nil:
		l.passed++
	case len(l.flaws) < maxFlaws && !slices.ContainsFunc(l.flaws, func(o *flaw) bool { return o.name == f.name }):
		l.flaws = append(l.flaws, f)
	}
}

// headLooks is how often the newest item is looked at, at once, to see whether
// something comes and goes.
const headLooks = 3

// changed tells whether items came or went since the base was walked. It then
// forgets what it knew.
func (w *world) changed(ctx context.Context) (bool, error) {
	old, err := w.base(ctx, w.list.main())
	if err != nil {
		return false, err
	}
	differs := false
	for range headLooks {
		q := ask{order: w.list.main()}
		if w.list.limit {
			q.limit = max(w.list.minLimit, 1)
		}
		head, err := w.fetch(ctx, q)
		if err != nil {
			return false, err
		}
		for _, i := range head.items {
			number, seen := w.known.find(i.id)
			differs = differs || !seen || !old.seen.has(number)
		}
	}
	fresh, err := w.walk(ctx, baseWay(w.list), old.order, w.list.largest())
	if err != nil {
		return false, err
	}
	for _, b := range w.bases {
		differs = differs || !fresh.seen.equal(b.seen)
	}
	if differs {
		w.bases, w.survey = map[string]*walk{fresh.order: fresh}, nil
	}
	return differs, nil
}

// base is the whole list in an order, walked once.
func (w *world) base(ctx context.Context, order string) (*walk, error) {
	if b := w.bases[order]; b != nil {
		return b, nil
	}
	if main := w.list.main(); order != main { // what others are compared with comes first
		if _, err := w.base(ctx, main); err != nil {
			return nil, err
		}
	}
	b, err := w.walk(ctx, baseWay(w.list), order, w.list.largest())
	if err != nil {
		return nil, err
	}
	w.bases[order] = b
	return b, nil
}

// whole is base, or an *open when it could not be walked to its end.
func (w *world) whole(ctx context.Context, order string) (*walk, error) {
	b, err := w.base(ctx, order)
	if err == nil && b.stopped != "" {
		return nil, cannot("%s", b.stopped)
	}
	return b, err
}
