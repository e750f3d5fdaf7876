package seed_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/mockserver/seed"
)

func harbour(t *testing.T) seed.Option {
	t.Helper()
	document, err := spec.Parse(spectest.Document(30))
	if err != nil {
		t.Fatal(err)
	}
	return seed.Document(document)
}

func TestCollectionsAreRead(t *testing.T) {
	t.Parallel()
	got, err := seed.Parse("f", []byte("projects:\n- name: a\n  collections:\n    vessel:\n    - {name: By hand}\n    - {}\n    berth: []\n- name: b\n"), harbour(t))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]map[string]any{"vessel": {{"name": "By hand"}, {}}, "berth": {}}
	if diff := cmp.Diff(want, got[0].Collections); diff != "" || got[1].Collections != nil {
		t.Errorf("collections (-want +got):\n%s, and of another project %v", diff, got[1].Collections)
	}
}

// Items are judged by the document, each where it stands, together with all else.
func TestCollectionMistakes(t *testing.T) {
	t.Parallel()
	_, err := seed.Parse("f", []byte(`projects:
- name: a
  collections:
    vesel: []
    vessel:
    - name: 5
    - name: right
      shop-crm-0001: x
    survey:
    - text
    berth: 1
    api_key: [{name: a}]
- name: ''
`), harbour(t))
	if err == nil {
		t.Fatal("no mistake is told")
	}
	got := strings.Split(err.Error(), "\n")
	want := []string{
		"seed: f has mistakes, 7 of them:",
		`f:4:12: projects[0].collections.vesel: there is no such collection; did you mean "vessel"?`,
		"f:6:13: projects[0].collections.vessel[0].name: this must fit the document's schema at /components/schemas/VesselResponseSchema/properties/name: it must be a string",
		"f:8:22: projects[0].collections.vessel[1].*: this is no property of vessel",
		"f:10:7: projects[0].collections.survey[0]: this must be an object; an item is a mapping of properties to values",
		"f:11:12: projects[0].collections.berth: this must be an array; give a list of items, [] for none",
		"f:12:14: projects[0].collections.api_key: this must not match what the schema excludes; give API keys under keys",
		"f:13:9: projects[1].name: this must be at least 1 characters long; a name has 1 to 255 characters, in quotes when they look like a number; those of projects that begin with _ are reserved",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("mistakes (-want +got):\n%s", diff)
	}
	if strings.Contains(err.Error(), "shop-crm") {
		t.Errorf("a part of the file is in %s", err)
	}
}

// Keys have the permissions of the document that is served, or Diga's when it lists none.
func TestPermissionsAreThoseOfTheDocument(t *testing.T) {
	t.Parallel()
	const other = `{openapi: 3.1.0, info: {title: t, version: "1"}, paths: {}`
	for _, tc := range []struct{ name, document, permission, want string }{
		{"of its own", other + `, components: {schemas: {Permission: {enum: [horses.ride]}}}}`, "horses.ride", ""},
		{"none but its own", other + `, components: {schemas: {Permission: {enum: [horses.ride]}}}}`, "calls.view", `this must be "horses.ride", not "calls.view"`},
		{"no list", other + "}", "calls.view", ""},
		{"no list, and not Diga's", other + "}", "calls.veiw", `did you mean "calls.view"?`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			document, err := spec.Parse([]byte(tc.document))
			if err != nil {
				t.Fatal(err)
			}
			_, err = seed.Parse("f", []byte(keyed("permissions: ["+tc.permission+"]")), seed.Document(document))
			if (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}
