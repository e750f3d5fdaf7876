package project

import (
	"fmt"
	"sync"

	"github.com/google/uuid"
	"github.com/tidwall/btree"
)

// Project owns API keys. It is the unit of isolation: a secret belongs to one
// project, and a cursor of another project is unknown here.
type Project struct {
	id   uuid.UUID
	name string

	mu   sync.RWMutex
	keys *btree.BTreeG[*Key] // ordered by compareKeys
	byID map[uuid.UUID]*Key
}

func newProject(id uuid.UUID, name string) *Project {
	return &Project{
		id:   id,
		name: name,
		keys: btree.NewBTreeGOptions(
			func(a, b *Key) bool { return compareKeys(a, b) < 0 },
			btree.Options{NoLocks: true}, // mu guards it
		),
		byID: make(map[uuid.UUID]*Key),
	}
}

// ID returns the project's id.
func (p *Project) ID() uuid.UUID { return p.id }

// Name returns the project's name.
func (p *Project) Name() string { return p.name }

// Len returns how many keys the project has.
func (p *Project) Len() int {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.keys.Len()
}

// add stores k, which must not be changed afterwards. The id must be new.
func (p *Project) add(k *Key) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, taken := p.byID[k.ID]; taken {
		return fmt.Errorf("project: key id %s is taken", k.ID)
	}
	p.keys.Set(k)
	p.byID[k.ID] = k
	return nil
}
