package store

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
)

// Key is one API key of a project: what its item shows, and what is never shown. A
// *Key is not changed, so that it may be shared; treat it as read-only.
type Key struct {
	ID        uuid.UUID `json:"id"`
	Name      string    `json:"name,omitempty"`
	Created   time.Time `json:"created"` // UTC, whole microseconds
	CreatorID uuid.UUID `json:"creator_id,omitzero"`
	LastFour  string    `json:"last_four_digits,omitempty"` // the secret's last four characters
	Expires   time.Time `json:"expires,omitzero"`           // from when on the secret is refused; zero: never

	// Restricted says whether Permissions limit what the key may do. An
	// unrestricted key has every permission and nil Permissions.
	Restricted  bool     `json:"restricted,omitempty"`
	Permissions []string `json:"permissions,omitempty"`

	Digest Digest `json:"digest,omitempty"` // of the secret; empty when nobody knows it
}

// Digest is the SHA-256 digest of a secret in hex, or empty. Secrets are long and
// random (or published, in the demo project), so an unsalted hash is enough and
// lets a secret be looked up in one step.
type Digest string

// DigestOf returns what is kept of a secret.
func DigestOf(secret string) Digest {
	d := sha256.Sum256([]byte(secret))
	return Digest(hex.EncodeToString(d[:]))
}

// LastFour returns what the API shows of a secret: its last four characters, or
// all of a shorter one.
func LastFour(secret string) string { return secret[max(0, len(secret)-4):] }

// Secret is what of an API key its item does not show.
type Secret struct {
	Digest  Digest
	Expires time.Time
}

// Allows reports whether k may do what needs a permission.
func (k *Key) Allows(permission string) bool {
	return !k.Restricted || slices.Contains(k.Permissions, permission)
}

// Restrict limits a key to its permissions, or gives it all. It is for the change of
// [Project.UpdateKey].
func (k *Key) Restrict(restricted bool) {
	if k.Restricted = restricted; !restricted {
		k.Permissions = nil
	} else if k.Permissions == nil {
		k.Permissions = []string{}
	}
}

// KeySpec says what key to create. A nil Permissions makes an unrestricted key,
// an empty one a key that may do nothing.
type KeySpec struct {
	Name        string // 1 to 255 characters; names need not be unique
	Permissions []string
	CreatorID   uuid.UUID // the first administrator when not given
	Expires     time.Time // zero: never
}

// ErrNoKey is returned for a key id that the project does not have.
var ErrNoKey = errors.New("store: no such key")

// check says what of a key the store does not take.
func (c Config) check(k Key) error {
	if err := checkName("key", k.Name); err != nil {
		return err
	}
	for _, p := range k.Permissions {
		if c.Permits != nil && !c.Permits(p) {
			return fmt.Errorf("store: there is no permission %q", p)
		}
	}
	if !k.Expires.IsZero() {
		if err := checkInstant(k.Expires); err != nil {
			return err
		}
	}
	return checkInstant(k.Created)
}

// compareKeys orders keys by creation time, then by id, so that no two keys of
// a project are equal and every page has exactly one right content.
func compareKeys(a, b Key) int {
	return cmp.Or(a.Created.Compare(b.Created), bytes.Compare(a.ID[:], b.ID[:]))
}

// item is a key as an item of its collection. Dates are as the API writes them.
func (c Config) item(k Key) *Item {
	var permissions any
	switch {
	case k.Restricted:
		list := make([]any, len(k.Permissions))
		for i, p := range k.Permissions {
			list[i] = p
		}
		permissions = list
	case c.EmptyPermissions:
		permissions = []any{}
	}
	i := &Item{ID: k.ID.String(), Value: map[string]any{
		"name": k.Name, "created_date": k.Created.Format(time.RFC3339Nano), "creator_id": k.CreatorID.String(),
		"last_four_digits": k.LastFour, "restricted": k.Restricted, "permissions": permissions,
	}}
	i.Value["id"] = i.ID
	if k.Digest != "" || !k.Expires.IsZero() {
		i.Secret = &Secret{k.Digest, k.Expires}
	}
	return i
}

