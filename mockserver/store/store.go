package store

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
)

// Bounds of what callers may create.
const (
	MaxProjects       = 10_000    // in a store
	MaxProjectKeys    = 1_000_000 // that a project begins with
	MaxMembers        = 10_000    // of a project
	MaxItems          = 3_000_000 // of all projects together, keys included
	adminName         = "Admin"   // of the member and key made with a project
	defaultNamePrefix = "project-"
)

// Errors of what is done to projects. They are wrapped in what names the thing.
var (
	ErrNameTaken = errors.New("store: the name is taken")
	ErrTooMany   = errors.New("store: too many")
	ErrNoMember  = errors.New("store: no such member")
	ErrGone      = errors.New("store: the project has been removed")
)

// Config says what a store takes from outside. The zero Config is for a program:
// real time, secrets that nobody can guess.
type Config struct {
	// Now is the time that running clocks follow; nil means time.Now.
	Now func() time.Time
	// Frozen is where the clocks of projects stand still at first; zero lets
	// them run.
	Frozen time.Time
	// KnownSecrets makes the secret of a new key from its project and number, so
	// that a test gets the same in every run. Anybody can work them out.
	KnownSecrets bool
	// Keys is the name of the collection of API keys; "api_key" when not given.
	Keys string
	// Permits tells the permissions that a key can have; nil: any.
	Permits func(permission string) bool
	// EmptyPermissions lets the item of an unrestricted key have an empty list of
	// permissions, not null.
	EmptyPermissions bool
}

// Store holds projects and knows which project and key a secret belongs to. Secrets
// themselves are never kept, only their digests. It is safe for concurrent use. Make
// one with [New].
type Store struct {
	config  Config
	total   atomic.Int64             // items of all projects
	observe func(*Project, []Change) // nil: nobody is told

	// making lets what makes, removes, resets and restores projects wait for each other.
	// It is taken before the lock of a project's items, and that before mu.
	making sync.Mutex

	mu       sync.RWMutex // guards what is below, and the projects' secrets
	projects map[uuid.UUID]*Project
	byName   map[string]*Project
	bearers  map[Digest]*Project
	created  uint64 // projects ever created by CreateProject

	ended []*Project // removed, and there again after a reset; guarded by making
}

// New returns a store without projects.
func New(c Config) *Store {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Keys == "" {
		c.Keys = "api_key"
	}
	return &Store{config: c, projects: map[uuid.UUID]*Project{}, byName: map[string]*Project{}, bearers: map[Digest]*Project{}}
}

// Keys is the name of the collection of API keys.
func (s *Store) Keys() string { return s.config.Keys }

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

