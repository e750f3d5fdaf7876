package seed

import (
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

// project reads one project. It is right only if ok and no mistake was noted.
func (v value) project() (p Project, ok bool) {
	fields, ok := v.fields("name", "id", "members", "keys", "faults")
	if !ok {
		return p, false
	}
	if list, given := fields["faults"]; given {
		p.Faults = list.faults()
	}
	p.Snapshot, ok = v.snapshot(fields)
	return p, ok
}

// snapshot reads what a project has besides faults.
func (v value) snapshot(fields map[string]value) (snap project.Snapshot, ok bool) {
	name, given := fields["name"]
	if !given {
		v.mistake("there is no field name; every project needs one")
		return snap, false
	}
	if snap.Name, ok = name.projectName(); !ok || !unique(name, v.p.names, "name", snap.Name) {
		return snap, false
	}
	where := name
	snap.ID = madeUp(seedSpace, "project/%s", snap.Name)
	if id, given := fields["id"]; given {
		if snap.ID, ok = id.id(); !ok {
			return snap, false
		}
		where = id
	}
	if !unique(where, v.p.projects, "id", snap.ID) {
		return snap, false
	}
	var list value
	if list, given = fields["members"]; given {
		if snap.Members, ok = list.members(snap.ID); !ok {
			return snap, false
		}
	}
	if len(snap.Members) == 0 {
		snap.Members = []project.Member{administratorOf(snap.ID)}
	}
	snap.Keys = []project.KeySnapshot{}
	if list, given = fields["keys"]; given {
		if snap.Keys, ok = list.keys(&snap); !ok {
			return snap, false
		}
	}
	snap.Created = uint64(len(snap.Keys))
	return snap, true
}

// administratorOf makes up the only member of a project that names none: there
// must be one who created its keys (only administrators can, Diga's docs).
func administratorOf(projectID uuid.UUID) project.Member {
	return project.Member{ID: madeUp(projectID, "seed/administrator"), Name: "Administrator", Role: project.Administrator}
}

// firstAdministrator returns the first administrator of members, of whom at
// least one is.
func firstAdministrator(members []project.Member) uuid.UUID {
	i := slices.IndexFunc(members, func(m project.Member) bool { return m.Role == project.Administrator })
	return members[i].ID
}
