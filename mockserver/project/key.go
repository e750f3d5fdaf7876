package project

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/digakit/digakit/gen"
)

// Key is one API key of a project. A stored Key never changes, [Project.UpdateKey]
// puts another in its place, so a *Key may be shared between goroutines without a
// lock; treat it as read-only.
type Key struct {
	ID        uuid.UUID
	Name      string
	Created   time.Time // UTC, whole microseconds
	CreatorID uuid.UUID
	LastFour  string    // the secret's last four characters
	Expires   time.Time // from when on the secret is refused; zero: never

	// Restricted says whether Permissions limit what the key may do. An
	// unrestricted key has every permission and nil Permissions.
	Restricted  bool
	Permissions []gen.Permission

	digest digest // of the secret; zero when nobody knows it
}

// Allows reports whether k may do what needs permission p.
func (k *Key) Allows(p gen.Permission) bool {
	return !k.Restricted || slices.Contains(k.Permissions, p)
}

// compareKeys orders keys by creation time, then by id, so that no two keys of
// a project are equal and every page has exactly one right content.
func compareKeys(a, b *Key) int {
	if c := a.Created.Compare(b.Created); c != 0 {
		return c
	}
	return bytes.Compare(a.ID[:], b.ID[:])
}

// digest is what the store keeps instead of a secret. Secrets are long and
// random (or published, in the demo project), so an unsalted hash is enough and
// lets a secret be looked up in one step.
type digest [sha256.Size]byte

func digestOf(secret string) digest {
	return sha256.Sum256([]byte(secret))
}

// KeySpec says what key to create. A nil Permissions makes an unrestricted key,
// an empty one a key that may do nothing.
type KeySpec struct {
	Name        string // 1 to 255 characters; names need not be unique
	Permissions []gen.Permission
	CreatorID   uuid.UUID
	Expires     time.Time
}

// documented are those of the permissions that gen's document has. The table of
// resources names all that a revision has had.
func documented(permissions []gen.Permission) []gen.Permission {
	return slices.DeleteFunc(permissions, func(p gen.Permission) bool { return !p.Valid() })
}

// knows tells whether the document served has a permission.
func (s *Store) knows(p gen.Permission) bool {
	if s.config.Permissions == nil {
		return p.Valid()
	}
	return slices.Contains(s.config.Permissions, p)
}

// known are those of the permissions that the document served has; mostly all.
func (s *Store) known(permissions []gen.Permission) []gen.Permission {
	if !slices.ContainsFunc(permissions, func(p gen.Permission) bool { return !s.knows(p) }) {
		return permissions
	}
	return slices.DeleteFunc(slices.Clone(permissions), func(p gen.Permission) bool { return !s.knows(p) })
}

func (s *Store) check(k KeySpec) error {
	if err := checkName("key", k.Name); err != nil {
		return err
	}
	for _, p := range k.Permissions {
		if !s.knows(p) {
			return fmt.Errorf("project: there is no permission %q", p)
		}
	}
	return nil
}

// ErrNoKey is returned for a key id that the project does not have.
var ErrNoKey = errors.New("project: no such key")

// ErrGone is returned for a change to a project that has been removed or
// replaced.
var ErrGone = errors.New("project: the project has been removed")

// CreateKey creates a key and returns it with its secret, which is not kept and
// cannot be had again. Its creation time is the store's, and at least 1 µs after
// that of the project's newest key.
func (p *Project) CreateKey(spec KeySpec) (*Key, string, error) {
	if err := p.store.check(spec); err != nil {
		return nil, "", err
	}
	p.store.mu.Lock()
	defer p.store.mu.Unlock()
	if p.store.projects[p.id] != p {
		return nil, "", ErrGone
	}
	created := p.clock.Now()
	if earliest := p.newest.Add(time.Microsecond); created.Before(earliest) {
		created = earliest
	}
	id := p.nextIDLocked()
	secret := p.newSecret()
	k := &Key{
		ID:          id,
		Name:        spec.Name,
		Created:     created,
		CreatorID:   spec.CreatorID,
		LastFour:    lastFour(secret),
		Expires:     spec.Expires,
		Restricted:  spec.Permissions != nil,
		Permissions: slices.Clone(spec.Permissions),
		digest:      digestOf(secret),
	}
	if err := p.addLocked(k); err != nil {
		return nil, "", err
	}
	p.store.changedLocked()
	return k, secret, nil
}

