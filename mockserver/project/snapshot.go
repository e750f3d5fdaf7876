package project

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/digakit/digakit/gen"
)

// Snapshot is the whole content of a project as data. It holds digests of
// secrets, never secrets, so that keys go on working after [Store.Replace].
type Snapshot struct {
	ID      uuid.UUID     `json:"id"`
	Name    string        `json:"name"`
	Members []Member      `json:"members"`
	Keys    []KeySnapshot `json:"keys"`              // oldest first
	Deleted []KeySnapshot `json:"deleted,omitempty"` // id and created alone; oldest grave first
	Created uint64        `json:"created"`           // keys ever created; decides the next one's id
}

// KeySnapshot is one key as data.
type KeySnapshot struct {
	ID          uuid.UUID        `json:"id"`
	Name        string           `json:"name,omitempty"`
	Created     time.Time        `json:"created"`
	CreatorID   uuid.UUID        `json:"creator_id,omitzero"`
	LastFour    string           `json:"last_four_digits,omitempty"`
	Expires     time.Time        `json:"expires,omitzero"`
	Restricted  bool             `json:"restricted,omitempty"`
	Permissions []gen.Permission `json:"permissions,omitempty"`
	Digest      Digest           `json:"digest,omitempty"` // SHA-256 of the secret in hex; empty when nobody knows it
}

// Digest is the SHA-256 digest of a secret in hex, or empty.
type Digest string

// DigestOf returns what is kept of a secret.
func DigestOf(secret string) Digest {
	d := digestOf(secret)
	return Digest(hex.EncodeToString(d[:]))
}

// LastFour returns what the API shows of a secret: its last four characters, or
// all of a shorter one.
func LastFour(secret string) string { return lastFour(secret) }

func (d Digest) decode() (digest, error) {
	var out digest
	if d == "" {
		return out, nil
	}
	if n, err := hex.Decode(out[:], []byte(d)); err != nil || len(d) != 2*len(out) || n != len(out) {
		return out, errors.New("project: a digest is not 64 hex digits")
	}
	return out, nil
}

// Snapshot returns the content of all projects, ordered by id.
func (s *Store) Snapshot() []Snapshot {
	s.mu.RLock()
	defer s.mu.RUnlock()
	all := make([]Snapshot, 0, len(s.projects))
	for _, p := range s.projects {
		all = append(all, p.snapshotLocked())
	}
	slices.SortFunc(all, func(a, b Snapshot) int { return slices.Compare(a.ID[:], b.ID[:]) })
	return all
}

func (p *Project) snapshotLocked() Snapshot {
	snap := Snapshot{
		ID: p.id, Name: p.name, Members: slices.Clone(p.members), Created: p.created,
		Keys: make([]KeySnapshot, 0, p.keys.Len()),
	}
	p.keys.Scan(func(k *Key) bool {
		ks := KeySnapshot{
			ID: k.ID, Name: k.Name, Created: k.Created, CreatorID: k.CreatorID,
			LastFour: k.LastFour, Expires: k.Expires, Restricted: k.Restricted, Permissions: k.Permissions,
		}
		if k.digest != (digest{}) {
			ks.Digest = Digest(hex.EncodeToString(k.digest[:]))
		}
		snap.Keys = append(snap.Keys, ks)
		return true
	})
	for _, id := range p.deleted.order {
		snap.Deleted = append(snap.Deleted, KeySnapshot{ID: id, Created: p.deleted.byID[id].Created})
	}
	return snap
}

// Snapshot returns the project's content.
func (p *Project) Snapshot() Snapshot {
	p.store.mu.RLock()
	defer p.store.mu.RUnlock()
	return p.snapshotLocked()
}

// Restore puts the content of snap, which must be of this project, in the place
// of the project's. The clock stays as it is. On an error nothing has changed;
// [ErrGone] is one.
//
// Like after a reset, p is gone then: the project that took its place is found
// by its id.
func (p *Project) Restore(snap Snapshot) error {
	p.store.mu.Lock()
	defer p.store.mu.Unlock()
	if p.store.projects[p.id] != p {
		return ErrGone
	}
	if snap.ID != p.id {
		return fmt.Errorf("project: the snapshot is of project %s, not of %s", snap.ID, p.id)
	}
	if err := p.store.replaceLocked([]uuid.UUID{p.id}, []Snapshot{snap}); err != nil {
		return err
	}
	now := p.store.projects[p.id]
	now.clock, now.origin, now.caller = p.clock, p.origin, p.caller
	return nil
}

