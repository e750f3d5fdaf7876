package seed

import (
	"slices"

	"github.com/google/uuid"

	"github.com/digakit/digakit/mockserver/project"
)

// members reads the members of a project.
func (v value) members(projectID uuid.UUID) ([]project.Member, bool) {
	items, ok := v.items()
	if !ok {
		return nil, false
	}
	if v.p.memberCount += len(items); v.p.memberCount > maxMembers {
		v.mistake("the file names more than %d members", maxMembers)
		v.p.more = true
		return nil, false
	}
	members := make([]project.Member, 0, len(items))
	names, ids := make(map[string]string), make(map[uuid.UUID]string)
	for _, item := range items {
		if m, ok := item.member(projectID, names, ids); ok {
			members = append(members, m)
		}
	}
	if len(members) < len(items) {
		return nil, false // of the wrong ones no more than that is known
	}
	if len(members) > 0 && !slices.ContainsFunc(members, func(m project.Member) bool { return m.Role == project.Administrator }) {
		v.mistake("no member is an administrator, and only administrators create keys; give one of them role: administrator")
		return nil, false
	}
	return members, true
}

// member reads one member. Its name is unique in the project, because keys name
// their creator by it; its id too, but another project may have the same person.
func (v value) member(projectID uuid.UUID, names map[string]string, ids map[uuid.UUID]string) (m project.Member, ok bool) {
	fields, ok := v.fields("name", "id", "role")
	if !ok {
		return m, false
	}
	name, given := fields["name"]
	if !given {
		v.mistake("there is no field name; every member needs one")
		return m, false
	}
	if m.Name, ok = name.name(); !ok || !unique(name, names, "name", m.Name) {
		return m, false
	}
	m.ID = madeUp(projectID, "seed/member/%s", m.Name)
	where := name
	if id, given := fields["id"]; given {
		if m.ID, ok = id.id(); !ok {
			return m, false
		}
		where = id
	}
	if !unique(where, ids, "id", m.ID) {
		return m, false
	}
	m.Role = project.PlainMember
	if role, given := fields["role"]; given {
		m.Role, ok = role.role()
	}
	return m, ok
}
