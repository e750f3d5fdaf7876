package server_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/digakit/digakit/mockserver/fault"
	"github.com/digakit/digakit/mockserver/server"
	"github.com/digakit/digakit/mockserver/store"
)

func none(uuid.UUID, string) bool { return false }

// keep lets a world have a state file, and tells what it was told of it.
func keep(t *testing.T, w *server.World, path string) (*server.State, <-chan error) {
	t.Helper()
	s, err := server.OpenState(path)
	try(t, err)
	told := make(chan error, 100)
	try(t, w.Keep(s, "", none, func(err error) { told <- err }))
	return s, told
}

func shots(t *testing.T, w *server.World) map[string]server.Snapshot {
	t.Helper()
	all := map[string]server.Snapshot{}
	for _, p := range w.Projects() {
		shot, err := p.Snapshot()
		try(t, err)
		all[p.Name()] = shot
	}
	return all
}

// Whatever is done to a world is there in the next, orderly ended or not, and a reset goes
// back to how that one began.
func TestAWorldGoesOn(t *testing.T) {
	t.Parallel()
	for _, orderly := range []bool{true, false} {
		path := filepath.Join(t.TempDir(), "world.json")
		w, mine := newWorld(t)
		s, _ := keep(t, w, path)
		key, secret, err := mine.CreateKey(store.KeySpec{Name: "New", Permissions: []string{"calls.view"}})
		try(t, err)
		_, err = mine.UpdateKey(key.ID, func(k *store.Key) { k.Name = "Newer" })
		try(t, err)
		try(t, mine.DeleteKey(mine.AdminKeyID))
		_, err = mine.AddMember("Alan", store.PlainMember)
		try(t, err)
		_, err = mine.Inject(fault.Spec{Status: 503, Times: 2})
		try(t, err)
		try(t, mine.Advance(time.Hour))
		gone, err := w.CreateProject("gone", 2)
		try(t, err)
		try(t, gone.Delete())
		back, err := w.CreateProject("back", 2)
		try(t, err)
		shot, err := back.Snapshot()
		try(t, err)
		_, _, err = back.CreateKey(store.KeySpec{Name: "New"})
		try(t, err)
		try(t, back.Restore(shot))
		want := shots(t, w)
		if orderly {
			try(t, w.Close())
		} else {
			try(t, s.Close()) // as when the process is killed
		}

		next, _ := newWorld(t)
		s, _ = keep(t, next, path)
		if diff := cmp.Diff(want, shots(t, next)); diff != "" {
			t.Errorf("ended orderly %t: the projects (-before +after):\n%s", orderly, diff)
		}
		if _, _, ok := next.Store().Authenticate(secret); !ok {
			t.Error("the secret of a key that was made does not work")
		}
		if _, _, ok := next.Store().Authenticate(mine.AdminKey); ok {
			t.Error("the secret of a key that was deleted works")
		}
		other, err := next.CreateProject("", 1)
		try(t, err)
		if other.ID() == gone.ID() || other.ID() == back.ID() {
			t.Error("the id of a project is given out again")
		}
		try(t, next.Reset())
		if all := next.Projects(); len(all) != 1 || all[0].Name() != "demo" {
			t.Errorf("after a reset there are %d projects", len(all))
		}
		try(t, s.Close())
	}
}

// A write that fails is told once, and tried again until all that was answered is in the
// file.
func TestAWriteThatFailsIsTriedAgain(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "world.json")
	w, mine := newWorld(t)
	s, told := keep(t, w, path)
	inTheWay := filepath.Join(filepath.Dir(path), ".world.json.tmp")
	try(t, os.MkdirAll(filepath.Join(inTheWay, "x"), 0o700))
	try(t, mine.Reset())
	try(t, w.Store().DeleteProject(mustFind(t, w, "mine")))
	try(t, w.Reset()) // writes the file
	if err := <-told; err == nil || !strings.Contains(err.Error(), "world.json") {
		t.Errorf("told of %v", err)
	}
	demo, err := w.Project("demo")
	try(t, err)
	key, _, err := demo.CreateKey(store.KeySpec{Name: "Meanwhile"})
	try(t, err)
	if w.StateError() == nil {
		t.Error("there is no error while nothing can be written")
	}
	try(t, os.RemoveAll(inTheWay))
	if err := <-told; err != nil {
		t.Errorf("told again of %v", err)
	}
	if err := w.StateError(); err != nil {
		t.Errorf("written again, the error is %v", err)
	}
	try(t, s.Close())
	next, _ := newWorld(t)
	s, _ = keep(t, next, path)
	defer s.Close()
	if p, ok := next.Store().Project("demo"); !ok {
		t.Error("no project demo")
	} else if _, err := p.Key(key.ID); err != nil {
		t.Errorf("what was made while nothing could be written: %v", err)
	}
}

func mustFind(t *testing.T, w *server.World, name string) *store.Project {
	t.Helper()
	p, ok := w.Store().Project(name)
	if !ok {
		t.Fatalf("no project %s", name)
	}
	return p
}

// The end of a log that a killed process did not finish is no change; a log that another
// file goes on from is none of this one's.
func TestLogsOfWhatDied(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "world.json")
	w, mine := newWorld(t)
	s, _ := keep(t, w, path)
	_, _, err := mine.CreateKey(store.KeySpec{Name: "New"})
	try(t, err)
	want := shots(t, w)
	try(t, s.Close())
	log, err := os.ReadFile(path + ".log")
	try(t, err)
	for why, content := range map[string]string{"half a line": string(log) + `{"project":"`, "half a line of zeros": string(log) + "\x00\x00"} {
		try(t, os.WriteFile(path+".log", []byte(content), 0o600))
		file, err := os.ReadFile(path)
		try(t, err)
		next, _ := newWorld(t)
		s, _ := keep(t, next, path)
		if diff := cmp.Diff(want, shots(t, next)); diff != "" {
			t.Errorf("%s: the projects (-before +after):\n%s", why, diff)
		}
		try(t, s.Close())
		try(t, os.WriteFile(path, file, 0o600))
	}
	try(t, os.WriteFile(path+".log", []byte(`{"generation":99}`+"\n"+`{"project":"`+mine.ID().String()+`","gone":true}`+"\n"), 0o600))
	next, _ := newWorld(t)
	s, _ = keep(t, next, path)
	defer s.Close()
	if _, err := next.Project("mine"); err != nil {
		t.Errorf("a change of another generation was made: %v", err)
	}
}