// keyOf is the key that an item is. What is written into the items of the collection is
// made by item, or is of its schema.
func keyOf(i *Item) Key {
	text := func(name string) string { s, _ := i.Value[name].(string); return s }
	k := Key{Name: text("name"), LastFour: text("last_four_digits"), Restricted: i.Value["restricted"] == true}
	k.ID, _ = uuid.Parse(i.ID)
	k.CreatorID, _ = uuid.Parse(text("creator_id"))
	k.Created, _ = time.Parse(time.RFC3339Nano, text("created_date"))
	if k.Restricted {
		list, _ := i.Value["permissions"].([]any)
		k.Permissions = make([]string, len(list))
		for n := range list {
			k.Permissions[n], _ = list[n].(string)
		}
	}
	if i.Secret != nil {
		k.Digest, k.Expires = i.Secret.Digest, i.Secret.Expires
	}
	return k
}

// Authenticate returns the project and key that a secret belongs to; ok is false
// for a secret that no key has, or whose key has been deleted or has expired by its
// project's clock.
func (s *Store) Authenticate(secret string) (p *Project, k *Key, ok bool) {
	d := DigestOf(secret)
	s.mu.RLock()
	defer s.mu.RUnlock()
	if p = s.bearers[d]; p == nil {
		return nil, nil, false
	}
	k = p.secrets[d]
	if !k.Expires.IsZero() && !p.clock.Now().Before(k.Expires) {
		return nil, nil, false
	}
	return p, k, true
}

// watch lets the secrets of API keys work from the time on that their items are there,
// and no longer than that.
func (p *Project) watch(collection string, old, now *Item) {
	if collection == p.store.config.Keys {
		p.store.mu.Lock()
		defer p.store.mu.Unlock()
		if old != nil && old.Secret != nil && p.secrets[old.Secret.Digest] != nil {
			delete(p.secrets, old.Secret.Digest)
			delete(p.store.bearers, old.Secret.Digest)
		}
		if now != nil && now.Secret != nil && now.Secret.Digest != "" {
			k := keyOf(now)
			p.secrets[k.Digest], p.store.bearers[k.Digest] = &k, p
		}
	}
	if p.store.observe != nil {
		p.changes = append(p.changes, p.changeOf(collection, old, now))
	}
}

func (p *Project) watchDrop(collection, scope string) {
	if p.store.observe != nil {
		p.changes = append(p.changes, Change{Collection: collection, Scope: scope, Dropped: true})
	}
}

// report tells the observer what a step has changed.
func (p *Project) report() {
	if len(p.changes) > 0 {
		p.store.observe(p, p.changes)
		p.changes = nil
	}
}

// CreateKey creates a key and returns it with its secret, which is not kept and
// cannot be had again. Its creation time is the project's, and at least 1 µs after
// that of its newest key. The errors are [ErrGone], [ErrTooMany], or tell what is wrong
// with an argument.
func (p *Project) CreateKey(spec KeySpec) (*Key, string, error) {
	k := Key{Name: spec.Name, CreatorID: spec.CreatorID, Expires: spec.Expires, Restricted: spec.Permissions != nil, Permissions: slices.Clone(spec.Permissions)}
	var secret string
	err := p.change(func() error {
		if k.CreatorID == uuid.Nil {
			for _, m := range p.members {
				if m.Role == Administrator && k.CreatorID == uuid.Nil {
					k.CreatorID = m.ID
				}
			}
		}
		k.Created = p.clock.Now()
		if earliest := p.newest.Add(time.Microsecond); k.Created.Before(earliest) {
			k.Created = earliest
		}
		k.ID = p.nextID()
		secret = p.newSecret()
		k.LastFour, k.Digest = LastFour(secret), DigestOf(secret)
		if err := p.store.config.check(k); err != nil {
			return err
		}
		if err := p.add(p.store.config.Keys, p.store.config.item(k)); err != nil {
			return err
		}
		p.newest = k.Created
		p.created++
		return nil
	})
	return &k, secret, err
}

