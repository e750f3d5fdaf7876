package world

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/google/uuid"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/coverage"
	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/mockserver/engine"
	"github.com/digakit/digakit/mockserver/fault"
	"github.com/digakit/digakit/mockserver/journal"
	"github.com/digakit/digakit/mockserver/project"
	"github.com/digakit/digakit/mockserver/store"
)

// Unauthenticated is the name of the pseudo-project whose journal has the
// requests without a valid key. It has nothing else.
const Unauthenticated = "_unauthenticated"

// Errors that callers tell apart, besides those of package project.
var (
	ErrNoProject        = errors.New("world: no such project")
	ErrNoFault          = errors.New("world: no such fault")
	ErrJournalOnly      = errors.New("world: " + Unauthenticated + " has a journal and nothing else")
	ErrNotAdministrator = errors.New("world: only administrators see, create and delete API keys")
)

// World is the projects of one server with what surrounds them. It is safe for
// concurrent use.
type World struct {
	store     *project.Store
	engine    *engine.Engine
	validator *contract.Validator
	uncovered *coverage.Coverage // which each project's own is a fresh one of
	rooms     sync.Map           // of *room, by the project's id; uuid.Nil: Unauthenticated
}

// room is what surrounds a project and outlives its resets.
type room struct {
	faults   *fault.Set
	journal  *journal.Journal
	coverage *coverage.Coverage
	items    atomic.Pointer[store.Store] // of the collections that the document has

	mu          sync.Mutex
	seeded      fault.Snapshot // what a reset goes back to
	seededItems store.Snapshot
}

// New returns the world of a store. Faults are checked against the document of
// the validator, and each project counts what uncovered counts. The engine makes and
// changes items.
func New(store *project.Store, engine *engine.Engine, validator *contract.Validator, uncovered *coverage.Coverage) *World {
	return &World{store: store, engine: engine, validator: validator, uncovered: uncovered}
}

// Plan is what the operations of the document served are for.
func (w *World) Plan() *plan.Plan { return w.engine.Plan() }

// Store returns the projects themselves.
func (w *World) Store() *project.Store { return w.store }

func (w *World) room(id uuid.UUID) *room {
	if r, ok := w.rooms.Load(id); ok {
		return r.(*room)
	}
	j, err := journal.New()
	if err != nil { // it has no options that could be wrong
		panic(fmt.Sprintf("world: %v", err))
	}
	fresh := &room{faults: fault.NewSet(w.validator), journal: j, coverage: w.uncovered.Fresh()}
	fresh.items.Store(store.New())
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

// Items are the items of the project with that id, of all collections but API keys.
func (w *World) Items(id uuid.UUID) *store.Store { return w.room(id).items.Load() }

// CreateProject makes a project with the given number of keys, the admin key
// among them. An empty name is replaced by one of its own. The errors are those of
// [project.Store.CreateProject].
func (w *World) CreateProject(name string, keys int) (*Project, error) {
	p, admin, secret, err := w.store.CreateProject(name, keys)
	if err != nil {
		return nil, err
	}
	return &Project{
		world: w, id: p.ID(), name: p.Name(),
		AdminKey: secret, AdminKeyID: admin.ID, AdminID: admin.CreatorID,
	}, nil
}

// Project returns the project with the given id or name. The error is
// [ErrNoProject].
func (w *World) Project(idOrName string) (*Project, error) {
	if idOrName == Unauthenticated {
		return &Project{world: w, name: Unauthenticated}, nil
	}
	p, ok := w.store.Project(idOrName)
	if !ok {
		return nil, fmt.Errorf("%w: %q", ErrNoProject, idOrName)
	}
	return &Project{world: w, id: p.ID(), name: p.Name()}, nil
}

// Projects returns all projects by name.
func (w *World) Projects() []*Project {
	stored := w.store.Projects()
	all := make([]*Project, len(stored))
	for i, p := range stored {
		all[i] = &Project{world: w, id: p.ID(), name: p.Name()}
	}
	return all
}

// Reset puts everything back to how the server began: projects made since are
// removed, the others are as they were, with the faults of [Project.Seed] alone
// and with empty journals.
func (w *World) Reset() error {
	if err := w.store.Reset(); err != nil {
		return err
	}
	w.rooms.Range(func(id, r any) bool {
		r.(*room).clear()
		if _, stays := w.store.Project(id.(uuid.UUID).String()); !stays && id != uuid.Nil {
			w.removeRoom(id.(uuid.UUID))
		}
		return true
	})
	return nil
}

func (r *room) clear() {
	r.mu.Lock()
	defer r.mu.Unlock()
	_ = r.faults.Restore(r.seeded) // it came from there, or is the zero Snapshot, which is always one
	r.journal.Clear()
	r.coverage.Reset()
	if items, err := store.From(r.seededItems); err == nil { // it came from a store, or is the zero Snapshot
		r.items.Store(items)
	}
}

// removeRoom also ends the streams of the journal's events.
func (w *World) removeRoom(id uuid.UUID) {
	if r, ok := w.rooms.LoadAndDelete(id); ok {
		r.(*room).journal.Close()
	}
}