// nextIDLocked makes ids that are the same whenever the same things are done in
// the same order.
func (p *Project) nextIDLocked() uuid.UUID {
	for {
		id := uuid.NewSHA1(p.id, fmt.Appendf(nil, "key/%d", p.created))
		if _, taken := p.byID[id]; !taken {
			return id
		}
		p.created++ // a seed file may name any id
	}
}

// DeleteKey deletes a key for good: its secret is refused from now on. The
// errors are [ErrNoKey] and [ErrGone].
func (p *Project) DeleteKey(id uuid.UUID) error {
	p.store.mu.Lock()
	defer p.store.mu.Unlock()
	if p.store.projects[p.id] != p {
		return ErrGone
	}
	k, ok := p.byID[id]
	if !ok {
		return ErrNoKey
	}
	delete(p.store.bearers, k.digest)
	delete(p.byID, id)
	p.keys.Delete(k)
	p.deleted.bury(k)
	p.store.changedLocked()
	return nil
}

// Key returns the key with the given id. The error is [ErrNoKey].
func (p *Project) Key(id uuid.UUID) (*Key, error) {
	p.store.mu.RLock()
	defer p.store.mu.RUnlock()
	if k, ok := p.byID[id]; ok {
		return k, nil
	}
	return nil, ErrNoKey
}

// UpdateKey gives a key another name, when it is not empty, and the rights that
// change returns of those it has: nil permissions for all. They are those of the
// next request. The secret stays. The errors are [ErrNoKey], [ErrGone], or tell what
// is wrong with an argument.
func (p *Project) UpdateKey(id uuid.UUID, name string, change func(restricted bool, permissions []gen.Permission) []gen.Permission) (*Key, error) {
	p.store.mu.Lock()
	defer p.store.mu.Unlock()
	if p.store.projects[p.id] != p {
		return nil, ErrGone
	}
	old, ok := p.byID[id]
	if !ok {
		return nil, ErrNoKey
	}
	k := *old
	if name != "" {
		k.Name = name
	}
	k.Permissions = slices.Clone(change(old.Restricted, old.Permissions))
	k.Restricted = k.Permissions != nil
	if err := p.store.check(KeySpec{Name: k.Name, Permissions: k.Permissions}); err != nil {
		return nil, err
	}
	p.keys.Set(&k)
	p.byID[id] = &k
	if k.digest != (digest{}) {
		p.store.bearers[k.digest] = bearer{project: p, key: &k}
	}
	p.store.changedLocked()
	return &k, nil
}

// newSecret returns the secret of the next key. Its last four characters are
// digits, as the API's last_four_digits promises.
func (p *Project) newSecret() string {
	entropy := rand.Text()
	if p.store.config.KnownSecrets {
		known := sha256.Sum256(fmt.Appendf(nil, "%s/%d", p.id, p.created))
		entropy = base32.StdEncoding.EncodeToString(known[:])[:len(entropy)]
	}
	four := sha256.Sum256([]byte(entropy))
	return fmt.Sprintf("diga-mock-%s-%04d", strings.ToLower(entropy), binary.BigEndian.Uint16(four[:])%10_000)
}

// maxName is the longest name of a key, project or member, in characters.
const maxName = 255

// checkName says what is wrong with the name of a thing.
func checkName(thing, name string) error {
	if n := utf8.RuneCountInString(name); n < 1 || n > maxName || !utf8.ValidString(name) {
		return fmt.Errorf("project: a %s's name must have 1 to %d characters", thing, maxName)
	}
	return nil
}

// lastFour returns the secret's last four characters, or all of a shorter one.
func lastFour(secret string) string {
	return secret[max(0, len(secret)-4):]
}
