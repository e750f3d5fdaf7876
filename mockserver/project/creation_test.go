package project_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/digakit/digakit/mockserver/project"
)

func create(t *testing.T, s *project.Store, name string, keys int) (*project.Project, string) {
	t.Helper()
	p, _, secret, err := s.CreateProject(name, keys)
	if err != nil {
		t.Fatal(err)
	}
	return p, secret
}

func TestCreateProject(t *testing.T) {
	t.Parallel()
	s := project.NewStore(project.Config{Frozen: frozen(), KnownSecrets: true})
	p, secret := create(t, s, "shop", 60)
	owner, admin, ok := s.Authenticate(secret)
	if !ok || owner != p || admin.Restricted {
		t.Errorf("the admin key opens %v with %+v", owner, admin)
	}
	if p.Len() != 60 {
		t.Errorf("it has %d keys, want 60, the admin key among them", p.Len())
	}
	if found, ok := s.Project("shop"); !ok || found != p {
		t.Error("it is not found by name")
	}
	if found, ok := s.Project(p.ID().String()); !ok || found != p {
		t.Error("it is not found by id")
	}
	members := p.Members()
	if len(members) != 1 || members[0].Role != project.Administrator || admin.CreatorID != members[0].ID {
		t.Errorf("its members are %+v, the admin key's creator %s", members, admin.CreatorID)
	}
	unnamed, _ := create(t, s, "", 1)
	if unnamed.Name() == "" || unnamed.ID() == p.ID() {
		t.Errorf("a project without a name is %q, %s", unnamed.Name(), unnamed.ID())
	}
	// The same is done elsewhere: the same comes out.
	again := project.NewStore(project.Config{Frozen: frozen(), KnownSecrets: true})
	if q, other := create(t, again, "shop", 60); other != secret || q.ID() != p.ID() {
		t.Error("another store gives another secret or id")
	}
}

// _unauthenticated is where requests without a key are journalled: a project of
// that name could be reached by its id alone.
func TestReservedNames(t *testing.T) {
	t.Parallel()
	s := project.NewStore(project.Config{})
	if _, _, _, err := s.CreateProject("_unauthenticated", 1); err == nil || !strings.Contains(err.Error(), "reserved") {
		t.Errorf("made, with %v", err)
	}
	if err := s.Replace(nil, []project.Snapshot{{ID: uuid.New(), Name: "_mine"}}); err == nil || !strings.Contains(err.Error(), "reserved") {
		t.Errorf("restored, with %v", err)
	}
}

// The number of projects ever made is not in a snapshot, so a store that has been
// filled from one must not make an id twice.
func TestCreateProjectAfterARestart(t *testing.T) {
	t.Parallel()
	before := project.NewStore(project.Config{KnownSecrets: true})
	create(t, before, "shop", 2)
	create(t, before, "office", 2)
	after := project.NewStore(project.Config{KnownSecrets: true})
	if err := after.Replace(nil, before.Snapshot()); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"desk", "", "lab"} {
		p, secret := create(t, after, name, 1)
		if owner, _, ok := after.Authenticate(secret); !ok || owner != p {
			t.Errorf("the admin key of %s does not open it", p.Name())
		}
	}
	if n := len(after.Projects()); n != 5 {
		t.Errorf("there are %d projects, want 5", n)
	}
}

func TestCreateProjectRefuses(t *testing.T) {
	t.Parallel()
	s := project.NewStore(project.Config{})
	create(t, s, "shop", 1)
	for _, tc := range []struct {
		name, project string
		keys          int
		want          error
	}{
		{"the same name", "shop", 1, project.ErrNameTaken},
		{"no key", "a", 0, nil},
		{"too many keys", "a", project.MaxProjectKeys + 1, nil},
		{"a long name", strings.Repeat("a", 256), 1, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if _, _, _, err := s.CreateProject(tc.project, tc.keys); err == nil || tc.want != nil && !errors.Is(err, tc.want) {
				t.Errorf("error is %v, want %v", err, tc.want)
			}
		})
	}
}

func TestDeleteProject(t *testing.T) {
	t.Parallel()
	s := project.NewStore(project.Config{})
	p, secret := create(t, s, "shop", 5)
	if err := s.DeleteProject(p); err != nil {
		t.Fatal(err)
	}
	if _, _, ok := s.Authenticate(secret); ok {
		t.Error("its admin key still works")
	}
	if _, ok := s.Project("shop"); ok {
		t.Error("it is still found")
	}
	if err := s.DeleteProject(p); !errors.Is(err, project.ErrGone) {
		t.Errorf("deleting it again: %v", err)
	}
	if _, err := p.AddMember("Alan", project.PlainMember); !errors.Is(err, project.ErrGone) {
		t.Errorf("adding a member: %v", err)
	}
}

