package state_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"github.com/digakit/digakit/gen"
	"github.com/digakit/digakit/mockserver/project"
	"github.com/digakit/digakit/mockserver/state"
)

func frozen() time.Time { return time.Date(2026, 3, 4, 5, 6, 7, 8009, time.UTC) }

func try(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// demo returns a store with the demo project of n keys.
func demo(t *testing.T, n int) (*project.Store, *project.Project) {
	t.Helper()
	s := project.NewStore(project.Config{Now: frozen})
	p, err := s.AddDemo(n)
	try(t, err)
	return s, p
}

func create(t *testing.T, p *project.Project) (*project.Key, string) {
	t.Helper()
	k, secret, err := p.CreateKey(project.KeySpec{Name: "New", Permissions: []gen.Permission{}})
	try(t, err)
	return k, secret
}

func load(t *testing.T, path string) state.State {
	t.Helper()
	st, found, err := state.Load(path)
	if err != nil || !found {
		t.Fatalf("loaded %t, %v", found, err)
	}
	return st
}

func TestTheWorldComesBack(t *testing.T) {
	t.Parallel()
	s, p := demo(t, 60)
	k, secret := create(t, p)
	page, err := p.Page(project.PageQuery{Limit: 3})
	try(t, err)
	gone := page.Keys[2].ID
	try(t, p.DeleteKey(gone))
	path := filepath.Join(t.TempDir(), "state.json")
	try(t, state.Save(path, state.State{SeedDigest: "abc", Projects: s.Snapshot()}))

	st := load(t, path)
	if diff := cmp.Diff(state.State{SeedDigest: "abc", Projects: s.Snapshot()}, st, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("loaded (-saved +loaded):\n%s", diff)
	}
	other := project.NewStore(project.Config{Now: frozen})
	try(t, other.Replace(nil, st.Projects))
	if diff := cmp.Diff(s.Snapshot(), other.Snapshot()); diff != "" {
		t.Errorf("restored (-saved +restored):\n%s", diff)
	}
	back, got, ok := other.Authenticate(secret)
	if !ok || got.ID != k.ID || !got.Created.Equal(k.Created) || got.Permissions == nil {
		t.Errorf("the created key's secret opens %+v, %t", got, ok)
	}
	if page, err := back.Page(project.PageQuery{Limit: 1, After: &gone, Resume: true}); err != nil || len(page.Keys) != 1 {
		t.Errorf("the deleted key's place: %+v, %v", page, err)
	}
	if next, restored := first(create(t, p)), first(create(t, back)); next.ID != restored.ID {
		t.Errorf("the next key is %s, but restored %s", next.ID, restored.ID)
	}
}

func first[A, B any](a A, _ B) A { return a }

func TestNoSecretIsInTheFile(t *testing.T) {
	t.Parallel()
	s, p := demo(t, 3)
	_, secret := create(t, p)
	path := filepath.Join(t.TempDir(), "state.json")
	try(t, state.Save(path, state.State{Projects: s.Snapshot()}))
	data, err := os.ReadFile(path)
	try(t, err)
	for _, one := range []string{secret, project.DemoUnrestricted, project.DemoReadOnly, project.DemoNoAccess} {
		if bytes.Contains(data, []byte(one)) || bytes.Contains(data, []byte(one[:len(one)-4])) {
			t.Errorf("the secret …%s is in the file", project.LastFour(one))
		}
	}
	if !bytes.Contains(data, []byte(project.DigestOf(secret))) {
		t.Error("its digest is not")
	}
}

func TestTheFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state.json")
	if st, found, err := state.Load(path); found || err != nil || st.Projects != nil {
		t.Errorf("no file: got %+v, %t, %v", st, found, err)
	}
	try(t, os.WriteFile(path, nil, 0o666))
	try(t, os.Chmod(path, 0o666))
	try(t, state.Save(path, state.State{}))
	data, err := os.ReadFile(path)
	try(t, err)
	if got, want := string(data), `{"schema_version":1,"projects":[]}`+"\n"; got != want {
		t.Errorf("the file of an empty world is %s, want %s", got, want)
	}
	info, err := os.Stat(path)
	try(t, err)
	if got := info.Mode().Perm(); got != 0o600 && runtime.GOOS != "windows" {
		t.Errorf("its mode is %o, want 600", got)
	}
	if st := load(t, path); len(st.Projects) != 0 {
		t.Errorf("loaded %+v", st)
	}
	wantAlone(t, path)
}

