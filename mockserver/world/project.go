package world

import (
	"time"

	"github.com/google/uuid"

	"github.com/digakit/digakit/contract/coverage"
	"github.com/digakit/digakit/gen"
	"github.com/digakit/digakit/mockserver/fault"
	"github.com/digakit/digakit/mockserver/journal"
	"github.com/digakit/digakit/mockserver/project"
)

// Project is a handle on one project. It stays good over resets and restores;
// once the project is removed, its methods return [ErrNoProject]. It is safe for
// concurrent use.
type Project struct {
	world *World
	id    uuid.UUID // uuid.Nil: Unauthenticated
	name  string

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

// now returns the project as it is at present.
func (p *Project) now() (*project.Project, error) {
	if p.id == uuid.Nil {
		return nil, ErrJournalOnly
	}
	now, ok := p.world.store.Project(p.id.String())
	if !ok {
		return nil, ErrNoProject
	}
	return now, nil
}

// Delete removes the project with all that is in it.
func (p *Project) Delete() error {
	now, err := p.now()
	if err != nil {
		return err
	}
	if err := p.world.store.DeleteProject(now); err != nil {
		return err
	}
	p.world.removeRoom(p.id)
	return nil
}

// Len returns how many keys the project has.
func (p *Project) Len() (int, error) {
	now, err := p.now()
	if err != nil {
		return 0, err
	}
	return now.Len(), nil
}

// Keys returns the keys whose name holds search, whatever the case, newest first;
// all keys when it is empty.
func (p *Project) Keys(search string) ([]*project.Key, error) {
	now, err := p.now()
	if err != nil {
		return nil, err
	}
	return now.Search(search), nil
}

// CreateKey creates a key and returns it with its secret, which cannot be had
// again. Without a creator in spec it is the project's first administrator.
func (p *Project) CreateKey(spec project.KeySpec) (*project.Key, string, error) {
	now, err := p.now()
	if err != nil {
		return nil, "", err
	}
	if spec.CreatorID == uuid.Nil {
		if spec.CreatorID, err = p.Acting(nil); err != nil {
			return nil, "", err
		}
	}
	return now.CreateKey(spec)
}

// UpdateKey changes a key: see [project.Project.UpdateKey].
func (p *Project) UpdateKey(id uuid.UUID, name string, change func(restricted bool, permissions []gen.Permission) []gen.Permission) (*project.Key, error) {
	now, err := p.now()
	if err != nil {
		return nil, err
	}
	return now.UpdateKey(id, name, change)
}

// DeleteKey deletes a key for good: its secret is refused from the next request
// on. The error is [project.ErrNoKey] when there is no such key.
func (p *Project) DeleteKey(id uuid.UUID) error {
	now, err := p.now()
	if err != nil {
		return err
	}
	return now.DeleteKey(id)
}

// Members returns the members in the order they joined.
func (p *Project) Members() ([]project.Member, error) {
	now, err := p.now()
	if err != nil {
		return nil, err
	}
	return now.Members(), nil
}

// AddMember adds a member.
func (p *Project) AddMember(name string, role project.Role) (project.Member, error) {
	now, err := p.now()
	if err != nil {
		return project.Member{}, err
	}
	return now.AddMember(name, role)
}

// Acting returns the id of the member who acts on keys: the given one, who must
// be an administrator ([ErrNotAdministrator], [project.ErrNoMember]), or else the
// first administrator.
func (p *Project) Acting(member *uuid.UUID) (uuid.UUID, error) {
	now, err := p.now()
	if err != nil {
		return uuid.Nil, err
	}
	if member != nil {
		m, err := now.Member(*member)
		if err == nil && m.Role != project.Administrator {
			err = ErrNotAdministrator
		}
		return m.ID, err
	}
	for _, m := range now.Members() {
		if m.Role == project.Administrator {
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
	return p.world.Faults(p.id).Add(spec)
}

// Seed replaces all faults by the given ones, in one step, and lets resets go back
// to them. The errors are those of [fault.Set.Add]; nothing has changed then.
func (p *Project) Seed(specs []fault.Spec) error {
	if _, err := p.now(); err != nil {
		return err
	}
	draft := fault.NewSet(p.world.validator)
	for _, spec := range specs {
		if _, err := draft.Add(spec); err != nil {
			return err
		}
	}
	r := p.world.room(p.id)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seeded = draft.Snapshot()
	return r.faults.Restore(r.seeded)
}

// Faults returns the faults in the order they are tried.
func (p *Project) Faults() ([]fault.Fault, error) {
	if _, err := p.now(); err != nil {
		return nil, err
	}
	return p.world.Faults(p.id).List(), nil
}

// RemoveFault removes one fault. The error is [ErrNoFault] when there is none of
// that id.
func (p *Project) RemoveFault(id string) error {
	if _, err := p.now(); err != nil {
		return err
	}
	if !p.world.Faults(p.id).Remove(id) {
		return ErrNoFault
	}
	return nil
}

// ClearFaults removes all faults.
func (p *Project) ClearFaults() error {
	if _, err := p.now(); err != nil {
		return err
	}
	p.world.Faults(p.id).Clear()
	return nil
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
	c, err := p.clock()
	if err != nil {
		return time.Time{}, false, err
	}
	return c.Now(), c.Frozen(), nil
}

// Freeze stops the project's time where it is.
func (p *Project) Freeze() error { return p.onClock((*project.Clock).Freeze) }

// Run lets the project's time run on from where it is.
func (p *Project) Run() error { return p.onClock((*project.Clock).Run) }

// SetClock moves the project's time to t, back or forth.
func (p *Project) SetClock(t time.Time) error {
	return p.onClock(func(c *project.Clock) { c.Set(t) })
}

// Advance moves the project's time by d, back when d is negative.
func (p *Project) Advance(d time.Duration) error {
	return p.onClock(func(c *project.Clock) { c.Advance(d) })
}

func (p *Project) onClock(f func(*project.Clock)) error {
	c, err := p.clock()
	if err != nil {
		return err
	}
	f(c)
	return nil
}

func (p *Project) clock() (*project.Clock, error) {
	now, err := p.now()
	if err != nil {
		return nil, err
	}
	return now.Clock(), nil
}
