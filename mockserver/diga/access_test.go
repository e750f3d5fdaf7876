package diga_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/gen"
	"github.com/digakit/digakit/mockserver/diga"
)

// published are the permissions of Diga's spec.
func published(t *testing.T) []string {
	t.Helper()
	var doc struct {
		Components struct {
			Schemas struct {
				Permission struct{ Enum []string }
			}
		}
	}
	if err := json.Unmarshal(spectest.Seed(), &doc); err != nil {
		t.Fatal(err)
	}
	return doc.Components.Schemas.Permission.Enum
}

func all(level diga.Level) diga.Access {
	a := diga.Access{}
	for _, name := range diga.Resources() {
		a[name] = level
	}
	return a
}

func TestResourcesCoverThePermissions(t *testing.T) {
	t.Parallel()
	wholeConsole(t)
	if n := len(diga.Resources()); n != 19 {
		t.Errorf("there are %d resources, want the 19 of the console", n)
	}
	given, err := all(diga.Write).Permissions()
	if err != nil {
		t.Fatal(err)
	}
	var left []string
	for _, p := range published(t) {
		if !slices.Contains(given, p) {
			left = append(left, p)
		}
	}
	want := []string{"companies.delete", "companies.update", "logs.view", "workflows.view", "workflows.create", "workflows.update", "workflows.delete"}
	if diff := cmp.Diff(want, left); diff != "" {
		t.Errorf("permissions of no resource (-want +got):\n%s", diff)
	}
	if len(given)+len(left) != len(published(t)) {
		t.Errorf("Write on everything gives %d permissions, some twice or unknown", len(given))
	}
}

func TestReadGivesViewAlone(t *testing.T) {
	t.Parallel()
	wholeConsole(t)
	given, err := all(diga.Read).Permissions()
	if err != nil {
		t.Fatal(err)
	}
	if len(given) != 19 {
		t.Errorf("Read on everything gives %d permissions, want one a resource", len(given))
	}
	for _, p := range given {
		if !strings.HasSuffix(p, ".view") {
			t.Errorf("Read gives %s", p)
		}
	}
}

func TestAccessOf(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, why   string
		permissions []string
		resource    string
		level       diga.Level
		others      []string
	}{
		{"nothing", "no permission, no access", nil, "Calls", diga.NoAccess, nil},
		{"view", "is Read", []string{"calls.view"}, "Calls", diga.Read, nil},
		{"the only permission", "the lowest level that gives it", []string{"messages.view"}, "Messages", diga.Read, nil},
		{"all", "is Write, in any order", []string{"billing.update", "billing.view"}, "Billing", diga.Write, nil},
		{"without view", "no level gives that", []string{"calls.create"}, "Calls", diga.Custom, nil},
		{"some", "no level gives that", []string{"calls.view", "calls.create"}, "Calls", diga.Custom, nil},
		{"no resource's", "is shown apart", []string{"logs.view", "calls.view"}, "Calls", diga.Read, []string{"logs.view"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, others := diga.AccessOf(tc.permissions)
			if got[tc.resource] != tc.level {
				t.Errorf("%s: %s is at %q, want %q", tc.why, tc.resource, got[tc.resource], tc.level)
			}
			if diff := cmp.Diff(tc.others, others); diff != "" {
				t.Errorf("%s: others (-want +got):\n%s", tc.why, diff)
			}
			if len(got) != 19 {
				t.Errorf("%d resources are shown", len(got))
			}
		})
	}
}

// Levels and permissions are two ways to say the same.
func TestAccessAndBack(t *testing.T) {
	t.Parallel()
	level := rapid.SampledFrom([]diga.Level{diga.NoAccess, diga.Read, diga.Write})
	rapid.Check(t, func(t *rapid.T) {
		a := diga.Access{}
		for _, name := range diga.Resources() {
			a[name] = level.Draw(t, name)
		}
		given, err := a.Permissions()
		if err != nil {
			t.Fatal(err)
		}
		back, others := diga.AccessOf(given)
		if len(others) > 0 {
			t.Fatalf("levels give %v, which belong to no resource", others)
		}
		again, err := back.Permissions()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(given, again); diff != "" {
			t.Fatalf("there and back (-want +got):\n%s", diff)
		}
	})
}

func TestAccessRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		access diga.Access
		want   string
	}{
		{diga.Access{"Call": diga.Read}, `no resource "Call"`},
		{diga.Access{"Calls": "read"}, `resource "Calls" has no level "read"`},
		{diga.Access{"Calls": diga.Custom}, `resource "Calls" has no level "custom"`},
	} {
		if _, err := tc.access.Permissions(); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%v: error %v does not say %s", tc.access, err, tc.want)
		}
	}
}

// wholeConsole skips a test when the module is built from a revision of the document
// that has fewer permissions than the console has resources for.
func wholeConsole(t *testing.T) {
	t.Helper()
	if !gen.Permission("verifications.view").Valid() {
		t.Skip("not run: this revision of the document lacks permissions that the console's resources have")
	}
}