// wantAlone checks that no temporary file is left.
func wantAlone(t *testing.T, path string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	try(t, err)
	if len(entries) != 1 {
		t.Errorf("beside the file there is %v", entries)
	}
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	s, _ := demo(t, 3)
	path := filepath.Join(t.TempDir(), "state.json")
	try(t, state.Save(path, state.State{Projects: s.Snapshot()}))
	whole, err := os.ReadFile(path)
	try(t, err)
	twice, err := json.Marshal(map[string]any{"schema_version": 1, "projects": append(s.Snapshot(), s.Snapshot()...)})
	try(t, err)
	for _, tc := range []struct{ name, text, want string }{
		{"empty", "", "it is not a whole state file: unexpected end of JSON input"},
		{"truncated", string(whole[:len(whole)/2]), "it is not a whole state file: unexpected end of JSON input"},
		{"half overwritten", string(whole) + string(whole[len(whole)/2:]), "it is not a whole state file: invalid character"},
		{"binary", "\x00\x01", "it is not a whole state file: invalid character"},
		{"another file", `{"a":1}`, "it is not a state file: it has no schema_version"},
		{"a list", `[]`, "it is not a whole state file: json: cannot unmarshal array"},
		{"null", `null`, "it is not a state file: it has no schema_version"},
		{"later version", `{"schema_version":2,"worlds":[]}`, "its schema_version is 2, of another release of digakit; this one reads 1"},
		{"no projects", `{"schema_version":1}`, "it is not a state file: it has no projects"},
		{"unknown field", `{"schema_version":1,"projects":[],"clock":1}`, `it is not a state file: json: unknown field "clock"`},
		{"another type", `{"schema_version":1,"projects":[{"name":1}]}`, "it is not a state file: json: cannot unmarshal number"},
		{"what no store takes", string(twice), "its projects cannot be restored: project: project id "},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "state.json")
			try(t, os.WriteFile(path, []byte(tc.text), 0o600))
			st, found, err := state.Load(path)
			if err == nil || found || st.Projects != nil {
				t.Fatalf("got %+v, %t, %v; want an error alone", st, found, err)
			}
			if got := err.Error(); !strings.HasPrefix(got, "state: "+path+": "+tc.want) || !strings.HasSuffix(got, "; move the file away to begin anew, or bring a good copy back") {
				t.Errorf("got %s, want that %s", got, tc.want)
			}
		})
	}
}

// FuzzLoad: whatever is in the file, it is refused or taken by a store.
func FuzzLoad(f *testing.F) {
	f.Add([]byte(`{"schema_version":1,"seed_digest":"a","projects":[{"id":"00000000-0000-0000-0000-000000000001","name":"a","keys":[{"name":"k"}]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "state.json")
		try(t, os.WriteFile(path, data, 0o600))
		st, found, err := state.Load(path)
		if found == (err != nil) {
			t.Fatalf("found %t, %v", found, err)
		}
		try(t, project.NewStore(project.Config{}).Replace(nil, st.Projects))
	})
}

func TestPlacesWithoutAStateFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	nowhere := filepath.Join(dir, "nowhere.json")
	try(t, os.Symlink(filepath.Join(dir, "none"), nowhere))
	file := filepath.Join(dir, "file")
	try(t, os.WriteFile(file, nil, 0o600))
	for _, tc := range []struct{ name, path, want string }{
		{"no directory", filepath.Join(dir, "none", "state.json"), "there is no directory " + filepath.Join(dir, "none") + "; create it first"},
		{"a file as directory", filepath.Join(file, "state.json"), "there is no directory " + file + "; create it first"},
		{"a directory", dir, "is not a regular file"},
		{"a device", os.DevNull, "is not a regular file"},
		{"a link to nowhere", nowhere, "leads nowhere"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, _, loading := state.Load(tc.path)
			for door, err := range map[string]error{"load": loading, "save": state.Save(tc.path, state.State{})} {
				if err == nil || !strings.HasPrefix(err.Error(), "state: "+tc.path) || !strings.Contains(err.Error(), tc.want) {
					t.Errorf("%s: got %v, want that it %s", door, err, tc.want)
				}
			}
		})
	}
}

func TestALinkStays(t *testing.T) {
	t.Parallel()
	dir, volume := t.TempDir(), t.TempDir()
	link, target := filepath.Join(dir, "state.json"), filepath.Join(volume, "real.json")
	try(t, state.Save(target, state.State{}))
	try(t, os.Symlink(target, link))
	try(t, state.Save(link, state.State{SeedDigest: "new"}))
	if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link is %v, %v", info, err)
	}
	if st := load(t, target); st.SeedDigest != "new" {
		t.Errorf("its target holds %+v", st)
	}
	wantAlone(t, target)
}

func TestAFailedSaveKeepsTheOldFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state.json")
	try(t, state.Save(path, state.State{SeedDigest: "old"}))
	year10000 := []project.Snapshot{{ID: uuid.UUID{1}, Name: "a", Keys: []project.KeySnapshot{{Created: time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)}}}}
	if err := state.Save(path, state.State{Projects: year10000}); err == nil {
		t.Error("a date that JSON cannot hold: no error")
	}
	if st := load(t, path); st.SeedDigest != "old" {
		t.Errorf("the file has %+v", st)
	}
	wantAlone(t, path)
}

func TestAnUnwritableDirectoryKeepsTheOldFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "state.json")
	try(t, state.Save(path, state.State{SeedDigest: "old"}))
	try(t, os.Chmod(dir, 0o500))
	t.Cleanup(func() { try(t, os.Chmod(dir, 0o700)) })
	if probe, err := os.Create(filepath.Join(dir, "probe")); err == nil {
		probe.Close()
		t.Skip("this user may write anywhere")
	}
	err := state.Save(path, state.State{})
	if !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), "keeps its old content") || !strings.Contains(err.Error(), "the directory must be writable") {
		t.Errorf("got %v", err)
	}
	if st := load(t, path); st.SeedDigest != "old" {
		t.Errorf("the file has %+v", st)
	}
}
