package mockserver_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/digakit/digakit/mockserver"
)

func TestParseProfile(t *testing.T) {
	t.Parallel()
	got, err := mockserver.ParseProfile("p.yaml", []byte("# ours\npage_fields: always\nunrestricted_permissions: null\n"))
	if err != nil {
		t.Fatal(err)
	}
	want, err := mockserver.ParseProfile("empty.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	want.PageFields = mockserver.PageFieldsAlways
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(mockserver.Profile{})); diff != "" {
		t.Errorf("profile (-want +got):\n%s", diff)
	}
	former, err := mockserver.ParseProfile("p.yaml", []byte("no_trailing_slash: not_found"))
	if err != nil || former.TrailingSlash != mockserver.TrailingSlashNotFound {
		t.Errorf("the former name of trailing_slash gives %q, %v", former.TrailingSlash, err)
	}
	if want.RepeatedParameter != mockserver.RepeatedParameterLast {
		t.Errorf("an empty file does not give the defaults: %+v", want)
	}
}

func TestParseProfileRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, yaml string
		want       []string
	}{
		{"unknown id", "page_field: always", []string{"p.yaml:1", `no behaviour "page_field"`, "page_fields"}},
		{"unknown alternative", "\npage_fields: never", []string{"p.yaml:2", `no alternative "never"`, "page_mode_only, always"}},
		{"fixed behaviour", "limit: 20", []string{"p.yaml:1", "limit is fixed", "page_fields"}},
		{"twice", "page_fields: always\npage_fields: always", []string{"p.yaml:2", "twice"}},
		{"twice, by the former name", "trailing_slash: serve\nno_trailing_slash: serve", []string{"p.yaml:2", "twice"}},
		{"a list", "- page_fields", []string{"p.yaml:1", "`id: alternative` lines"}},
		{"a nested value", "page_fields: [always]", []string{"p.yaml:1", "page_fields has no alternative"}},
		{"all at once", "a: b\npage_fields: c", []string{`"a"`, `"c"`}},
		{"two documents", "page_fields: always\n---\n{}", []string{"p.yaml:2", "a second YAML document"}},
		{"no YAML", "{", []string{"p.yaml:1", "neither JSON nor YAML"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := mockserver.ParseProfile("p.yaml", []byte(tc.yaml))
			if err == nil {
				t.Fatal("no error")
			}
			for _, w := range tc.want {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("error %q does not say %q", err, w)
				}
			}
		})
	}
}

func TestBehavioursAreWhole(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, b := range mockserver.Behaviours() {
		if seen[b.ID] {
			t.Errorf("%s stands there twice", b.ID)
		}
		seen[b.ID] = true
		if b.Text == "" || b.Basis == "" {
			t.Errorf("%s has no text or no basis", b.ID)
		}
		if len(b.Alternatives) == 1 {
			t.Errorf("%s has one alternative, which is none", b.ID)
		}
		if b.Basis == mockserver.Documented && len(b.Alternatives) > 0 {
			t.Errorf("%s is documented, so it can have no alternatives", b.ID)
		}
	}
}

// What a line that a file sets decides has the basis calibrated, and nothing else has.
func TestSettledLinesAreABasis(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ line, path, key, want, unset string }{
		{"page_with_cursor: page_wins", "?page=1&after=" + "{id}", mockserver.ReadOnlyKey, "calibrated", "handwritten"},
		{"page_with_cursor: page_wins", "?page=1", mockserver.ReadOnlyKey, "handwritten", "handwritten"},
		{"unknown_cursor: reject", "?after=00000000-0000-4000-8000-000000000000", mockserver.ReadOnlyKey, "calibrated", "handwritten"},
		{"repeated_parameter: first", "?limit=1&limit=2", mockserver.ReadOnlyKey, "calibrated", "handwritten"},
		{"repeated_parameter: reject", "?limit=1&limit=2", mockserver.ReadOnlyKey, "calibrated", "handwritten"},
		{"unauthenticated: unauthorized", "", "nobody", "calibrated", ""},
		{"unauthenticated: unauthorized", "", mockserver.NoAccessKey, "", ""},
		{"page_fields: always", "?limit=0", mockserver.ReadOnlyKey, "", ""},
	} {
		for _, set := range []bool{true, false} {
			var opts []mockserver.Option
			want := tc.unset
			if set {
				profile, err := mockserver.ParseProfile("p.yaml", []byte(tc.line))
				try(t, err)
				opts, want = append(opts, mockserver.WithProfile(profile)), tc.want
			}
			srv := mockserver.Start(t, opts...)
			path := keysPath + strings.Replace(tc.path, "{id}", newest(t, srv), 1)
			if a := call(t, "GET", srv.URL()+path, as(tc.key)); a.header.Get("Mock-Basis") != want {
				t.Errorf("%s, set %t, %s: answered %d with basis %q, want %q", tc.line, set, tc.path, a.status, a.header.Get("Mock-Basis"), want)
			}
		}
	}
	for _, line := range []string{"trailing_slash: redirect", "trailing_slash: serve", "trailing_slash: not_found"} {
		profile, err := mockserver.ParseProfile("p.yaml", []byte(line))
		try(t, err)
		srv := mockserver.Start(t, mockserver.WithProfile(profile))
		if a := call(t, "GET", srv.URL()+strings.TrimSuffix(keysPath, "/"), as(mockserver.ReadOnlyKey)); a.header.Get("Mock-Basis") != "calibrated" {
			t.Errorf("%s: answered %d with basis %q", line, a.status, a.header.Get("Mock-Basis"))
		}
	}
}
