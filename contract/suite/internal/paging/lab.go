package paging

import (
	"context"
	"fmt"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/suite/internal/call"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// listsOf returns the lists to page through: the target's own, and with a lab
// some of known sizes.
func (r *room) listsOf(ctx context.Context, p *session.Probe) ([]*pager, error) {
	l := r.listingOf(p.Session, p.Op)
	if l.lists != nil {
		return l.lists, nil
	}
	lists := []*pager{r.newList(p)}
	if r.labFor(p.Session, p.Op) {
		for _, n := range l.labSizes() {
			list, err := r.labList(ctx, p, n)
			if err != nil {
				return nil, err
			}
			list.name = fmt.Sprintf("a project of %d: ", n)
			lists = append(lists, list)
		}
	}
	l.lists = lists
	return lists, nil
}

func (r *room) newList(p *session.Probe) *pager {
	return &pager{Probe: &session.Probe{Session: p.Session, Check: p.Check, Op: p.Op}, room: r, list: r.listingOf(p.Session, p.Op), known: known{numbers: map[[16]byte]uint32{}, texts: map[[16]byte]string{}}, bases: map[string]*walk{}, seen: map[string]*seen{}, sizes: map[int]*sizes{}}
}

// labSizes are the sizes next to which paging goes wrong.
func (l *listing) labSizes() []int {
	if n := l.defaultLimit; n > 3 && n <= 1000 {
		return []int{1, 3, n, n + 1, 2*n + 1}
	}
	return []int{1, 3, 10, 11, 21}
}

// labFor tells whether the lab can change what an operation lists.
func (r *room) labFor(s *session.Session, o *contract.Operation) bool {
	l := r.listingOf(s, o)
	return s.Target.Lab != nil && len(o.Security) > 0 && l != nil && (l.lastFour || l.access)
}

// labList has the lab make a project. It goes when the session ends.
func (r *room) labList(ctx context.Context, p *session.Probe, keys int) (*pager, error) {
	project, secret, err := p.Target.Lab.CreateProject(ctx, keys)
	if err != nil {
		return nil, fmt.Errorf("suite: the lab made no project: %w", err)
	}
	p.Secrets = append(p.Secrets, secret)
	lab := p.Target.Lab
	p.Cleanup = append(p.Cleanup, func(ctx context.Context) error { return lab.DeleteProject(ctx, project) })
	list := r.newList(p)
	list.project, list.Auth = project, call.Credential{Kind: call.OtherKey, Secret: secret}
	return list, nil
}

// inLab is a check of operations that list keys and have what want asks for, in a
// project of its own with so many keys.
func (r *room) inLab(want func(*listing) bool, keys int, run func(context.Context, *pager) error) session.Work {
	return session.Work{
		Applies: func(s *session.Session, o *contract.Operation) bool { return r.labFor(s, o) && want(r.listingOf(s, o)) },
		Run: func(ctx context.Context, p *session.Probe) error {
			r.failures = 0
			own, err := r.labList(ctx, p, keys)
			if err != nil {
				return err
			}
			own.Check = p.Check
			return own.run(ctx, run)
		},
	}
}

// create makes a key in the project.
func (p *pager) create(ctx context.Context, name string, permissions []string) (id, secret string, err error) {
	id, secret, err = p.Target.Lab.CreateKey(ctx, p.project, name, permissions)
	if err != nil {
		return "", "", fmt.Errorf("suite: the lab made no key: %w", err)
	}
	p.Secrets = append(p.Secrets, secret)
	return id, secret, nil
}

// remove deletes a key of the project.
func (p *pager) remove(ctx context.Context, id string) error {
	if err := p.Target.Lab.DeleteKey(ctx, p.project, id); err != nil {
		return fmt.Errorf("suite: the lab deleted no key: %w", err)
	}
	return nil
}

// with asks with another key.
func (p *pager) with(ctx context.Context, secret string) (*session.Answer, error) {
	return p.call(ctx, call.Call{Auth: call.Credential{Kind: call.OtherKey, Secret: secret}})
}
