package world

import (
	"fmt"
	"time"

	"github.com/digakit/digakit/mockserver/fault"
	"github.com/digakit/digakit/mockserver/project"
	"github.com/digakit/digakit/mockserver/store"
)

// snapshotVersion is that of the Snapshot's form.
const snapshotVersion = 1

// Snapshot is the whole state of a project as data, its journal left out. It
// holds hashes of secrets, no secrets.
type Snapshot struct {
	SchemaVersion int              `json:"schema_version"`
	Project       project.Snapshot `json:"project"`
	Faults        fault.Snapshot   `json:"faults"`
	Clock         ClockSnapshot    `json:"clock"`
	Items         store.Snapshot   `json:"items,omitzero"`
}

// ClockSnapshot is a project's time as data.
type ClockSnapshot struct {
	Now    time.Time `json:"now"`
	Frozen bool      `json:"frozen"`
}

// Snapshot returns the state of the project.
func (p *Project) Snapshot() (Snapshot, error) {
	now, err := p.now()
	if err != nil {
		return Snapshot{}, err
	}
	c := now.Clock()
	return Snapshot{
		SchemaVersion: snapshotVersion, Project: now.Snapshot(), Faults: p.world.Faults(p.id).Snapshot(),
		Clock: ClockSnapshot{Now: c.Now(), Frozen: c.Frozen()}, Items: p.world.Items(p.id).Snapshot(),
	}, nil
}

// Restore puts the project back to a state it had: the very same ids and dates,
// and secrets go on working. On an error nothing has changed.
func (p *Project) Restore(s Snapshot) error {
	now, err := p.now()
	if err != nil {
		return err
	}
	if s.SchemaVersion != snapshotVersion {
		return fmt.Errorf("world: the snapshot has schema version %d; this program knows %d", s.SchemaVersion, snapshotVersion)
	}
	items, err := store.From(s.Items)
	if err != nil {
		return err
	}
	if err := p.world.engine.Check(s.Items); err != nil {
		return err
	}
	faults := p.world.Faults(p.id)
	before := faults.Snapshot()
	if err := faults.Restore(s.Faults); err != nil {
		return err
	}
	if err := now.Restore(s.Project); err != nil {
		_ = faults.Restore(before) // it came from there
		return err
	}
	p.world.room(p.id).items.Store(items)
	c := now.Clock()
	c.Freeze()
	c.Set(s.Clock.Now)
	if !s.Clock.Frozen {
		c.Run()
	}
	return nil
}

// Reset puts the project back to how it was made: keys, members and clock as at
// first, the faults of [Project.Seed] alone, an empty journal.
func (p *Project) Reset() error {
	now, err := p.now()
	if err != nil {
		return err
	}
	if err := now.Reset(); err != nil {
		return err
	}
	p.world.room(p.id).clear()
	return nil
}
