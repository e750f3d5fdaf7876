package project

import (
	"fmt"
	"slices"

	"github.com/google/uuid"
)

// Role is what a member may do in the console.
type Role string

// The roles. Only administrators see, create and delete API keys (Diga's docs).
const (
	Administrator Role = "administrator"
	PlainMember   Role = "member"
)

// Member is a person who works on a project.
type Member struct {
	ID   uuid.UUID `json:"id"`
	Name string    `json:"name"`
	Role Role      `json:"role"`
}

// Members returns the project's members in the order they joined. The first is
// an administrator in projects made by [Store.CreateProject].
func (p *Project) Members() []Member {
	p.store.mu.RLock()
	defer p.store.mu.RUnlock()
	return slices.Clone(p.members)
}

// Member returns the member with the given id. The error is [ErrNoMember].
func (p *Project) Member(id uuid.UUID) (Member, error) {
	for _, m := range p.Members() {
		if m.ID == id {
			return m, nil
		}
	}
	return Member{}, ErrNoMember
}

// AddMember adds a member. The errors are [ErrGone], [ErrTooMany], or tell what
// is wrong with an argument.
func (p *Project) AddMember(name string, role Role) (Member, error) {
	if err := checkName("member", name); err != nil {
		return Member{}, err
	}
	if role != Administrator && role != PlainMember {
		return Member{}, fmt.Errorf("project: there is no role %q; choose %s or %s", role, Administrator, PlainMember)
	}
	p.store.mu.Lock()
	defer p.store.mu.Unlock()
	if p.store.projects[p.id] != p {
		return Member{}, ErrGone
	}
	if len(p.members) >= MaxMembers {
		return Member{}, fmt.Errorf("%w members: a project has at most %d", ErrTooMany, MaxMembers)
	}
	m := Member{ID: uuid.NewSHA1(p.id, fmt.Appendf(nil, "member/%d", len(p.members))), Name: name, Role: role}
	p.members = append(p.members, m)
	p.store.changedLocked()
	return m, nil
}
