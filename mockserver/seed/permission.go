package seed

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/digakit/digakit/gen"
)

// permissions reads the permissions of a restricted key.
func (v value) permissions() ([]gen.Permission, bool) {
	if v.null() {
		v.mistake("this is empty; write [] for a key that may do nothing, or leave the line out for an unrestricted key")
		return nil, false
	}
	items, ok := v.items()
	if !ok {
		return nil, false
	}
	permissions := make([]gen.Permission, 0, len(items))
	for _, item := range items {
		if v.p.full() {
			return nil, false
		}
		s, right := item.text()
		if !right {
			ok = false
			continue
		}
		p := gen.Permission(s)
		switch {
		case !p.Valid():
			item.mistake("there is no permission %s; %s", shown(s), permissionRemedy(s))
			ok = false
		case slices.Contains(permissions, p):
			item.mistake("the permission %q is given twice; keep one", s)
			ok = false
		default:
			permissions = append(permissions, p)
		}
	}
	return permissions, ok
}

// permissionRemedy suggests a permission, one of the same resource, or where to
// find them all.
func permissionRemedy(s string) string {
	const all = "the permissions are those of Permission in openapi.json"
	var names, same []string
	resource, _, _ := strings.Cut(s, ".")
	for _, p := range allPermissions() {
		names = append(names, p)
		if strings.HasPrefix(p, resource+".") {
			same = append(same, p)
		}
	}
	if near := remedy(s, names, ""); strings.HasPrefix(near, "did you mean") {
		return near
	}
	if len(same) > 0 {
		return "of " + resource + " there are " + strings.Join(same, ", ")
	}
	return all
}

// allPermissions returns the permissions in the order of Diga's spec.
func allPermissions() []string {
	var spec struct {
		Components struct {
			Schemas struct {
				Permission struct{ Enum []string }
			}
		}
	}
	if err := json.Unmarshal(gen.OpenAPI(), &spec); err != nil {
		return nil // then there is no suggestion; gen's own tests see to it
	}
	return spec.Components.Schemas.Permission.Enum
}