// nextID makes ids that are the same whenever the same things are done in the same
// order, and never the same again.
func (p *Project) nextID() uuid.UUID {
	for {
		id := uuid.NewSHA1(p.id, fmt.Appendf(nil, "key/%d", p.created))
		if p.Get(p.store.config.Keys, "", id.String()) == nil {
			return id
		}
		p.created++ // a seed file may name any id
	}
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

// Key returns the key with the given id. The error is [ErrNoKey].
func (p *Project) Key(id uuid.UUID) (*Key, error) {
	return p.withKey(id, func(*Item, *Key) error { return nil })
}

// DeleteKey deletes a key for good: its secret is refused from now on. The
// errors are [ErrNoKey] and [ErrGone].
func (p *Project) DeleteKey(id uuid.UUID) error {
	_, err := p.withKey(id, func(i *Item, _ *Key) error {
		p.Delete(p.store.config.Keys, i)
		return nil
	})
	return err
}

// UpdateKey lets change set the name and the rights of a key: nil permissions for all.
// They are those of the next request. The secret stays. The errors are [ErrNoKey],
// [ErrGone], that of change, or tell what is wrong with what was set.
func (p *Project) UpdateKey(id uuid.UUID, change func(*Key)) (*Key, error) {
	return p.withKey(id, func(i *Item, k *Key) error {
		change(k)
		k.Restricted = k.Permissions != nil
		if err := p.store.config.check(*k); err != nil {
			return err
		}
		p.Set(p.store.config.Keys, i, p.store.config.item(*k).Value, nil)
		return nil
	})
}

func (p *Project) withKey(id uuid.UUID, f func(*Item, *Key) error) (*Key, error) {
	var k Key
	err := p.change(func() error {
		i := p.Get(p.store.config.Keys, "", id.String())
		if i == nil {
			return ErrNoKey
		}
		k = keyOf(i)
		return f(i, &k)
	})
	return &k, err
}

// Len returns how many keys the project has.
func (p *Project) Len() (n int) {
	p.View(func() { n = p.Items.Len(p.store.config.Keys, "") })
	return n
}

// Search returns the keys whose name holds text, whatever the case, newest first, up to a
// limit, and how many there are; all keys when text is empty. With a text it looks at
// every key.
func (p *Project) Search(text string, limit int) (found []*Key, total int) {
	text = strings.ToLower(text)
	found = []*Key{}
	p.View(func() {
		for index := p.Items.Len(p.store.config.Keys, "") - 1; index >= 0; index-- {
			if text == "" && total >= limit {
				total += index + 1
				return
			}
			if text != "" && !strings.Contains(strings.ToLower(p.nameAt(index)), text) {
				continue
			}
			if total++; total <= limit {
				k := p.keyAt(index)
				found = append(found, &k)
			}
		}
	})
	return found, total
}

// keyAt returns the key at an index, oldest first. One that the project began with needs
// no item for that.
func (p *Project) keyAt(index int) Key {
	in := p.find(p.store.config.Keys, "")
	if ordinal, ok := in.unchanged(index); ok {
		return p.keys.At(ordinal)
	}
	return keyOf(in.at(index))
}

func (p *Project) nameAt(index int) string {
	if ordinal, ok := p.find(p.store.config.Keys, "").unchanged(index); ok {
		return p.keys.Name(ordinal)
	}
	return p.keyAt(index).Name
}

// unchanged returns the ordinal of an item of the head that is as it was at first.
func (in *scope) unchanged(index int) (ordinal int, ok bool) {
	if index >= in.head.len() {
		return 0, false
	}
	ordinal = in.head.at(index)
	return ordinal, in.head.changed[ordinal] == nil
}

const maxName = 255 // characters, of a key, project or member

// checkName says what is wrong with the name of a thing.
func checkName(thing, name string) error {
	if n := utf8.RuneCountInString(name); n < 1 || n > maxName || !utf8.ValidString(name) {
		return fmt.Errorf("store: a %s's name must have 1 to %d characters", thing, maxName)
	}
	return nil
}
