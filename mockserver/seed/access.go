package seed

import (
	"github.com/digakit/digakit/gen"
	"github.com/digakit/digakit/mockserver/project"
)

// access reads the levels of a restricted key and returns the permissions they
// amount to.
func (v value) access() ([]gen.Permission, bool) {
	if v.null() {
		v.mistake("this is empty; write {} for a key that may do nothing, or leave the line out for an unrestricted key")
		return nil, false
	}
	before := len(v.p.all)
	fields, ok := v.mapping("resource", project.Resources()...)
	if !ok {
		return nil, false
	}
	a := make(project.Access, len(fields))
	for name, level := range fields {
		a[name], _ = level.level()
	}
	if v.p.full() || len(v.p.all) > before {
		return nil, false
	}
	permissions, err := a.Permissions()
	if err != nil { // what else it could say has been said
		v.mistake("%v", err)
		return nil, false
	}
	return permissions, true
}

// level reads what a key may do with a resource.
func (v value) level() (project.Level, bool) {
	s, ok := v.text()
	if !ok {
		return "", false
	}
	names := make([]string, 0, 3)
	for _, l := range []project.Level{project.NoAccess, project.Read, project.Write} {
		if s == string(l) {
			return l, true
		}
		names = append(names, string(l))
	}
	v.mistake("there is no level %s; %s", shown(s), remedy(s, names, "the levels are "))
	return "", false
}
