package server_test

import (
	"errors"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/coverage"
	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/mockserver/diga"
	"github.com/digakit/digakit/mockserver/engine"
	"github.com/digakit/digakit/mockserver/fault"
	"github.com/digakit/digakit/mockserver/journal"
	"github.com/digakit/digakit/mockserver/server"
	"github.com/digakit/digakit/mockserver/store"
)

func newWorld(t *testing.T) (*server.World, *server.Project) {
	t.Helper()
	v, err := contract.New(spectest.Seed())
	try(t, err)
	keys := diga.NewWorld(nil, false)
	w := server.New(server.Config{
		Store:  store.New(store.Config{Frozen: time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC)}),
		Engine: engine.New(v.Document(), new(plan.Plan), engine.Config{}), Validator: v, Uncovered: coverage.New(v), Key: keys.Key,
	})
	demo, err := keys.Demo(3)
	try(t, err)
	_, err = w.Store().AddProject(demo)
	try(t, err)
	p, err := w.CreateProject("mine", 3)
	try(t, err)
	return w, p
}

func try(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func record(p *server.Project) {
	p.Journal().Record(journal.Exchange{
		Time: time.Now(), Status: http.StatusOK,
		Request: &http.Request{Method: http.MethodGet, URL: &url.URL{Path: "/"}, Header: http.Header{}},
	})
}

func TestAHandleStaysGoodOverResets(t *testing.T) {
	t.Parallel()
	w, p := newWorld(t)
	before, err := p.Snapshot()
	try(t, err)
	for range 2 {
		_, _, err := p.CreateKey(store.KeySpec{Name: "New"})
		try(t, err)
		_, err = p.Inject(fault.Spec{Status: http.StatusServiceUnavailable})
		try(t, err)
		try(t, p.Advance(time.Hour))
		record(p)
		try(t, p.Reset())
		n, err := p.Len()
		try(t, err)
		faults, err := p.Faults()
		try(t, err)
		now, frozen, err := p.Clock()
		try(t, err)
		if n != 3 || len(faults) != 0 || !now.Equal(before.Clock.Now) || !frozen || p.Journal().Count(journal.Filter{}) != 0 {
			t.Errorf("after the reset: %d keys, %d faults, %s (frozen %t), %d requests", n, len(faults), now, frozen, p.Journal().Count(journal.Filter{}))
		}
	}
	if _, _, ok := w.Store().Authenticate(p.AdminKey); !ok {
		t.Error("the admin key does not work after a reset")
	}
}

func TestAResetGoesBackToTheSeededFaults(t *testing.T) {
	t.Parallel()
	w, _ := newWorld(t)
	demo, err := w.Project("demo")
	try(t, err)
	try(t, demo.Seed([]fault.Spec{{Status: http.StatusServiceUnavailable, Times: 2}}))
	want, err := demo.Faults()
	try(t, err)
	for name, reset := range map[string]func() error{
		"of the project": demo.Reset, "of everything": w.Reset, "after the project was removed": func() error { return errors.Join(demo.Delete(), w.Reset()) },
	} {
		_, err := demo.Inject(fault.Spec{Status: http.StatusBadGateway})
		try(t, err)
		try(t, demo.RemoveFault("fault-1"))
		try(t, reset())
		got, err := demo.Faults()
		try(t, err)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("after a reset %s (-seeded +got):\n%s", name, diff)
		}
	}
	if err := demo.Seed([]fault.Spec{{Status: http.StatusBadGateway}, {Status: 99}}); err == nil {
		t.Error("a bad fault: no error")
	}
	got, err := demo.Faults()
	try(t, err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("after a bad fault (-before +after):\n%s", diff)
	}
}

