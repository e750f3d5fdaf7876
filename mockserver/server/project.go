package server

import (
	"math"
	"time"

	"github.com/google/uuid"

	"github.com/digakit/digakit/contract/coverage"
	"github.com/digakit/digakit/mockserver/fault"
	"github.com/digakit/digakit/mockserver/journal"
	"github.com/digakit/digakit/mockserver/store"
)

// Project is a handle on one project. It stays good over resets and restores;
// once the project is removed, its methods return [ErrNoProject]. It is safe for
// concurrent use.
type Project struct {
	world  *World
	stored *store.Project
	id     uuid.UUID // uuid.Nil: Unauthenticated
	name   string

	// AdminKey is the secret of an unrestricted key, AdminKeyID its id, AdminID
	// the member who is the administrator. They are set by
	// [World.CreateProject] alone.
	AdminKey   string
	AdminKeyID uuid.UUID
	AdminID    uuid.UUID
}

// ID returns the project's id.
func (p *Project) ID() uuid.UUID { return p.id }

// Name returns the project's name.
func (p *Project) Name() string { return p.name }

// now returns the project, if it is there.
func (p *Project) now() (*store.Project, error) {
	if p.id == uuid.Nil {
		return nil, ErrJournalOnly
	}
	if now, ok := p.world.config.Store.Project(p.id.String()); !ok || now != p.stored {
		return nil, ErrNoProject
	}
	return p.stored, nil
}

// of gives what f finds of a project, if it is there.
func of[T any](p *Project, f func(*store.Project) (T, error)) (found T, err error) {
	now, err := p.now()
	if err == nil {
		found, err = f(now)
	}
	return found, err
}

// do lets f do something to a project, if it is there.
func (p *Project) do(f func(*store.Project) error) error {
	_, err := of(p, func(now *store.Project) (struct{}, error) { return struct{}{}, f(now) })
	return err
}

// Delete removes the project with all that is in it.
func (p *Project) Delete() error {
	err := p.do(p.world.config.Store.DeleteProject)
	if err == nil {
		p.world.note(p.id, func() change { return change{Gone: true} })
		p.world.removeRoom(p.id)
	}
	return err
}

// Len returns how many keys the project has.
func (p *Project) Len() (int, error) {
	return of(p, func(now *store.Project) (int, error) { return now.Len(), nil })
}

// Keys returns the keys whose name holds search, whatever the case, newest first;
// all keys when it is empty.
func (p *Project) Keys(search string) ([]*store.Key, error) {
	keys, _, err := p.SearchKeys(search, math.MaxInt)
	return keys, err
}

// SearchKeys returns those of [Project.Keys] up to a limit, and how many there are.
func (p *Project) SearchKeys(search string, limit int) ([]*store.Key, int, error) {
	now, err := p.now()
	if err != nil {
		return nil, 0, err
	}
	keys, total := now.Search(search, limit)
	return keys, total, nil
}

// CreateKey creates a key and returns it with its secret, which cannot be had
// again.
func (p *Project) CreateKey(spec store.KeySpec) (*store.Key, string, error) {
	now, err := p.now()
	if err != nil {
		return nil, "", err
	}
	return now.CreateKey(spec)
}

// UpdateKey changes a key: see [store.Project.UpdateKey].
func (p *Project) UpdateKey(id uuid.UUID, change func(*store.Key)) (*store.Key, error) {
	return of(p, func(now *store.Project) (*store.Key, error) { return now.UpdateKey(id, change) })
}

// DeleteKey deletes a key for good: its secret is refused from the next request
// on. The error is [store.ErrNoKey] when there is no such key.
func (p *Project) DeleteKey(id uuid.UUID) error {
	return p.do(func(now *store.Project) error { return now.DeleteKey(id) })
}

// Members returns the members in the order they joined.
func (p *Project) Members() ([]store.Member, error) {
	return of(p, func(now *store.Project) ([]store.Member, error) { return now.Members(), nil })
}

// AddMember adds a member.
func (p *Project) AddMember(name string, role store.Role) (store.Member, error) {
	now, err := p.now()
	if err != nil {
		return store.Member{}, err
	}
	m, err := now.AddMember(name, role)
	p.world.note(p.id, func() change { return change{Members: now.Members()} })
	return m, err
}

