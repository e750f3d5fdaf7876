package project

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// Bounds of what callers may create.
const (
	MaxProjects       = 10_000    // in a store
	MaxProjectKeys    = 1_000_000 // made with a project
	MaxMembers        = 10_000    // of a project
	adminName         = "Admin"   // of the member and key made with a project
	defaultNamePrefix = "project-"
)

// Errors of creations. They are wrapped in what names the thing.
var (
	ErrNameTaken = errors.New("project: the name is taken")
	ErrTooMany   = errors.New("project: too many")
	ErrNoMember  = errors.New("project: no such member")
)

// CreateProject makes a project with the given number of keys, 1 to
// [MaxProjectKeys]. The first is an unrestricted admin key, which is returned
// with its secret; nobody knows the secrets of the others. Its one member is an
// administrator, who created the keys. An empty name is replaced by one of its
// own.
//
// The errors are [ErrNameTaken], [ErrTooMany], or tell what is wrong with an
// argument.
func (s *Store) CreateProject(name string, keys int) (p *Project, admin *Key, secret string, err error) {
	if name != "" {
		if err := errors.Join(checkName("project", name), checkReserved(name)); err != nil {
			return nil, nil, "", err
		}
	}
	if keys < 1 || keys > MaxProjectKeys {
		return nil, nil, "", fmt.Errorf("project: a project is made with 1 to %d keys, not %d", MaxProjectKeys, keys)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.projects) >= MaxProjects {
		return nil, nil, "", fmt.Errorf("%w projects: a store holds %d; delete some", ErrTooMany, MaxProjects)
	}
	if _, taken := s.byName[name]; taken {
		return nil, nil, "", fmt.Errorf("%w: %q", ErrNameTaken, name)
	}
	id, name := s.nextProjectLocked(name)
	p = newProject(s, id, name)
	p.caller = true
	p.members = []Member{{ID: uuid.NewSHA1(p.id, []byte("member/0")), Name: adminName, Role: Administrator}}
	for i := range keys {
		k := s.demoKey(p.id, i)
		if i == 0 {
			secret = p.newSecret()
			k = &Key{ID: k.ID, Name: adminName, LastFour: lastFour(secret), digest: digestOf(secret)}
			admin = k
		}
		k.Created, k.CreatorID = MadeUpTime(i, keys), p.members[0].ID
		if err := p.addLocked(k); err != nil {
			return nil, nil, "", err
		}
	}
	if err := s.addProjectLocked(p); err != nil {
		return nil, nil, "", err
	}
	made := p.snapshotLocked()
	p.origin = func() Snapshot { return made }
	s.changedLocked()
	return p, admin, secret, nil
}

// checkReserved refuses names that begin with an underscore: they are kept for
// what is no project, such as the journal of requests without a key.
func checkReserved(name string) error {
	if strings.HasPrefix(name, "_") {
		return fmt.Errorf("project: the name %q is reserved: begin with something else than _", name)
	}
	return nil
}

// nextProjectLocked makes an id, and a name unless one is given, that no project
// has: a store filled from a state file has projects it did not count.
func (s *Store) nextProjectLocked(name string) (uuid.UUID, string) {
	for {
		s.created++
		id, made := uuid.NewSHA1(demoSpace, fmt.Appendf(nil, "created/%d", s.created)), name
		if made == "" {
			made = fmt.Sprintf("%s%d", defaultNamePrefix, s.created)
		}
		_, idTaken := s.projects[id]
		_, nameTaken := s.byName[made]
		if !idTaken && !nameTaken {
			return id, made
		}
	}
}

// DeleteProject removes p and all its keys. The error is [ErrGone].
func (s *Store) DeleteProject(p *Project) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.projects[p.id] != p {
		return ErrGone
	}
	for _, k := range p.byID {
		delete(s.bearers, k.digest)
	}
	delete(s.projects, p.id)
	delete(s.byName, p.name)
	s.changedLocked()
	return nil
}

// Projects returns all projects, ordered by name.
func (s *Store) Projects() []*Project {
	s.mu.RLock()
	defer s.mu.RUnlock()
	all := make([]*Project, 0, len(s.projects))
	for _, p := range s.projects {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b *Project) int { return strings.Compare(a.name, b.name) })
	return all
}
