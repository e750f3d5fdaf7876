package paging

import (
	"context"
	"fmt"

	"github.com/digakit/digakit/contract/suite/internal/call"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// listsOf returns the lists to page through: the target's own, and with a lab
// some of known sizes.
func listsOf(ctx context.Context, p *session.Probe, l *listing) ([]*pager, error) {
	if l.lists != nil {
		return l.lists, nil
	}
	lists := []*pager{newPager(p, l)}
	if l.lab {
		for _, n := range l.labSizes() {
			list, err := labList(ctx, p, l, n)
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

// labSizes are the sizes next to which paging goes wrong.
func (l *listing) labSizes() []int {
	if n := l.defaultLimit; n > 3 && n <= 1000 {
		return []int{1, 3, n, n + 1, 2*n + 1}
	}
	return []int{1, 3, 10, 11, 21}
}

// labList has the lab make a project. It goes when the session ends.
func labList(ctx context.Context, p *session.Probe, l *listing, keys int) (*pager, error) {
	project, secret, err := p.Target.Lab.CreateProject(ctx, keys)
	if err != nil {
		return nil, fmt.Errorf("suite: the lab made no project: %w", err)
	}
	p.Secrets = append(p.Secrets, secret)
	lab := p.Target.Lab
	p.Cleanup = append(p.Cleanup, func(ctx context.Context) error { return lab.DeleteProject(ctx, project) })
	list := newPager(p, l)
	list.project, list.Auth = project, call.Credential{Kind: call.OtherKey, Secret: secret}
	return list, nil
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