// Acting returns the id of the member who acts on keys: the given one, who must
// be an administrator ([ErrNotAdministrator], [store.ErrNoMember]), or else the
// first administrator.
func (p *Project) Acting(member *uuid.UUID) (uuid.UUID, error) {
	now, err := p.now()
	if err != nil {
		return uuid.Nil, err
	}
	if member != nil {
		m, err := now.Member(*member)
		if err == nil && m.Role != store.Administrator {
			err = ErrNotAdministrator
		}
		return m.ID, err
	}
	for _, m := range now.Members() {
		if m.Role == store.Administrator {
			return m.ID, nil
		}
	}
	return uuid.Nil, ErrNotAdministrator
}

// Inject adds a fault behind those that are there. The errors are those of
// [fault.Set.Add].
func (p *Project) Inject(spec fault.Spec) (fault.Fault, error) {
	if _, err := p.now(); err != nil {
		return fault.Fault{}, err
	}
	f, err := p.world.Faults(p.id).Add(spec)
	p.noteFaults()
	return f, err
}

func (p *Project) noteFaults() {
	p.world.note(p.id, func() change { return change{Faults: new(p.world.Faults(p.id).Snapshot())} })
}

// Seed replaces all faults by the given ones, in one step, and lets resets go back
// to them. The errors are those of [fault.Set.Add]; nothing has changed then.
func (p *Project) Seed(specs []fault.Spec) error {
	if _, err := p.now(); err != nil {
		return err
	}
	drafted, err := p.world.draft(specs)
	if err != nil {
		return err
	}
	r := p.world.room(p.id)
	r.mu.Lock()
	r.seeded = drafted
	err = r.faults.Restore(r.seeded)
	r.mu.Unlock()
	p.noteFaults()
	return err
}

// draft is the faults of a set that has these alone.
func (w *World) draft(specs []fault.Spec) (fault.Snapshot, error) {
	draft := fault.NewSet(w.config.Validator)
	for _, spec := range specs {
		if _, err := draft.Add(spec); err != nil {
			return fault.Snapshot{}, err
		}
	}
	return draft.Snapshot(), nil
}

// Faults returns the faults in the order they are tried.
func (p *Project) Faults() ([]fault.Fault, error) {
	return of(p, func(*store.Project) ([]fault.Fault, error) { return p.world.Faults(p.id).List(), nil })
}

// RemoveFault removes one fault. The error is [ErrNoFault] when there is none of
// that id.
func (p *Project) RemoveFault(id string) error {
	return p.do(func(*store.Project) error {
		if !p.world.Faults(p.id).Remove(id) {
			return ErrNoFault
		}
		p.noteFaults()
		return nil
	})
}

// ClearFaults removes all faults.
func (p *Project) ClearFaults() error {
	return p.do(func(*store.Project) error {
		p.world.Faults(p.id).Clear()
		p.noteFaults()
		return nil
	})
}

// Journal returns what was asked of the project and answered.
func (p *Project) Journal() *journal.Journal { return p.world.Journal(p.id) }

// Requests returns the exchanges that f chooses, oldest first.
func (p *Project) Requests(f journal.Filter) []journal.Entry { return p.Journal().Entries(f) }

// Coverage returns what of Diga's document has been exercised in the project
// since it was made or reset.
func (p *Project) Coverage() coverage.Report { return p.world.Coverage(p.id).Report() }

// Clock returns the project's time and whether it stands still.
func (p *Project) Clock() (now time.Time, frozen bool, err error) {
	c, err := of(p, func(stored *store.Project) (store.ClockSnapshot, error) { return stored.Clock().Snapshot(), nil })
	return c.Now, c.Frozen, err
}

// Freeze stops the project's time where it is.
func (p *Project) Freeze() error {
	return p.onClock(func(c *store.Clock) error { c.Freeze(); return nil })
}

// Run lets the project's time run on from where it is.
func (p *Project) Run() error { return p.onClock(func(c *store.Clock) error { c.Run(); return nil }) }

// SetClock moves the project's time to t, back or forth. The error is [store.ErrInstant]
// outside 1970 to 9998.
func (p *Project) SetClock(t time.Time) error {
	return p.onClock(func(c *store.Clock) error { return c.Set(t) })
}

// Advance moves the project's time by d, back when d is negative. The error is
// [store.ErrInstant] outside 1970 to 9998.
func (p *Project) Advance(d time.Duration) error {
	return p.onClock(func(c *store.Clock) error { return c.Advance(d) })
}

func (p *Project) onClock(f func(*store.Clock) error) error {
	return p.do(func(now *store.Project) error {
		err := f(now.Clock())
		p.world.note(p.id, func() change { return change{Clock: new(now.Clock().Snapshot()), At: time.Now()} })
		return err
	})
}
