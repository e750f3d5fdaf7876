package seed

import (
	"encoding/json"
	"slices"

	"github.com/google/uuid"

	"github.com/digakit/digakit/mockserver/fault"
	"github.com/digakit/digakit/mockserver/project"
)

// Project is a project of a seed file.
type Project struct {
	project.Snapshot
	Faults []fault.Spec // in the order they are tried; nil: none
}

// Snapshots returns the projects without their faults, as [project.Store.Replace]
// takes them.
func Snapshots(projects []Project) []project.Snapshot {
	snapshots := make([]project.Snapshot, len(projects))
	for i, p := range projects {
		snapshots[i] = p.Snapshot
	}
	return snapshots
}

// entry is a project as the file has it.
type entry struct {
	Name, ID string
	Members  []memberEntry
	Keys     []keyEntry
	Faults   []json.RawMessage
}

type memberEntry struct {
	Name, ID string
	Role     project.Role
}

// project makes the project at a pointer. It is right only if there is no mistake.
func (p *parser) project(at string, e entry) Project {
	var where string
	made := Project{Snapshot: project.Snapshot{Name: e.Name, Members: []project.Member{}}}
	made.ID, where = p.id(e.ID, at, madeUp(seedSpace, "project/%s", e.Name))
	if p.once("name", "", e.Name, at+"/name") {
		p.once("id", "", made.ID.String(), where)
	}
	made.Members = p.members(at+"/members", e.Members, made.ID)
	made.Keys = p.keys(at+"/keys", e.Keys, made.Snapshot)
	made.Created = uint64(len(made.Keys))
	made.Faults = p.faults(at+"/faults", e.Faults)
	return made
}

// members makes the members of a project. Names are unique in it, because keys name
// their creator by them; ids too, but another project may have the same person. A
// project that names none has one who created its keys: only administrators can
// (Diga's docs).
func (p *parser) members(at string, entries []memberEntry, projectID uuid.UUID) []project.Member {
	if len(entries) == 0 {
		return []project.Member{{ID: madeUp(projectID, "seed/administrator"), Name: "Administrator", Role: project.Administrator}}
	}
	members := make([]project.Member, len(entries))
	for i, e := range entries {
		here := item(at, i)
		id, where := p.id(e.ID, here, madeUp(projectID, "seed/member/%s", e.Name))
		if e.Role == "" {
			e.Role = project.PlainMember
		}
		members[i] = project.Member{ID: id, Name: e.Name, Role: e.Role}
		if p.once("name", at, e.Name, here+"/name") {
			p.once("id", at, id.String(), where)
		}
	}
	if firstAdministrator(members) == uuid.Nil && !p.broken[at] {
		p.wrong(at, "no member is an administrator, and only administrators create keys; give one of them role: administrator")
	}
	return members
}

// firstAdministrator returns the first administrator of members; the nil UUID when
// none is.
func firstAdministrator(members []project.Member) uuid.UUID {
	i := slices.IndexFunc(members, func(m project.Member) bool { return m.Role == project.Administrator })
	if i < 0 {
		return uuid.Nil
	}
	return members[i].ID
}
