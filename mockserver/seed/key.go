package seed

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/digakit/digakit/mockserver/project"
)

// Keys without created_date were created over createdSpan from createdStart on,
// evenly, createdStep apart when there are few of them. All of it is past.
var (
	createdStart = time.Date(2025, time.January, 7, 8, 41, 17, 203_911_000, time.UTC)
	createdSpan  = 300 * 24 * time.Hour
	createdStep  = 9*time.Hour + 47*time.Minute + 13*time.Second + 609_417*time.Microsecond
)

// copyStep lies between the keys that a count makes of one with a created_date.
const copyStep = time.Second

// keyEntry is an item of keys: one key, or count of them.
type keyEntry struct {
	value
	key   project.KeySnapshot // without what differs between copies
	count int
}

// keys reads the keys of a project that has its id and members.
func (v value) keys(owner *project.Snapshot) ([]project.KeySnapshot, bool) {
	items, ok := v.items()
	if !ok {
		return nil, false
	}
	read := keyReader{owner.ID, owner.Members, firstAdministrator(owner.Members)}
	entries := make([]keyEntry, 0, min(len(items), maxKeys))
	total := 0
	for _, item := range items {
		if v.p.full() {
			return nil, false
		}
		e, right := read.entry(item)
		ok = ok && right
		total += e.count
		if v.p.keyCount += e.count; v.p.keyCount > maxKeys {
			item.mistake("with this the file asks for more than %d keys", maxKeys)
			v.p.more = true
			return nil, false
		}
		entries = append(entries, e)
	}
	if !ok {
		return nil, false
	}
	keys := make([]project.KeySnapshot, 0, total)
	namesakes := make(map[string]int)
	step := min(createdStep, (createdSpan / time.Duration(max(total, 1))).Truncate(time.Microsecond))
	for _, e := range entries {
		for i := range e.count {
			k := e.key
			if i > 0 {
				k.Name = fmt.Sprintf("%s_%d", k.Name, i+1)
			}
			namesakes[k.Name]++
			if k.ID == uuid.Nil {
				k.ID = madeUp(owner.ID, "seed/key/%d/%s", namesakes[k.Name], k.Name)
			}
			if k.LastFour == "" {
				k.LastFour = fmt.Sprintf("%04d", binary.BigEndian.Uint16(k.ID[:])%10_000)
			}
			if k.Created.IsZero() {
				k.Created = createdStart.Add(time.Duration(len(keys)) * step)
			} else {
				k.Created = k.Created.Add(time.Duration(i) * copyStep)
			}
			if !unique(e.value, v.p.keys, "key's id", k.ID) {
				return nil, false
			}
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b project.KeySnapshot) int {
		return cmp.Or(a.Created.Compare(b.Created), bytes.Compare(a.ID[:], b.ID[:]))
	})
	return keys, true
}

// keyReader reads keys of one project.
type keyReader struct {
	projectID uuid.UUID
	members   []project.Member
	creator   uuid.UUID // when a key names none
}

// entry reads one item of keys. Its count is at least 1 even if not ok.
func (r keyReader) entry(v value) (e keyEntry, ok bool) {
	e = keyEntry{value: v, count: 1, key: project.KeySnapshot{CreatorID: r.creator}}
	fields, ok := v.fields("name", "secret", "last_four_digits", "permissions", "access", "created_date", "creator", "id", "count")
	if !ok {
		return e, false
	}
	right := make([]bool, 0, len(fields)) // reads all fields, whichever is wrong
	if name, given := fields["name"]; given {
		e.key.Name, ok = name.name()
	} else {
		v.mistake("there is no field name; every key needs one")
		ok = false
	}
	right = append(right, ok)
	if id, given := fields["id"]; given {
		e.key.ID, ok = id.id()
		right = append(right, ok)
	}
	if created, given := fields["created_date"]; given {
		e.key.Created, ok = created.instant()
		right = append(right, ok)
	}
	if creator, given := fields["creator"]; given {
		e.key.CreatorID, ok = r.creatorAt(creator)
		right = append(right, ok)
	}
	right = append(right, e.readRights(fields), e.readSecret(fields), e.readCount(fields))
	return e, !slices.Contains(right, false)
}

// readRights reads what the key may do.
func (e *keyEntry) readRights(fields map[string]value) (ok bool) {
	permissions, listed := fields["permissions"]
	access, levelled := fields["access"]
	e.key.Restricted = listed || levelled
	switch {
	case listed && levelled:
		access.mistake("the permissions say it already; keep permissions or access")
		return false
	case listed:
		e.key.Permissions, ok = permissions.permissions()
	case levelled:
		e.key.Permissions, ok = access.access()
	default:
		ok = true
	}
	return ok
}

// readSecret reads the secret or what is known of it.
func (e *keyEntry) readSecret(fields map[string]value) (ok bool) {
	secret, known := fields["secret"]
	four, given := fields["last_four_digits"]
	switch {
	case known && given:
		four.mistake("the secret says it already; keep secret alone, or last_four_digits for a secret that nobody knows")
		return false
	case given:
		e.key.LastFour, ok = four.lastFour()
		return ok
	case !known:
		return true
	}
	s, ok := secret.secret()
	if !ok {
		return false
	}
	e.key.Digest, e.key.LastFour = project.DigestOf(s), project.LastFour(s)
	return unique(secret, e.p.secrets, "secret", e.key.Digest)
}

// readCount reads how many keys there are to be.
func (e *keyEntry) readCount(fields map[string]value) (ok bool) {
	count, given := fields["count"]
	if !given {
		return true
	}
	n, ok := count.count()
	if !ok {
		return false
	}
	for _, one := range []string{"secret", "id"} {
		if v, given := fields[one]; given && n > 1 {
			v.mistake("%d keys cannot have the same %s; leave count or %s out", n, one, one)
			return false
		}
	}
	longest := utf8.RuneCountInString(e.key.Name) + len(fmt.Sprintf("_%d", n))
	if n > 1 && longest > maxName {
		count.mistake("the name of the last of these keys would have %d characters; at most %d are allowed", longest, maxName)
		return false
	}
	if last := e.key.Created.Add(time.Duration(n-1) * copyStep); !last.Before(maxCreated) {
		count.mistake("the last of these keys, each created a second after the one before, would be of the year %d or later", maxCreated.Year())
		return false
	}
	e.count = n
	return true
}

// creatorAt returns the id of the member that v names, or the id that it is.
func (r keyReader) creatorAt(v value) (uuid.UUID, bool) {
	s, ok := v.text()
	if !ok {
		return uuid.Nil, false
	}
	for _, m := range r.members {
		if m.Name == s {
			return m.ID, true
		}
	}
	if id, ok := parseID(s); ok {
		return id, true
	}
	names := make([]string, 0, len(r.members))
	for _, m := range r.members[:min(len(r.members), 10)] {
		names = append(names, m.Name)
	}
	v.mistake("no member has this name, and it is no UUID; %s", remedy(s, names, "among the members are "))
	return uuid.Nil, false
}
