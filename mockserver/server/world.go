// Package server is what surrounds the projects of a store: faults, journal, coverage,
// and the powers of a test author over all of it. The control API and the Go fixture are
// two doors to them and do the same.
package server

import (
	"errors"
	"fmt"
	"sync"

	"github.com/google/uuid"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/coverage"
	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/mockserver/engine"
	"github.com/digakit/digakit/mockserver/fault"
	"github.com/digakit/digakit/mockserver/journal"
	"github.com/digakit/digakit/mockserver/store"
)

// Unauthenticated is the name of the pseudo-project whose journal has the
// requests without a valid key. It has nothing else.
const Unauthenticated = "_unauthenticated"

// Errors that callers tell apart, besides those of package store.
var (
	ErrNoProject        = errors.New("server: no such project")
	ErrNoFault          = errors.New("server: no such fault")
	ErrJournalOnly      = errors.New("server: " + Unauthenticated + " has a journal and nothing else")
	ErrNotAdministrator = errors.New("server: only administrators see, create and delete API keys")
)

// World is the projects of one server with what surrounds them. It is safe for
// concurrent use.
type World struct {
	config Config
	keeper *keeper  // nil: nothing is kept
	rooms  sync.Map // of *room, by the project's id; uuid.Nil: Unauthenticated
}

// Config is what a [World] is made of.
type Config struct {
	Store     *store.Store
	Engine    *engine.Engine      // makes and changes items
	Validator *contract.Validator // faults are checked against its document
	Uncovered *coverage.Coverage  // which each project's own is a fresh one of
	// Key makes the keys of a project but the first: see [store.Store.CreateProject].
	Key func(project uuid.UUID, i, n int) store.Key
}

// Seeded is a project as a seed file has it.
type Seeded struct {
	store.ProjectSnapshot
	Faults      []fault.Spec                // in the order they are tried: see [Project.Seed]
	Collections map[string][]map[string]any // items by the name of their collection: see [engine.Engine.Fill]
}

// room is what surrounds a project and outlives its resets.
type room struct {
	faults   *fault.Set
	journal  *journal.Journal
	coverage *coverage.Coverage

	mu     sync.Mutex
	seeded fault.Snapshot // what a reset goes back to
	start  *mark          // when it is another than that
	marks  map[string]mark
	taken  []string // their ids, the oldest first
}

// New returns the world of a store.
func New(c Config) *World { return &World{config: c} }

// Plan is what the operations of the document served are for.
func (w *World) Plan() *plan.Plan { return w.config.Engine.Plan() }

// Store returns the projects themselves.
func (w *World) Store() *store.Store { return w.config.Store }

func (w *World) room(id uuid.UUID) *room {
	if r, ok := w.rooms.Load(id); ok {
		return r.(*room)
	}
	j, err := journal.New()
	if err != nil { // it has no options that could be wrong
		panic(fmt.Sprintf("server: %v", err))
	}
	fresh := &room{faults: fault.NewSet(w.config.Validator), journal: j, coverage: w.config.Uncovered.Fresh()}
	r, _ := w.rooms.LoadOrStore(id, fresh)
	return r.(*room)
}

// Faults returns the faults of the project with that id.
func (w *World) Faults(id uuid.UUID) *fault.Set { return w.room(id).faults }

// Journal returns the journal of the project with that id, or that of
// [Unauthenticated] for uuid.Nil.
func (w *World) Journal(id uuid.UUID) *journal.Journal { return w.room(id).journal }

// Coverage counts what the project with that id was asked.
func (w *World) Coverage(id uuid.UUID) *coverage.Coverage { return w.room(id).coverage }

// CreateProject makes a project with the given number of keys, the admin key
// among them. An empty name is replaced by one of its own. The errors are those of
// [store.Store.CreateProject].
func (w *World) CreateProject(name string, keys int) (*Project, error) {
	stored, admin, secret, err := w.config.Store.CreateProject(name, keys, w.config.Key)
	if err != nil {
		return nil, err
	}
	p := w.handle(stored)
	p.AdminKey, p.AdminKeyID, p.AdminID = secret, admin.ID, admin.CreatorID
	w.keeper.whole(stored)
	return p, nil
}

func (w *World) handle(p *store.Project) *Project {
	return &Project{world: w, stored: p, id: p.ID(), name: p.Name()}
}

// Project returns the project with the given id or name. The error is
// [ErrNoProject].
func (w *World) Project(idOrName string) (*Project, error) {
	if idOrName == Unauthenticated {
		return &Project{world: w, name: Unauthenticated}, nil
	}
	p, ok := w.config.Store.Project(idOrName)
	if !ok {
		return nil, fmt.Errorf("%w: %q", ErrNoProject, idOrName)
	}
	return w.handle(p), nil
}

// Projects returns all projects by name.
func (w *World) Projects() []*Project {
	stored := w.config.Store.Projects()
	all := make([]*Project, len(stored))
	for i, p := range stored {
		all[i] = w.handle(p)
	}
	return all
}

// Reset puts everything back to how the server began: projects made since are
// removed, the others are as they were, with the faults of [Project.Seed] alone
// and with empty journals.
func (w *World) Reset() error {
	removed, err := w.config.Store.Reset()
	for _, p := range removed {
		w.removeRoom(p.ID())
		w.rooms.Delete(p.ID())
	}
	w.rooms.Range(func(_, r any) bool {
		r.(*room).clear()
		return true
	})
	if w.keeper != nil {
		_ = w.keeper.save() // told, and tried again
	}
	return err
}

func (r *room) clear() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.start = nil
	_ = r.faults.Restore(r.seeded) // it came from there, or is the zero Snapshot, which is always one
	r.journal.Clear()
	r.coverage.Reset()
}

// removeRoom also ends the streams of the journal's events. What a reset goes back to stays.
func (w *World) removeRoom(id uuid.UUID) {
	if r, ok := w.rooms.LoadAndDelete(id); ok {
		r := r.(*room)
		r.journal.Close()
		r.mu.Lock()
		defer r.mu.Unlock()
		if len(r.seeded.Faults) > 0 {
			w.room(id).seeded = r.seeded
		}
	}
}
