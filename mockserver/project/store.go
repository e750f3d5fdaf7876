package project

import (
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/digakit/digakit/gen"
)

// Store holds projects and knows which project and key a secret belongs to.
// Secrets themselves are never kept, only their SHA-256 digests. The zero Store
// is not usable; call [NewStore].
type Store struct {
	config Config

	mu       sync.RWMutex // guards everything below, the projects' contents included
	projects map[uuid.UUID]*Project
	byName   map[string]*Project
	bearers  map[digest]bearer
	created  uint64 // projects ever created by CreateProject
	version  uint64 // counts changes

	changed chan struct{} // closed and replaced at every change
}

type bearer struct {
	project *Project
	key     *Key
}

// Config says what a store takes from outside. The zero Config is for a program:
// real time, secrets that nobody can guess.
type Config struct {
	// Now is the time that running clocks follow; nil means time.Now.
	Now func() time.Time
	// Whole adds to a demo project what is of use with a document of more than keys.
	Whole bool
	// Permissions are those that the document served has; nil: those of gen's.
	Permissions []gen.Permission
	// Frozen is where the clocks of projects stand still at first; zero lets
	// them run.
	Frozen time.Time
	// KnownSecrets makes the secret of a new key from its project and number, so
	// that a test gets the same in every run. Anybody can work them out.
	KnownSecrets bool
}

// NewStore returns a Store without projects.
func NewStore(c Config) *Store {
	if c.Now == nil {
		c.Now = time.Now
	}
	return &Store{
		config:   c,
		projects: make(map[uuid.UUID]*Project),
		byName:   make(map[string]*Project),
		bearers:  make(map[digest]bearer),
		changed:  make(chan struct{}),
	}
}

// Authenticate returns the project and key that secret belongs to; ok is false
// for a secret that no key has, or whose key has been deleted or has expired by its
// project's clock.
func (s *Store) Authenticate(secret string) (p *Project, k *Key, ok bool) {
	d := digestOf(secret)
	s.mu.RLock()
	defer s.mu.RUnlock()
	b, ok := s.bearers[d]
	if ok && !b.key.Expires.IsZero() && !b.project.clock.Now().Before(b.key.Expires) {
		return nil, nil, false
	}
	return b.project, b.key, ok
}

// First returns the first project by name that has an unrestricted key, and that key;
// nil when there is none.
func (s *Store) First() (*Project, *Key) {
	for _, p := range s.Projects() {
		s.mu.RLock()
		var found *Key
		p.keys.Scan(func(k *Key) bool {
			if !k.Restricted {
				found = k
			}
			return found == nil
		})
		s.mu.RUnlock()
		if found != nil {
			return p, found
		}
	}
	return nil, nil
}

// Project returns the project with the given id or, failing that, name.
func (s *Store) Project(idOrName string) (*Project, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if id, err := uuid.Parse(idOrName); err == nil {
		if p, ok := s.projects[id]; ok {
			return p, true
		}
	}
	p, ok := s.byName[idOrName]
	return p, ok
}

// Changes returns how many changes there have been and a channel that is closed
// at the next one.
func (s *Store) Changes() (version uint64, next <-chan struct{}) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.version, s.changed
}

func (s *Store) changedLocked() {
	s.version++
	close(s.changed)
	s.changed = make(chan struct{})
}

func (s *Store) addProjectLocked(p *Project) error {
	if _, taken := s.projects[p.id]; taken {
		return fmt.Errorf("project: project id %s is taken", p.id)
	}
	if _, taken := s.byName[p.name]; taken {
		return fmt.Errorf("project: project name %q is taken", p.name)
	}
	s.projects[p.id] = p
	s.byName[p.name] = p
	return nil
}