// Reset puts the project back to what it was when it was made, clock included.
// The error is [ErrGone].
func (p *Project) Reset() error {
	p.store.mu.Lock()
	defer p.store.mu.Unlock()
	if p.store.projects[p.id] != p {
		return ErrGone
	}
	return p.store.resetLocked([]*Project{p})
}

// Reset puts the store back to how it began: projects made by
// [Store.CreateProject] are removed, the others are as they were.
func (s *Store) Reset() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var first []*Project
	var remove []uuid.UUID
	for id, p := range s.projects {
		if p.caller {
			remove = append(remove, id)
		} else {
			first = append(first, p)
		}
	}
	if err := s.replaceLocked(remove, nil); err != nil {
		return err
	}
	s.created = 0
	return s.resetLocked(first)
}

func (s *Store) resetLocked(projects []*Project) error {
	ids := make([]uuid.UUID, len(projects))
	snaps := make([]Snapshot, len(projects))
	for i, p := range projects {
		ids[i], snaps[i] = p.id, p.origin()
	}
	if err := s.replaceLocked(ids, snaps); err != nil {
		return err
	}
	for _, p := range projects {
		now := s.projects[p.id]
		now.origin, now.caller = p.origin, p.caller
	}
	return nil
}

// Replace removes the projects with the given ids, if they exist, and adds
// those of the snapshots, in one step: on an error nothing has changed.
func (s *Store) Replace(remove []uuid.UUID, add []Snapshot) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.replaceLocked(remove, add)
}

func (s *Store) replaceLocked(remove []uuid.UUID, add []Snapshot) error {
	next := NewStore(s.config)
	for id, p := range s.projects {
		if !slices.Contains(remove, id) {
			next.projects[id], next.byName[p.name] = p, p
		}
	}
	for d, b := range s.bearers {
		if _, stays := next.projects[b.project.id]; stays {
			next.bearers[d] = b
		}
	}
	restored := make([]*Project, len(add))
	for i, snap := range add {
		var err error
		if restored[i], err = next.restore(snap); err != nil {
			return err
		}
	}
	for _, p := range restored {
		p.store = s // before anyone else can see it
	}
	s.projects, s.byName, s.bearers = next.projects, next.byName, next.bearers
	s.changedLocked()
	return nil
}

// restore adds a project that nobody else can see yet.
func (s *Store) restore(snap Snapshot) (*Project, error) {
	if err := checkReserved(snap.Name); err != nil {
		return nil, err
	}
	p := newProject(s, snap.ID, snap.Name)
	p.members = slices.Clone(snap.Members)
	p.origin = func() Snapshot { return snap }
	if err := s.addProjectLocked(p); err != nil {
		return nil, err
	}
	for _, ks := range snap.Keys {
		d, err := ks.Digest.decode()
		if err != nil {
			return nil, fmt.Errorf("%w (key %s of project %q)", err, ks.ID, snap.Name)
		}
		k := &Key{
			ID: ks.ID, Name: ks.Name, Created: ks.Created.UTC(), CreatorID: ks.CreatorID,
			LastFour: ks.LastFour, Expires: ks.Expires, Restricted: ks.Restricted, digest: d,
		}
		if ks.Restricted {
			k.Permissions = append([]gen.Permission{}, ks.Permissions...)
		}
		if err := s.check(KeySpec{Name: k.Name, Permissions: k.Permissions}); err != nil {
			return nil, fmt.Errorf("%w (key %s of project %q)", err, ks.ID, snap.Name)
		}
		if err := p.addLocked(k); err != nil {
			return nil, err
		}
	}
	for _, ks := range snap.Deleted {
		p.deleted.bury(&Key{ID: ks.ID, Created: ks.Created.UTC()})
	}
	p.created = max(p.created, snap.Created)
	return p, nil
}
