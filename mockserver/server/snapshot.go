package server

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/digakit/digakit/mockserver/fault"
	"github.com/digakit/digakit/mockserver/store"
)

// snapshotVersion is that of the Snapshot's form.
const snapshotVersion = 1

// Snapshot is the whole state of a project as data, its journal left out. It
// holds hashes of secrets, no secrets.
type Snapshot struct {
	SchemaVersion int                   `json:"schema_version"`
	ID            string                `json:"id,omitempty"` // made from the rest: what [Project.Diff] knows it by
	Project       store.ProjectSnapshot `json:"project"`
	Faults        fault.Snapshot        `json:"faults"`
	Clock         store.ClockSnapshot   `json:"clock"`
	Items         store.ItemsSnapshot   `json:"items,omitzero"`
}

// Snapshot returns the state of the project.
func (p *Project) Snapshot() (Snapshot, error) {
	now, err := p.now()
	if err != nil {
		return Snapshot{}, err
	}
	s := Snapshot{SchemaVersion: snapshotVersion, Faults: p.world.Faults(p.id).Snapshot()}
	m := mark{faults: s.Faults}
	s.Project, s.Items, m.Mark = now.Snapshot()
	s.Clock = m.Clock
	text, err := json.Marshal(s)
	sum := sha256.Sum256(text)
	s.ID = hex.EncodeToString(sum[:6])
	p.world.room(p.id).remember(s.ID, m)
	return s, err
}

// Restore puts the project back to a state it had: the very same ids and dates,
// and secrets go on working. On an error nothing has changed.
func (p *Project) Restore(s Snapshot) error {
	now, err := p.now()
	if err != nil {
		return err
	}
	if s.SchemaVersion != snapshotVersion {
		return fmt.Errorf("server: the snapshot has schema version %d; this program knows %d", s.SchemaVersion, snapshotVersion)
	}
	if err := p.world.config.Engine.Check(s.Items); err != nil {
		return err
	}
	faults := p.world.Faults(p.id)
	faultsBefore, clockBefore := faults.Snapshot(), now.Clock().Snapshot()
	if err := faults.Restore(s.Faults); err != nil {
		return err
	}
	if err = now.Clock().Restore(s.Clock); err == nil {
		err = now.Restore(s.Project, s.Items)
	}
	if err != nil {
		_ = faults.Restore(faultsBefore) // they came from there
		_ = now.Clock().Restore(clockBefore)
		return err
	}
	p.world.keeper.whole(now)
	return nil
}

// Reset puts the project back to how it was made: keys, members and clock as at
// first, the faults of [Project.Seed] alone, an empty journal.
func (p *Project) Reset() error {
	return p.do(func(now *store.Project) error {
		if err := now.Reset(); err != nil {
			return err
		}
		p.world.room(p.id).clear()
		p.world.keeper.whole(now)
		return nil
	})
}