func TestMembers(t *testing.T) {
	t.Parallel()
	p, _ := create(t, project.NewStore(project.Config{}), "shop", 1)
	alan, err := p.AddMember("Alan", project.PlainMember)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := p.Member(alan.ID); err != nil || got != alan {
		t.Errorf("found %+v, %v", got, err)
	}
	if _, err := p.Member(uuid.Nil); !errors.Is(err, project.ErrNoMember) {
		t.Errorf("an unknown member: %v", err)
	}
	for _, bad := range []struct {
		name string
		role project.Role
	}{{"", project.PlainMember}, {strings.Repeat("a", 256), project.PlainMember}, {"Alan", "owner"}} {
		if _, err := p.AddMember(bad.name, bad.role); err == nil {
			t.Errorf("member %q as %q: no error", bad.name, bad.role)
		}
	}
}

func TestSearch(t *testing.T) {
	t.Parallel()
	p, _ := create(t, project.NewStore(project.Config{}), "shop", 1)
	for _, name := range []string{"CRM_Query", "booking_app", "Ämter"} {
		if _, _, err := p.CreateKey(project.KeySpec{Name: name}); err != nil {
			t.Fatal(err)
		}
	}
	for text, want := range map[string][]string{
		"": {"Ämter", "booking_app", "CRM_Query", "Admin"}, "crm": {"CRM_Query"}, "BOOK": {"booking_app"}, "ämt": {"Ämter"}, "m": {"Ämter", "CRM_Query", "Admin"}, "x": {},
	} {
		got := []string{}
		for _, k := range p.Search(text) {
			got = append(got, k.Name)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q finds (-want +got):\n%s", text, diff)
		}
	}
}

func TestResetOfAProject(t *testing.T) {
	t.Parallel()
	s := project.NewStore(project.Config{Frozen: frozen()})
	p, secret := create(t, s, "shop", 3)
	want := p.Snapshot()
	_, added, err := p.CreateKey(project.KeySpec{Name: "New"})
	if err != nil {
		t.Fatal(err)
	}
	_, admin, _ := s.Authenticate(secret)
	if err := p.DeleteKey(admin.ID); err != nil {
		t.Fatal(err)
	}
	p.Clock().Run()
	changed := p.Snapshot()
	if err := p.Reset(); err != nil {
		t.Fatal(err)
	}
	now, ok := s.Project("shop")
	if !ok {
		t.Fatal("it is gone")
	}
	if diff := cmp.Diff(want, now.Snapshot()); diff != "" {
		t.Errorf("after the reset (-want +got):\n%s", diff)
	}
	if _, _, ok := s.Authenticate(secret); !ok {
		t.Error("the admin key does not work again")
	}
	if _, _, ok := s.Authenticate(added); ok {
		t.Error("a key made before the reset still works")
	}
	if !now.Clock().Frozen() {
		t.Error("the clock was not put back")
	}
	if err := p.Reset(); !errors.Is(err, project.ErrGone) {
		t.Errorf("the project before the reset: %v, want ErrGone", err)
	}

	// A snapshot gives back what the reset took away, and a later reset still
	// goes back to the start.
	if err := now.Restore(changed); err != nil {
		t.Fatal(err)
	}
	if _, _, ok := s.Authenticate(added); !ok {
		t.Error("the secret of a restored key does not work")
	}
	now, _ = s.Project("shop")
	if diff := cmp.Diff(changed, now.Snapshot()); diff != "" {
		t.Errorf("restored (-want +got):\n%s", diff)
	}
	if err := now.Reset(); err != nil {
		t.Fatal(err)
	}
	now, _ = s.Project("shop")
	if diff := cmp.Diff(want, now.Snapshot()); diff != "" {
		t.Errorf("after the second reset (-want +got):\n%s", diff)
	}
	other, _ := create(t, s, "other", 1)
	if err := now.Restore(other.Snapshot()); err == nil {
		t.Error("the snapshot of another project: no error")
	}
}

func TestResetOfTheStore(t *testing.T) {
	t.Parallel()
	s := project.NewStore(project.Config{})
	demo, err := s.AddDemo(10)
	if err != nil {
		t.Fatal(err)
	}
	want := s.Snapshot()
	_, secret := create(t, s, "shop", 3)
	if err := demo.DeleteKey(page(t, demo, project.PageQuery{Limit: 1}).Keys[0].ID); err != nil {
		t.Fatal(err)
	}
	if err := s.Reset(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, s.Snapshot()); diff != "" {
		t.Errorf("after the reset (-want +got):\n%s", diff)
	}
	if _, _, ok := s.Authenticate(secret); ok {
		t.Error("the key of a removed project still works")
	}
	if _, _, ok := s.Authenticate(project.DemoReadOnly); !ok {
		t.Error("a key of the demo project does not work any more")
	}
}

func BenchmarkCreateProject(b *testing.B) {
	s := project.NewStore(project.Config{})
	b.ReportAllocs()
	for b.Loop() {
		p, _, _, err := s.CreateProject("", 60)
		if err != nil {
			b.Fatal(err)
		}
		if err := s.DeleteProject(p); err != nil {
			b.Fatal(err)
		}
	}
}