// Time is that of the clock of a project, which may be yet to be made.
func (s *Store) Time(project uuid.UUID) time.Time {
	if p, ok := s.Project(project.String()); ok {
		return p.clock.Now()
	}
	return newClock(s.config).Now()
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

// First returns the first project by name that has an unrestricted key, and that key;
// nil when there is none.
func (s *Store) First() (first *Project, found *Key) {
	for _, p := range s.Projects() {
		p.View(func() {
			for index := range p.Items.Len(s.config.Keys, "") {
				if k := p.keyAt(index); !k.Restricted {
					first, found = p, &k
					return
				}
			}
		})
		if found != nil {
			return first, found
		}
	}
	return nil, nil
}

// Created is how many projects [Store.CreateProject] has made, and [Store.SetCreated]
// what it goes on from: ids and names of projects are not given out again.
func (s *Store) Created() uint64 {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.created
}

// SetCreated is for a store that goes on where another ended.
func (s *Store) SetCreated(n uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.created = max(s.created, n)
}

// CreateProject makes a project with the given number of keys, 1 to
// [MaxProjectKeys]. The first is an unrestricted admin key, which is returned
// with its secret; the others are made by filler, without creator, of the project's id,
// their number from 1 and how many there are. The one member is an administrator, who
// created the keys. An empty name is replaced by one of its own.
//
// The errors are [ErrNameTaken], [ErrTooMany], or tell what is wrong with an
// argument.
func (s *Store) CreateProject(name string, keys int, filler func(project uuid.UUID, i, n int) Key) (p *Project, admin *Key, secret string, err error) {
	if name != "" {
		if err := errors.Join(checkName("project", name), checkReserved(name)); err != nil {
			return nil, nil, "", err
		}
	}
	if keys < 1 || keys > MaxProjectKeys {
		return nil, nil, "", fmt.Errorf("store: a project is made with 1 to %d keys, not %d", MaxProjectKeys, keys)
	}
	s.making.Lock()
	defer s.making.Unlock()
	s.mu.Lock()
	id, name := s.nextProjectLocked(name)
	s.mu.Unlock()
	p = newProject(s, id, name)
	p.caller = true
	member := Member{ID: uuid.NewSHA1(id, []byte("member/0")), Name: adminName, Role: Administrator}
	first := filler(id, 0, keys)
	secret = p.newSecret()
	admin = &Key{ID: first.ID, Name: adminName, Created: first.Created, CreatorID: member.ID, LastFour: LastFour(secret), Digest: DigestOf(secret)}
	o := Origin{ID: id, Name: name, Members: []Member{member}, Created: uint64(keys), Keys: KeyList{
		Len: keys, Secrets: []int{0},
		At: func(i int) Key {
			if i == 0 {
				return *admin
			}
			k := filler(id, i, keys)
			k.CreatorID = member.ID
			return k
		},
	}}
	return p, admin, secret, s.put(p, o)
}

// checkReserved refuses names that begin with an underscore: they are kept for
// what is no project, such as the journal of requests without a key.
func checkReserved(name string) error {
	if strings.HasPrefix(name, "_") {
		return fmt.Errorf("store: the name %q is reserved: begin with something else than _", name)
	}
	return nil
}

// nextProjectLocked makes an id, and a name unless one is given, that no project
// has: a store filled from a state file has projects it did not count.
func (s *Store) nextProjectLocked(name string) (uuid.UUID, string) {
	for {
		s.created++
		id, made := uuid.NewSHA1(projectSpace, fmt.Appendf(nil, "created/%d", s.created)), name
		if made == "" {
			made = fmt.Sprintf("%s%d", defaultNamePrefix, s.created)
		}
		_, idTaken := s.projects[id]
		_, nameTaken := s.byName[made]
		if !idTaken && (!nameTaken || name != "") {
			return id, made
		}
	}
}

// projectSpace is the namespace of the ids of projects (RFC 9562, version 5).
var projectSpace = uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://github.com/digakit/digakit#demo"))

// AddProject adds a project that begins as given; its clock as all do. The errors are
// [ErrNameTaken], [ErrTooMany], or tell what is wrong with it.
func (s *Store) AddProject(o Origin) (*Project, error) {
	s.making.Lock()
	defer s.making.Unlock()
	p := newProject(s, o.ID, o.Name)
	return p, s.put(p, o)
}

// put fills a project that nobody else can see yet, and adds it.
func (s *Store) put(p *Project, o Origin) error {
	made, err := s.make(o)
	if err != nil {
		return err
	}
	if err := s.admit([]uuid.UUID{}, made); err != nil {
		return err
	}
	p.origin = o
	p.begin(made)
	p.started()
	return nil
}

// admit checks that contents can be added when some projects are no more.
func (s *Store) admit(gone []uuid.UUID, all ...*content) error {
	total, ending := s.total.Load(), 0
	for _, p := range s.Projects() {
		if slices.Contains(gone, p.id) {
			ending++
			p.View(func() { total -= p.sizeNow() })
		}
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	projects := len(s.projects) - ending
	names, secrets := map[string]bool{}, map[Digest]bool{}
	for _, c := range all {
		if p := s.projects[c.origin.ID]; p != nil && !slices.Contains(gone, p.id) {
			return fmt.Errorf("store: project id %s is taken", p.id)
		}
		if p := s.byName[c.origin.Name]; names[c.origin.Name] || p != nil && !slices.Contains(gone, p.id) {
			return fmt.Errorf("%w: %q", ErrNameTaken, c.origin.Name)
		}
		names[c.origin.Name] = true
		for d, k := range c.secrets {
			if p := s.bearers[d]; secrets[d] || p != nil && !slices.Contains(gone, p.id) {
				return fmt.Errorf("store: the secret of key %s belongs to another key", k.ID)
			}
			secrets[d] = true
		}
		total += c.size
		projects++
	}
	switch {
	case projects > MaxProjects:
		return fmt.Errorf("%w projects: a store holds %d; delete some", ErrTooMany, MaxProjects)
	case total > MaxItems:
		return fmt.Errorf("%w items: a store holds %d, keys included, and these would be %d; delete some, or projects", ErrTooMany, MaxItems, total)
	}
	return nil
}

// DeleteProject removes p and all that is in it. The error is [ErrGone].
func (s *Store) DeleteProject(p *Project) error {
	s.making.Lock()
	defer s.making.Unlock()
	err := p.end()
	if err == nil && !p.caller {
		s.ended = append(s.ended, p)
	}
	return err
}

// Reset puts the store back to how it began: projects made by
// [Store.CreateProject] are removed, the others are as they were, those that
// [Store.DeleteProject] has removed among them, unless others have their id or name by
// now. It returns those that were removed.
func (s *Store) Reset() (removed []*Project, err error) {
	s.making.Lock()
	defer s.making.Unlock()
	for _, p := range s.Projects() {
		if p.caller {
			err = errors.Join(err, p.end())
			removed = append(removed, p)
			continue
		}
		err = errors.Join(err, p.reset())
	}
	for _, p := range s.ended {
		if s.projects[p.id] == nil && s.byName[p.name] == nil {
			err = errors.Join(err, p.revive())
		}
	}
	s.ended = nil
	return removed, err
}

// Replace removes the projects with the given ids, if they exist, and adds others, in
// one step: on an error nothing has changed. A project that is removed and added stays
// the same [Project] unless its name changes. Begins is called with the index of each that
// is added, while nobody sees it; it may be nil.
func (s *Store) Replace(remove []uuid.UUID, add []Origin, begins func(i int)) error {
	s.making.Lock()
	defer s.making.Unlock()
	all := make([]*content, len(add))
	for i, o := range add {
		var err error
		if all[i], err = s.make(o); err != nil {
			return err
		}
		if begins != nil {
			all[i].begins = func() { begins(i) }
		}
	}
	if err := s.admit(remove, all...); err != nil {
		return err
	}
	kept := map[uuid.UUID]*Project{}
	for _, id := range remove {
		p, ok := s.Project(id.String())
		if !ok || p.id != id {
			continue
		}
		if slices.ContainsFunc(add, func(o Origin) bool { return o.ID == id && o.Name == p.name }) {
			kept[id] = p
			continue
		}
		_ = p.end() // it is there
	}
	for _, c := range all {
		p := kept[c.origin.ID]
		if p == nil {
			p = newProject(s, c.origin.ID, c.origin.Name)
		}
		p.begin(c)
		p.origin = c.origin
		p.started()
	}
	return nil
}
