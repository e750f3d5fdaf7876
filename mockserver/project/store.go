package project

import (
	"fmt"
	"sync"

	"github.com/google/uuid"
)

// Store holds projects and knows which project and key a secret belongs to.
// Secrets themselves are never kept, only their SHA-256 digests. The zero Store
// is not usable; call [NewStore].
type Store struct {
	mu       sync.RWMutex
	projects map[uuid.UUID]*Project
	bearers  map[digest]bearer
}

type bearer struct {
	project *Project
	key     *Key
}

// NewStore returns a Store without projects.
func NewStore() *Store {
	return &Store{
		projects: make(map[uuid.UUID]*Project),
		bearers:  make(map[digest]bearer),
	}
}

// Authenticate returns the project and key that secret belongs to; ok is false
// for a secret that no key has.
func (s *Store) Authenticate(secret string) (p *Project, k *Key, ok bool) {
	d := digestOf(secret)
	s.mu.RLock()
	defer s.mu.RUnlock()
	b, ok := s.bearers[d]
	return b.project, b.key, ok
}

func (s *Store) addProject(p *Project) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, taken := s.projects[p.id]; taken {
		return fmt.Errorf("project: project id %s is taken", p.id)
	}
	s.projects[p.id] = p
	return nil
}

// addSecret makes secret open p as key k.
func (s *Store) addSecret(secret string, p *Project, k *Key) error {
	d := digestOf(secret)
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, taken := s.bearers[d]; taken {
		return fmt.Errorf("project: the secret of key %s belongs to another key", k.ID)
	}
	s.bearers[d] = bearer{project: p, key: k}
	return nil
}
