package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/google/uuid"

	"github.com/digakit/digakit/mockserver/fault"
	"github.com/digakit/digakit/mockserver/store"
)

const (
	retryAfter = time.Second // a write that failed
	minLog     = 16 << 20    // bytes; the log is begun anew when it is longer, and longer than the file
)

// keeper writes what changes in a world to a state file, before anybody is told of it. It
// is safe for concurrent use.
type keeper struct {
	world *World
	state *State
	told  func(error) // of the first write that failed in a row, and with nil that they go well again

	// Locked after those of the store.
	mu         sync.Mutex
	seedDigest string
	generation uint64
	size, base int64 // bytes of log and file
	failed     error // of the last write; nothing is written to the log meanwhile
	due        bool  // the file will be written by itself
	closed     bool
}

// Keep puts the projects of a state file in the place of the world's, but for those that
// stays tells by id and name, and from then on keeps what changes. Told is called with the
// first write that fails in a row, which is tried again until it does not, and then with
// nil. The error tells what of the file the world does not take, or that it cannot be
// written. Call it before the world is used, and [World.Close] afterwards.
func (w *World) Keep(s *State, seedDigest string, stays func(id uuid.UUID, name string) bool, told func(error)) error {
	if s.Found {
		if err := s.resume(w, stays); err != nil {
			return fmt.Errorf("state: %s: its projects cannot be restored: %w; move the file away, with that of the same name and .log, to begin anew", s.path, err)
		}
	}
	s.logs = nil
	k := &keeper{world: w, state: s, told: told, seedDigest: seedDigest, generation: s.kept.Generation}
	s.kept = stateFile{}
	if err := k.save(); err != nil {
		return err
	}
	w.keeper = k
	w.config.Store.Observe(func(p *store.Project, changes []store.Change) { k.add(change{Project: p.ID(), Items: changes}) })
	return nil
}

