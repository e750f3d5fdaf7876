package project

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
	permissions []gen.Permission
}

// resources are the 19 resources of the console in its order, with the
// permissions of each: view first (assumed from the names in Diga's spec). The
// permissions on companies, logs and workflows belong to none of them.
var resources = []resource{
	{"Calls", []gen.Permission{"calls.view", "calls.create", "calls.update", "calls.delete"}},
	{"Messages", []gen.Permission{"messages.view"}},
	{"Transcriptions", []gen.Permission{"transcriptions.view"}},
	{"Recordings", []gen.Permission{"recordings.view"}},
	{"Agents", []gen.Permission{
		"agents.view", "agents.create", "agents.update", "agents.delete",
	}},
	{"Conversational paths", []gen.Permission{
		"conversational_paths.view", "conversational_paths.create",
		"conversational_paths.update", "conversational_paths.delete",
	}},
	{"Knowledge bases", []gen.Permission{
		"knowledge_bases.view", "knowledge_bases.create",
		"knowledge_bases.update", "knowledge_bases.delete",
	}},
	{"Tools", []gen.Permission{"tools.view", "tools.create", "tools.update", "tools.delete"}},
	{"Voices", []gen.Permission{"voices.view"}},
	{"Integrations", []gen.Permission{
		"integrations.view", "integrations.create",
		"integrations.update", "integrations.delete",
	}},
	{"Webhooks", []gen.Permission{
		"webhooks.view", "webhooks.create", "webhooks.update", "webhooks.delete",
	}},
	{"Contacts", []gen.Permission{"contacts.view", "contacts.delete"}},
	{"Statistics", []gen.Permission{"stats.view"}},
	{"Verifications", []gen.Permission{"verifications.view", "verifications.create"}},
	{"Phones", []gen.Permission{
		"phones.view", "phones.purchase", "phones.import",
		"phones.update", "phones.delete",
	}},
	{"Members", []gen.Permission{
		"members.view", "members.create", "members.update", "members.delete",
	}},
	{"Billing", []gen.Permission{"billing.view", "billing.update"}},
	{"API Keys", []gen.Permission{
		"api_keys.view", "api_keys.create", "api_keys.update", "api_keys.delete",
	}},
	{"Notifications", []gen.Permission{"notifications.view", "notifications.update"}},
}

func init() {
	for i := range resources {
		resources[i].permissions = documented(resources[i].permissions)
	}
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
func (a Access) Permissions() ([]gen.Permission, error) {
	given := []gen.Permission{}
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
			return nil, fmt.Errorf("project: resource %q has no level %q; choose %q, %q or %q", r.name, level, NoAccess, Read, Write)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(a)) {
		if !slices.Contains(Resources(), name) {
			return nil, fmt.Errorf("project: there is no resource %q; the resources are %s", name, strings.Join(Resources(), ", "))
		}
	}
	return given, nil
}

// Over returns permissions with those of a's resources in the place of what was there
// of them. It needs levels and resources that [Access.Permissions] takes.
func (a Access) Over(permissions []gen.Permission) []gen.Permission {
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
func AccessOf(permissions []gen.Permission) (a Access, others []gen.Permission) {
	a = make(Access, len(resources))
	belongs := map[gen.Permission]bool{}
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
