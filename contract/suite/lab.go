package suite

import (
	"context"
	"errors"
	"fmt"

	"github.com/digakit/digakit/contract"
)

// listsOf returns the lists to page through: the target's own, and with a lab
// some of known sizes.
func (s *session) listsOf(ctx context.Context, o *contract.Operation) ([]*probe, error) {
	if lists := s.lists[o]; lists != nil {
		return lists, nil
	}
	lists := []*probe{s.newList(o)}
	if s.labFor(o) {
		for _, n := range s.listingOf(o).labSizes() {
			p, err := s.labList(ctx, o, n)
			if err != nil {
				return nil, err
			}
			p.name = fmt.Sprintf("a project of %d: ", n)
			lists = append(lists, p)
		}
	}
	s.lists[o] = lists
	return lists, nil
}

func (s *session) newList(o *contract.Operation) *probe {
	return &probe{session: s, op: o, list: s.listingOf(o), known: newKnown(), bases: map[string]*walk{}, seen: map[string]*seen{}, sizes: map[int]*sizes{}}
}

// labSizes are the sizes next to which paging goes wrong.
func (l *listing) labSizes() []int {
	if n := l.defaultLimit; n > 3 && n <= 1000 {
		return []int{1, 3, n, n + 1, 2*n + 1}
	}
	return []int{1, 3, 10, 11, 21}
}

// labFor tells whether the lab can change what an operation lists.
func (s *session) labFor(o *contract.Operation) bool {
	l := s.listingOf(o)
	return s.target.Lab != nil && len(o.Security) > 0 && l != nil && l.keys()
}

// labList has the lab make a project. It goes when the session ends.
func (s *session) labList(ctx context.Context, o *contract.Operation, keys int) (*probe, error) {
	project, secret, err := s.target.Lab.CreateProject(ctx, keys)
	if err != nil {
		return nil, fmt.Errorf("suite: the lab made no project: %w", err)
	}
	s.secrets = append(s.secrets, secret)
	s.projects = append(s.projects, project)
	p := s.newList(o)
	p.project, p.auth = project, credential{kind: otherKey, secret: secret}
	return p, nil
}

// clean removes what the lab made.
func (s *session) clean(ctx context.Context) error {
	var errs []error
	for _, project := range s.projects {
		errs = append(errs, s.target.Lab.DeleteProject(ctx, project))
	}
	s.projects = nil
	return errors.Join(errs...)
}

// inLab is a check of operations that list keys and have what want asks for, in a
// project of its own with so many keys.
func inLab(want func(*listing) bool, keys int, run func(context.Context, *probe) error) work {
	return work{
		applies: func(s *session, o *contract.Operation) bool { return s.labFor(o) && want(s.listingOf(o)) },
		run: func(ctx context.Context, p *probe) error {
			own, err := p.labList(ctx, p.op, keys)
			if err != nil {
				return err
			}
			own.check = p.check
			return own.run(ctx, run)
		},
	}
}

// create makes a key in the project.
func (p *probe) create(ctx context.Context, name string, permissions []string) (id, secret string, err error) {
	id, secret, err = p.target.Lab.CreateKey(ctx, p.project, name, permissions)
	if err != nil {
		return "", "", fmt.Errorf("suite: the lab made no key: %w", err)
	}
	p.secrets = append(p.secrets, secret)
	return id, secret, nil
}

// remove deletes a key of the project.
func (p *probe) remove(ctx context.Context, id string) error {
	if err := p.target.Lab.DeleteKey(ctx, p.project, id); err != nil {
		return fmt.Errorf("suite: the lab deleted no key: %w", err)
	}
	return nil
}

// with asks with another key.
func (p *probe) with(ctx context.Context, secret string) (*answer, error) {
	return p.call(ctx, call{auth: credential{kind: otherKey, secret: secret}})
}
