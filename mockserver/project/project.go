package project

import (
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/tidwall/btree"
)

// Project owns API keys. It is the unit of isolation: a secret belongs to one
// project, and a cursor of another project is unknown here.
type Project struct {
	store *Store // its mutex guards all below that changes
	id    uuid.UUID
	name  string

	clock   *Clock
	origin  func() Snapshot // what Reset goes back to
	caller  bool            // made by CreateProject
	members []Member
	keys    *btree.BTreeG[*Key] // ordered by compareKeys
	byID    map[uuid.UUID]*Key
	deleted graveyard
	created uint64    // keys ever created here; the next one's id is made from it
	newest  time.Time // creation time of the newest key ever created here
}

func newProject(s *Store, id uuid.UUID, name string) *Project {
	return &Project{
		store: s,
		id:    id,
		name:  name,
		keys: btree.NewBTreeGOptions(
			func(a, b *Key) bool { return compareKeys(a, b) < 0 },
			btree.Options{NoLocks: true}, // the store's mutex guards it
		),
		byID:  make(map[uuid.UUID]*Key),
		clock: newClock(s.config),
	}
}

// ID returns the project's id.
func (p *Project) ID() uuid.UUID { return p.id }

// Name returns the project's name.
func (p *Project) Name() string { return p.name }

// Clock returns the project's clock. A reset puts it back, too.
func (p *Project) Clock() *Clock { return p.clock }

// Len returns how many keys the project has.
func (p *Project) Len() int {
	p.store.mu.RLock()
	defer p.store.mu.RUnlock()
	return p.keys.Len()
}

// addLocked stores k, which must not be changed afterwards.
func (p *Project) addLocked(k *Key) error {
	if _, taken := p.byID[k.ID]; taken {
		return fmt.Errorf("project: key id %s is taken", k.ID)
	}
	if k.digest != (digest{}) {
		if _, taken := p.store.bearers[k.digest]; taken {
			return fmt.Errorf("project: the secret of key %s belongs to another key", k.ID)
		}
		p.store.bearers[k.digest] = bearer{project: p, key: k}
	}
	p.keys.Set(k)
	p.byID[k.ID] = k
	p.created++
	if k.Created.After(p.newest) {
		p.newest = k.Created
	}
	return nil
}
