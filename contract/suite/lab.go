package suite

import (
	"context"
	"errors"
	"fmt"

	"github.com/digakit/digakit/contract"
)

// worldsOf returns the lists to page through: the target's own, and with a lab
// some of known sizes.
func (s *session) worldsOf(ctx context.Context, o *contract.Operation) ([]*world, error) {
	if worlds := s.lists.worlds[o]; worlds != nil {
		return worlds, nil
	}
	l := s.listingOf(o)
	worlds := []*world{s.newWorld(o, "", credential{})}
	if s.target.Lab != nil && len(o.Security) > 0 && (l.lastFour || l.access) {
		for _, n := range l.labSizes() {
			w, err := s.labWorld(ctx, o, n)
			if err != nil {
				return nil, err
			}
			worlds = append(worlds, w)
		}
	}
	if s.lists.worlds == nil {
		s.lists.worlds = map[*contract.Operation][]*world{}
	}
	s.lists.worlds[o] = worlds
	return worlds, nil
}

func (s *session) newWorld(o *contract.Operation, name string, auth credential) *world {
	return &world{
		session: s, operation: o, list: s.listingOf(o), name: name, auth: auth,
		bases: map[string]*walk{}, local: map[string]*local{}, sizes: map[int]*sizes{},
	}
}

// labSizes are the sizes next to which paging goes wrong.
func (l *listing) labSizes() []int {
	if n := l.defaultLimit; n > 3 && n <= 1000 {
		return []int{1, 3, n, n + 1, 2*n + 1}
	}
	return []int{1, 3, 10, 11, 21}
}

// labWorld has the lab make a project. It goes when the session ends.
func (s *session) labWorld(ctx context.Context, o *contract.Operation, keys int) (*world, error) {
	project, secret, err := s.target.Lab.CreateProject(ctx, keys)
	if err != nil {
		return nil, fmt.Errorf("suite: the lab made no project: %w", err)
	}
	s.lists.secrets = append(s.lists.secrets, secret)
	s.lists.cleanup = append(s.lists.cleanup, func(ctx context.Context) error { return s.target.Lab.DeleteProject(ctx, project) })
	w := s.newWorld(o, fmt.Sprintf("a project of %d: ", keys), credential{kind: otherKey, secret: secret})
	w.project = project
	return w, nil
}

// clean removes what the lab made.
func (s *session) clean(ctx context.Context) error {
	var errs []error
	for _, f := range s.lists.cleanup {
		errs = append(errs, f(ctx))
	}
	s.lists.cleanup = nil
	return errors.Join(errs...)
}

// inLab is applies for checks that need a lab and an operation that lists keys.
func inLab(want func(*listing) bool) func(*session, *contract.Operation) bool {
	return func(s *session, o *contract.Operation) bool {
		return s.target.Lab != nil && len(o.Security) > 0 && pages(func(l *listing) bool { return l.walkable() && (l.lastFour || l.access) && want(l) })(s, o)
	}
}

// lab is a check in a project of its own.
type lab struct {
	*round
	keys int
}

// inProject is run for a check in a project of its own.
func inProject(keys int, f func(context.Context, *lab) error) func(context.Context, *probe) error {
	return func(ctx context.Context, p *probe) error {
		w, err := p.labWorld(ctx, p.op, keys)
		if err != nil {
			return err
		}
		w.name = ""
		failures := 0
		return (&round{p, w, &failures}).run(ctx, func(ctx context.Context, r *round) error { return f(ctx, &lab{r, keys}) })
	}
}

// create makes a key in the project.
func (l *lab) create(ctx context.Context, name string, permissions []string) (id, secret string, err error) {
	id, secret, err = l.probe.target.Lab.CreateKey(ctx, l.project, name, permissions)
	if err != nil {
		return "", "", fmt.Errorf("suite: the lab made no key: %w", err)
	}
	l.lists.secrets = append(l.lists.secrets, secret)
	return id, secret, nil
}

// remove deletes a key of the project.
func (l *lab) remove(ctx context.Context, id string) error {
	if err := l.probe.target.Lab.DeleteKey(ctx, l.project, id); err != nil {
		return fmt.Errorf("suite: the lab deleted no key: %w", err)
	}
	return nil
}

// with asks with another key.
func (l *lab) with(ctx context.Context, secret string) (*answer, error) {
	return l.send(ctx, l.probe.op, call{auth: credential{kind: otherKey, secret: secret}})
}

// settled reports a case that nobody but the lab can change.
func (l *lab) settled(name string, err error) error {
	if f := asFlaw(err); f != nil {
		l.blame(name, f)
		return nil
	}
	_, ended := l.settle(name, err)
	return ended
}
