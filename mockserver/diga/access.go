package diga

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/digakit/digakit/gen"
)

// Level is what a restricted key may do with a resource.
type Level string

// The levels of the console (Diga's docs), and what stands for permissions that
// no level gives.
const (
	NoAccess Level = "No access" // nothing
	Read     Level = "Read"      // the resource's view permission
	Write    Level = "Write"     // every permission of the resource, view included
	Custom   Level = "custom"    // something else; only ever shown, never asked for
)

// resource is what a level of access is given for.
type resource struct {
	name        string
	permissions []string
}

// resources are the 19 resources of the console in its order, with the permissions of
// each: view first (assumed from the names in Diga's spec). The permissions on companies,
// logs and workflows belong to none of them.
var resources = []resource{
	{"Calls", valid("calls", "view create update delete")},
	{"Messages", valid("messages", "view")},
	{"Transcriptions", valid("transcriptions", "view")},
	{"Recordings", valid("recordings", "view")},
	{"Agents", valid("agents", "view create update delete")},
	{"Conversational paths", valid("conversational_paths", "view create update delete")},
	{"Knowledge bases", valid("knowledge_bases", "view create update delete")},
	{"Tools", valid("tools", "view create update delete")},
	{"Voices", valid("voices", "view")},
	{"Integrations", valid("integrations", "view create update delete")},
	{"Webhooks", valid("webhooks", "view create update delete")},
	{"Contacts", valid("contacts", "view delete")},
	{"Statistics", valid("stats", "view")},
	{"Verifications", valid("verifications", "view create")},
	{"Phones", valid("phones", "view purchase import update delete")},
	{"Members", valid("members", "view create update delete")},
	{"Billing", valid("billing", "view update")},
	{"API Keys", valid("api_keys", "view create update delete")},
	{"Notifications", valid("notifications", "view update")},
}

// valid are permissions that a revision of the document has had, as far as gen's has them.
func valid(on, verbs string) (permissions []string) {
	for verb := range strings.FieldsSeq(verbs) {
		if p := on + "." + verb; gen.Permission(p).Valid() {
			permissions = append(permissions, p)
		}
	}
	return permissions
}

// Resources returns the names of the resources in the console's order.
func Resources() []string {
	names := make([]string, len(resources))
	for i, r := range resources {
		names[i] = r.name
	}
	return names
}

// Access is a level for each of some resources, by name. A resource left out is
// at [NoAccess].
type Access map[string]Level

// Permissions returns the permissions that a gives, never nil: a key with levels
// is a restricted key. The error names an unknown resource or level.
func (a Access) Permissions() ([]string, error) {
	given := []string{}
	for _, r := range resources {
		switch level := a[r.name]; level {
		case NoAccess, "":
		case Read:
			given = append(given, r.permissions[:min(1, len(r.permissions))]...)
		case Write:
			given = append(given, r.permissions...)
		case Custom:
			fallthrough
		default:
			return nil, fmt.Errorf("diga: resource %q has no level %q; choose %q, %q or %q", r.name, level, NoAccess, Read, Write)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(a)) {
		if !slices.Contains(Resources(), name) {
			return nil, fmt.Errorf("diga: there is no resource %q; the resources are %s", name, strings.Join(Resources(), ", "))
		}
	}
	return given, nil
}

// Over returns permissions with those of a's resources in the place of what was there
// of them. It needs levels and resources that [Access.Permissions] takes.
func (a Access) Over(permissions []string) []string {
	given, _ := a.Permissions()
	for _, p := range permissions {
		if !slices.ContainsFunc(resources, func(r resource) bool {
			_, named := a[r.name]
			return named && slices.Contains(r.permissions, p)
		}) {
			given = append(given, p)
		}
	}
	return given
}

// AccessOf returns the level of each of the 19 resources that permissions amount
// to: the lowest that gives exactly what is there of the resource, [Custom] when
// none does. The permissions that belong to no resource come in others.
func AccessOf(permissions []string) (a Access, others []string) {
	a = make(Access, len(resources))
	belongs := map[string]bool{}
	for _, r := range resources {
		held := 0
		for _, p := range r.permissions {
			belongs[p] = true
			if slices.Contains(permissions, p) {
				held++
			}
		}
		switch {
		case held == 0:
			a[r.name] = NoAccess
		case held == 1 && slices.Contains(permissions, r.permissions[0]):
			a[r.name] = Read
		case held == len(r.permissions):
			a[r.name] = Write
		default:
			a[r.name] = Custom
		}
	}
	for _, p := range permissions {
		if !belongs[p] {
			others = append(others, p)
		}
	}
	return a, others
}
