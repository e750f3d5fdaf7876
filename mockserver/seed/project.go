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
	// Collections are items by the name of their collection, each with the properties
	// that the file gives: see [engine.Engine.Fill].
	Collections map[string][]map[string]any
}

// Snapshots returns the projects without their faults and items, as
// [project.Store.Replace] takes them.
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
	Members  []struct {
		Name, ID string
		Role     project.Role
	}
	Keys        []keyEntry
	Faults      []json.RawMessage
	Collections map[string]json.RawMessage
}

// project makes the project at a pointer. It is right only if there is no mistake.
func (p *parser) project(at string, e entry) Project {
	var made Project
	var where string
	made.Name = e.Name
	made.ID, where = p.id(e.ID, at, madeUp(seedSpace, "project/%s", e.Name))
	if e.Name != "" && p.once("name", [1]string{e.Name}, at+"/name") {
		p.once("id", [1]uuid.UUID{made.ID}, where)
	}
	made.Members = p.members(at+"/members", e, made.ID)
	made.Keys = p.keys(at+"/keys", e.Keys, made.Snapshot)
	made.Created = uint64(len(made.Keys))
	made.Faults = p.faults(at+"/faults", e.Faults)
	made.Collections = p.collections(at+"/collections", e.Collections)
	return made
}

// members makes the members of a project. Names are unique in it, because keys name
// their creator by them; ids too, but another project may have the same person. A
// project that names none has one who created its keys: only administrators can
// (Diga's docs).
func (p *parser) members(at string, e entry, projectID uuid.UUID) (members []project.Member) {
	if len(e.Members) == 0 {
		return []project.Member{{ID: madeUp(projectID, "seed/administrator"), Name: "Administrator", Role: project.Administrator}}
	}
	for i, m := range e.Members {
		if m.Role == "" {
			m.Role = project.PlainMember
		}
		id, where := p.id(m.ID, item(at, i), madeUp(projectID, "seed/member/%s", m.Name))
		members = append(members, project.Member{ID: id, Name: m.Name, Role: m.Role})
		if m.Name != "" && p.once("name", [2]string{at, m.Name}, item(at, i)+"/name") {
			p.once("id", [2]string{at, string(id[:])}, where)
		}
	}
	if !slices.ContainsFunc(members, isAdministrator) && !p.broken[at] {
		p.wrong(at, "no member is an administrator, and only administrators create keys", "give one of them role: administrator")
	}
	return members
}

func isAdministrator(m project.Member) bool { return m.Role == project.Administrator }
