package store

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
func (p *Project) Members() (members []Member) {
	p.View(func() { members = slices.Clone(p.members) })
	return members
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

// SetMembers puts members in the place of those that there are. The error is [ErrGone].
func (p *Project) SetMembers(members []Member) error {
	return p.change(func() error {
		p.members, p.joined = slices.Clone(members), max(p.joined, len(members))
		return nil
	})
}

// AddMember adds a member. The errors are [ErrGone], [ErrTooMany], or tell what
// is wrong with an argument.
func (p *Project) AddMember(name string, role Role) (m Member, err error) {
	if err := checkName("member", name); err != nil {
		return Member{}, err
	}
	if role != Administrator && role != PlainMember {
		return Member{}, fmt.Errorf("store: there is no role %q; choose %s or %s", role, Administrator, PlainMember)
	}
	err = p.change(func() error {
		if len(p.members) >= MaxMembers {
			return fmt.Errorf("%w members: a project has at most %d", ErrTooMany, MaxMembers)
		}
		m = Member{ID: uuid.NewSHA1(p.id, fmt.Appendf(nil, "member/%d", max(p.joined, len(p.members)))), Name: name, Role: role}
		p.members = append(p.members, m)
		p.joined = max(p.joined+1, len(p.members))
		return nil
	})
	return m, err
}
