package project_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/digakit/digakit/gen"
	"github.com/digakit/digakit/mockserver/project"
)

func TestSnapshotGivesTheSameProjectBack(t *testing.T) {
	t.Parallel()
	s := project.NewStore(project.Config{Now: frozen})
	p, err := s.AddDemo(project.DemoKeys)
	if err != nil {
		t.Fatal(err)
	}
	k, secret, err := p.CreateKey(project.KeySpec{Name: "New", Permissions: []gen.Permission{}})
	if err != nil {
		t.Fatal(err)
	}
	gone := page(t, p, project.PageQuery{Limit: 2}).Keys[1].ID
	if err := p.DeleteKey(gone); err != nil {
		t.Fatal(err)
	}
	want := s.Snapshot()
	raw, err := json.Marshal(want) // as a state file has it
	if err != nil {
		t.Fatal(err)
	}
	var stored []project.Snapshot
	if err := json.Unmarshal(raw, &stored); err != nil {
		t.Fatal(err)
	}

	other := project.NewStore(project.Config{Now: frozen})
	if err := other.Replace(nil, stored); err != nil {
		t.Fatal(err)
	}
	back, err := json.Marshal(other.Snapshot())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(raw), string(back)); diff != "" {
		t.Errorf("restored (-want +got):\n%s", diff)
	}
	restored, ok := other.Project("demo")
	if !ok {
		t.Fatal("no project demo")
	}
	if owner, got, ok := other.Authenticate(secret); !ok || owner != restored || got.ID != k.ID || got.Permissions == nil {
		t.Error("the secret of a restored key does not open it as it was")
	}
	if got := page(t, restored, project.PageQuery{Limit: 3, After: &gone, Resume: true}); len(got.Keys) != 3 {
		t.Error("the place of a deleted key is forgotten")
	}
	a, _, err := p.CreateKey(project.KeySpec{Name: "x"})
	if err != nil {
		t.Fatal(err)
	}
	b, _, err := restored.CreateKey(project.KeySpec{Name: "x"})
	if err != nil {
		t.Fatal(err)
	}
	if a.ID != b.ID || !a.Created.Equal(b.Created) {
		t.Errorf("the next key is %s of %s, but restored %s of %s", a.ID, a.Created, b.ID, b.Created)
	}
}

func TestReplaceChangesNothingOnAnError(t *testing.T) {
	t.Parallel()
	s := project.NewStore(project.Config{})
	p, err := s.AddDemo(3)
	if err != nil {
		t.Fatal(err)
	}
	demo := s.Snapshot()[0]
	other := demo
	other.ID, other.Name = uuid.UUID{1}, "other"
	named := project.Snapshot{ID: uuid.UUID{2}, Name: "demo"}
	bad := project.Snapshot{ID: uuid.UUID{3}, Name: "bad", Keys: []project.KeySnapshot{{Name: "x", Digest: "zz"}}}
	for _, tc := range []struct {
		name   string
		remove []uuid.UUID
		add    []project.Snapshot
	}{
		{"id taken", nil, []project.Snapshot{demo}},
		{"name taken", nil, []project.Snapshot{named}},
		{"secrets taken", nil, []project.Snapshot{other}},
		{"the second is bad", []uuid.UUID{p.ID()}, []project.Snapshot{named, bad}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if err := s.Replace(tc.remove, tc.add); err == nil {
				t.Fatal("no error")
			}
			if got, ok := s.Project("demo"); !ok || got != p {
				t.Error("the project demo is another")
			}
			if _, _, ok := s.Authenticate(project.DemoUnrestricted); !ok {
				t.Error("a secret stopped working")
			}
			if _, _, err := p.CreateKey(project.KeySpec{Name: "x"}); err != nil {
				t.Error(err)
			}
		})
	}
	if err := s.Replace([]uuid.UUID{p.ID()}, []project.Snapshot{other}); err != nil {
		t.Fatal(err)
	}
	if owner, _, ok := s.Authenticate(project.DemoUnrestricted); !ok || owner.Name() != "other" {
		t.Error("the secret was not handed on to the project that replaced demo")
	}
	if _, _, err := p.CreateKey(project.KeySpec{Name: "x"}); !errors.Is(err, project.ErrGone) {
		t.Errorf("creating a key in the removed project: %v, want ErrGone", err)
	}
}

func TestChangesAreTold(t *testing.T) {
	t.Parallel()
	s := project.NewStore(project.Config{})
	p, err := s.AddDemo(1)
	if err != nil {
		t.Fatal(err)
	}
	before, next := s.Changes()
	select {
	case <-next:
		t.Fatal("a change before there was one")
	default:
	}
	if _, _, err := p.CreateKey(project.KeySpec{Name: "x"}); err != nil {
		t.Fatal(err)
	}
	<-next
	if after, _ := s.Changes(); after != before+1 {
		t.Errorf("version went from %d to %d", before, after)
	}
}