func TestARemovedProjectIsGone(t *testing.T) {
	t.Parallel()
	for name, remove := range map[string]func(*server.World, *server.Project) error{
		"by itself":              func(_ *server.World, p *server.Project) error { return p.Delete() },
		"by a reset of the rest": func(w *server.World, _ *server.Project) error { return w.Reset() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, p := newWorld(t)
			events, err := p.Journal().Subscribe(0)
			try(t, err)
			try(t, remove(w, p))
			if _, err := events.Next(t.Context()); err == nil {
				t.Error("its events go on")
			}
			for what, err := range map[string]error{
				"Delete": p.Delete(), "Reset": p.Reset(), "Freeze": p.Freeze(), "ClearFaults": p.ClearFaults(),
				"DeleteKey": p.DeleteKey(p.AdminKeyID), "Restore": p.Restore(server.Snapshot{}),
			} {
				if !errors.Is(err, server.ErrNoProject) {
					t.Errorf("%s gives %v, want ErrNoProject", what, err)
				}
			}
			if _, err := w.Project("mine"); !errors.Is(err, server.ErrNoProject) {
				t.Errorf("looking it up gives %v", err)
			}
			if _, err := w.Project("demo"); err != nil {
				t.Errorf("demo is gone, too: %v", err)
			}
		})
	}
}

func TestUnauthenticatedHasAJournalAlone(t *testing.T) {
	t.Parallel()
	w, _ := newWorld(t)
	p, err := w.Project(server.Unauthenticated)
	try(t, err)
	record(p)
	if n := p.Journal().Count(journal.Filter{}); n != 1 {
		t.Errorf("its journal has %d requests", n)
	}
	if _, _, err := p.CreateKey(store.KeySpec{Name: "x"}); !errors.Is(err, server.ErrJournalOnly) {
		t.Errorf("creating a key gives %v", err)
	}
	if _, err := p.Inject(fault.Spec{Status: 500}); !errors.Is(err, server.ErrJournalOnly) {
		t.Errorf("injecting a fault gives %v", err)
	}
	try(t, w.Reset())
	if n := p.Journal().Count(journal.Filter{}); n != 0 {
		t.Errorf("after a reset its journal has %d requests", n)
	}
}

func TestActing(t *testing.T) {
	t.Parallel()
	_, p := newWorld(t)
	plain, err := p.AddMember("Alan", store.PlainMember)
	try(t, err)
	second, err := p.AddMember("Grace", store.Administrator)
	try(t, err)
	stranger := uuid.UUID{1}
	for _, tc := range []struct {
		name   string
		member *uuid.UUID
		want   uuid.UUID
		err    error
	}{
		{"nobody in particular", nil, p.AdminID, nil},
		{"an administrator", &second.ID, second.ID, nil},
		{"a plain member", &plain.ID, uuid.Nil, server.ErrNotAdministrator},
		{"a stranger", &stranger, uuid.Nil, store.ErrNoMember},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := p.Acting(tc.member)
			if !errors.Is(err, tc.err) || err == nil && got != tc.want {
				t.Errorf("got %s, %v; want %s, %v", got, err, tc.want, tc.err)
			}
		})
	}
}

func TestRestoreChangesNothingOnAnError(t *testing.T) {
	t.Parallel()
	w, p := newWorld(t)
	_, err := p.Inject(fault.Spec{Status: http.StatusServiceUnavailable})
	try(t, err)
	good, err := p.Snapshot()
	try(t, err)
	other, err := w.CreateProject("other", 1)
	try(t, err)
	foreign, err := other.Snapshot()
	try(t, err)
	version := good
	version.SchemaVersion = 2
	broken := good
	broken.Project.Keys = append([]store.Key{{Name: "x", Digest: "zz"}}, good.Project.Keys...)
	broken.Faults = fault.Snapshot{}
	for name, s := range map[string]server.Snapshot{"another project's": foreign, "another version": version, "a broken key": broken} {
		if err := p.Restore(s); err == nil {
			t.Errorf("%s: no error", name)
		}
		faults, err := p.Faults()
		try(t, err)
		if n, err := p.Len(); err != nil || n != 3 || len(faults) != 1 {
			t.Errorf("%s: afterwards %d keys, %d faults, %v", name, n, len(faults), err)
		}
	}
}