// Replace removes the projects with the given ids and adds others, in one step: on an error
// nothing has changed. The digest is that of the seed file that they come from.
func (w *World) Replace(remove []uuid.UUID, add []Seeded, seedDigest string) error {
	projects, faults := make([]store.Origin, len(add)), make([]fault.Snapshot, len(add))
	var errs []error
	for i, from := range add {
		shot, itemsErr := w.items(store.Owner{ID: from.ID.String(), Name: from.Name}, from.Collections, w.config.Store.Time(from.ID))
		origin, err := w.config.Store.Origin(from.ProjectSnapshot, shot)
		drafted, faultsErr := w.draft(from.Faults)
		projects[i], faults[i] = origin, drafted
		if err := errors.Join(err, faultsErr, itemsErr); err != nil {
			errs = append(errs, fmt.Errorf("project %q as given: %w", from.Name, err))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	err := w.config.Store.Replace(remove, projects, func(i int) { _ = w.Faults(add[i].ID).Restore(faults[i]) }) // they are those of a set
	if err != nil {
		return err
	}
	for i, from := range add {
		r := w.room(from.ID)
		r.mu.Lock()
		r.seeded = faults[i]
		r.mu.Unlock()
	}
	if w.keeper == nil {
		return nil
	}
	w.keeper.mu.Lock()
	w.keeper.seedDigest = seedDigest
	w.keeper.mu.Unlock()
	_ = w.keeper.save() // told, and tried again
	return nil
}

// StateError is why the state file could not be written last; nil: all is in it, or there
// is none.
func (w *World) StateError() error {
	if w.keeper == nil {
		return nil
	}
	w.keeper.mu.Lock()
	defer w.keeper.mu.Unlock()
	return w.keeper.failed
}

// Close ends the keeping: the state file has all changes then, unless there is an error.
func (w *World) Close() error {
	if w.keeper == nil {
		return nil
	}
	k := w.keeper
	err := k.save()
	k.mu.Lock()
	k.closed = true
	k.mu.Unlock()
	if err != nil {
		return errors.Join(err, k.state.Close())
	}
	removed := os.Remove(k.state.log.Name()) // as long as it is ours, where the system lets us
	err = k.state.Close()
	if removed != nil {
		removed = os.Remove(k.state.log.Name())
	}
	return errors.Join(err, removed)
}

// note adds to the log what is not told of items: of a project as it then is.
func (w *World) note(id uuid.UUID, what func() change) {
	if w.keeper == nil {
		return
	}
	r := w.room(id)
	r.mu.Lock()
	defer r.mu.Unlock()
	c := what()
	c.Project = id
	w.keeper.add(c)
}

// whole adds a project to the log as it is.
func (k *keeper) whole(p *store.Project) {
	if k == nil {
		return
	}
	p.Hold(func(h store.Held) {
		kept := k.kept(h)
		k.add(change{Project: p.ID(), Whole: &kept, At: time.Now(), Created: k.world.config.Store.Created()})
	})
}

func (k *keeper) kept(h store.Held) keptProject {
	return keptProject{Made: h.Made, Snapshot: Snapshot{
		SchemaVersion: snapshotVersion, Project: h.Content, Items: h.Items,
		Faults: k.world.Faults(h.Project.ID()).Snapshot(), Clock: h.Project.Clock().Snapshot(),
	}}
}

func (k *keeper) add(c change) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.failed != nil {
		return // all of it will be in the file
	}
	if err := k.write(c); err != nil {
		k.fail(fmt.Errorf("state: %s: %w", k.state.log.Name(), err))
	}
	if k.size > max(minLog, k.base) {
		k.saveAfter(0)
	}
}

// write adds a line to the log. It is with the system then, and outlives this process.
func (k *keeper) write(c change) error {
	line, err := json.Marshal(c)
	if err != nil {
		return err
	}
	n, err := k.state.log.WriteAt(append(line, '\n'), k.size)
	k.size += int64(n)
	return err
}

func (k *keeper) fail(err error) {
	if k.failed == nil {
		k.told(err)
	}
	k.failed = err
	k.saveAfter(retryAfter)
}

// saveAfter lets the file be written after a while, from its own goroutine.
func (k *keeper) saveAfter(d time.Duration) {
	if !k.due {
		k.due = true
		time.AfterFunc(d, func() { _ = k.save() }) // told, and tried again
	}
}

// save writes the file and begins the log anew.
func (k *keeper) save() (err error) {
	k.world.config.Store.Hold(func(all []store.Held) {
		k.mu.Lock()
		defer k.mu.Unlock()
		if k.due = false; k.closed {
			return
		}
		file := stateFile{
			SchemaVersion: stateVersion, SeedDigest: k.seedDigest, Generation: k.generation + 1, Saved: time.Now(),
			Created: k.world.config.Store.Created(), Projects: []keptProject{},
		}
		for _, h := range all {
			file.Projects = append(file.Projects, k.kept(h))
		}
		if err = k.replace(file); err == nil {
			k.generation, k.size = file.Generation, 0
			if err = k.state.log.Truncate(0); err == nil {
				err = k.write(change{Generation: k.generation})
			}
		}
		if err != nil {
			err = fmt.Errorf("state: %s: %w", k.state.path, err)
			k.fail(err)
			return
		}
		if k.failed != nil {
			k.failed = nil
			k.told(nil)
		}
	})
	return err
}

// replace makes the file anew, readable and writable for its owner alone. Whatever
// happens, it has its old content or the new one, whole.
//
// This is our own code because google/renameio, which does it best, is not built on
// Windows, and natefinch/atomic, which is, keeps the old file's mode and hides the causes
// of its errors. os.Rename replaces an existing file on all three platforms.
func (k *keeper) replace(file stateFile) (err error) {
	data, err := json.Marshal(file)
	if err != nil {
		return err
	}
	if len(data) >= MaxStateSize {
		return fmt.Errorf("it would have more than %d bytes and could not be read again; delete projects or keys", MaxStateSize)
	}
	name := k.state.temporary()                                            // in the directory of the file, or Rename would copy
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) //nolint:gosec // G304: the file that --state names
	if err != nil {
		return fmt.Errorf("%w; the directory must be writable", err)
	}
	_, err = f.Write(append(data, '\n'))
	err = errors.Join(err, f.Sync(), f.Close()) // or a crash could leave an empty file under the new name
	if err == nil {
		err = os.Rename(name, k.state.target())
	}
	if err != nil {
		_ = os.Remove(name)
		if errors.Is(err, syscall.EBUSY) {
			err = fmt.Errorf("%w; a file that is mounted by itself cannot be replaced: mount its directory", err)
		}
		return err
	}
	k.base = int64(len(data))
	if d, err := os.Open(filepath.Dir(name)); err == nil { // makes the rename last through a loss of power, where that is possible
		_ = d.Sync()
		_ = d.Close()
	}
	return nil
}
