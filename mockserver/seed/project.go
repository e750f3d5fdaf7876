package seed

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/digakit/digakit/mockserver/diga"
	"github.com/digakit/digakit/mockserver/server"
	"github.com/digakit/digakit/mockserver/store"
)

// Project is a project of a seed file.
type Project = server.Seeded

// entry is a project as the file has it.
type entry struct {
	Name, ID string
	Members  []struct {
		Name, ID string
		Role     store.Role
	}
	Keys        []keyEntry
	Faults      []json.RawMessage
	Collections map[string]json.RawMessage
}

// project makes the project at a pointer. It is right only if there is no mistake.
func (p *parser) project(at string, e entry) Project {
	var made Project
	var where string
	made.Name = e.Name
	made.ID, where = p.id(e.ID, at, madeUp(seedSpace, "project/%s", e.Name))
	if e.Name != "" && p.once("name", [1]string{e.Name}, at+"/name") {
		p.once("id", [1]uuid.UUID{made.ID}, where)
	}
	made.Members = p.members(at+"/members", e, made.ID)
	made.Keys = p.keys(at+"/keys", e.Keys, made.ProjectSnapshot)
	made.Created = uint64(len(made.Keys))
	made.Faults = p.faults(at+"/faults", e.Faults)
	made.Collections = p.collections(at+"/collections", e.Collections)
	return made
}

// members makes the members of a project. Names are unique in it, ids too, but another
// project may have the same person. A project that names none has one administrator.
func (p *parser) members(at string, e entry, projectID uuid.UUID) (members []store.Member) {
	if len(e.Members) == 0 {
		return []store.Member{{ID: madeUp(projectID, "seed/administrator"), Name: "Administrator", Role: store.Administrator}}
	}
	for i, m := range e.Members {
		if m.Role == "" {
			m.Role = store.PlainMember
		}
		id, where := p.id(m.ID, item(at, i), madeUp(projectID, "seed/member/%s", m.Name))
		members = append(members, store.Member{ID: id, Name: m.Name, Role: m.Role})
		if m.Name != "" && p.once("name", [2]string{at, m.Name}, item(at, i)+"/name") {
			p.once("id", [2]string{at, string(id[:])}, where)
		}
	}
	if !slices.ContainsFunc(members, isAdministrator) && !p.broken[at] {
		p.wrong(at, "no member is an administrator, and only administrators create keys", "give one of them role: administrator")
	}
	return members
}

func isAdministrator(m store.Member) bool { return m.Role == store.Administrator }

const (
	maxKeys  = diga.MaxDemoKeys // of one file, counts included
	maxName  = 255              // characters
	copyStep = time.Second      // between the keys that a count makes of one with a created_date
)

// Creation times lie in [minCreated, maxCreated): far enough from year 10000.
var (
	minCreated = time.Date(1970, time.January, 1, 0, 0, 0, 0, time.UTC)
	maxCreated = time.Date(2200, time.January, 1, 0, 0, 0, 0, time.UTC)
)

// keyEntry is an item of keys: one key, or Count of them.
type keyEntry struct {
	Name, Secret, Creator, ID string
	Created                   string `json:"created_date"`
	LastFour                  any    `json:"last_four_digits"` // text or a number
	Permissions               []string
	Access                    *diga.Access
	Count                     json.Number

	key   store.Key // without what differs between copies
	count int
}

// keys makes the keys of a project that has its id and members.
func (p *parser) keys(at string, entries []keyEntry, owner store.ProjectSnapshot) []store.Key {
	total := 0
	for i := range entries {
		p.complete(item(at, i), &entries[i], owner.Members)
		total += entries[i].count
		if p.keyCount += entries[i].count; p.keyCount > maxKeys {
			p.wrong(item(at, i), fmt.Sprintf("with this the file asks for more than %d keys", maxKeys), "lower a count")
			return nil
		}
	}
	keys := make([]store.Key, 0, total)
	namesakes := make(map[string]int)
	for i, e := range entries {
		here := item(at, i)
		for n := range e.count {
			k := e.key
			if n > 0 {
				k.Name = fmt.Sprintf("%s_%d", k.Name, n+1)
			}
			namesakes[k.Name]++
			if k.ID == uuid.Nil {
				k.ID = madeUp(owner.ID, "seed/key/%d/%s", namesakes[k.Name], k.Name)
			}
			if k.LastFour == "" {
				k.LastFour = fmt.Sprintf("%04d", binary.BigEndian.Uint16(k.ID[:])%10_000)
			}
			if k.Created.IsZero() {
				k.Created = diga.MadeUpTime(len(keys), total)
			} else {
				k.Created = k.Created.Add(time.Duration(n) * copyStep)
			}
			if e.Name != "" {
				p.once("key's id", k.ID, here)
			}
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b store.Key) int {
		return cmp.Or(a.Created.Compare(b.Created), bytes.Compare(a.ID[:], b.ID[:]))
	})
	return keys
}

// complete makes what the copies of an item share, and checks what no schema can say.
func (p *parser) complete(at string, e *keyEntry, members []store.Member) {
	e.count = 1
	if e.Count != "" && !p.broken[at+"/count"] {
		n, err := strconv.Atoi(e.Count.String())
		if err != nil {
			p.wrong(at+"/count", "this must be a whole number, in decimal digits", "leave fraction and exponent out")
		}
		e.count = max(n, 1)
	}
	e.key = store.Key{Name: e.Name, Restricted: e.Permissions != nil || e.Access != nil}
	if e.LastFour != nil {
		e.key.LastFour = fmt.Sprint(e.LastFour)
	}
	e.key.ID, _ = p.id(e.ID, at, uuid.Nil)
	e.key.CreatorID = p.creator(at+"/creator", e.Creator, members)
	if e.Secret != "" && p.once("secret", e.Secret, at+"/secret") {
		e.key.Digest, e.key.LastFour = store.DigestOf(e.Secret), store.LastFour(e.Secret)
	}
	if e.key.Permissions = e.Permissions; e.Access != nil && e.Permissions == nil {
		e.key.Permissions, _ = e.Access.Permissions() // what it could say, the schema says
	}
	for i, permission := range e.Permissions {
		p.once("permission", [2]string{at, permission}, item(at+"/permissions", i))
	}
	if e.Created != "" && !p.broken[at+"/created_date"] {
		err := e.key.Created.UnmarshalText([]byte(e.Created))
		e.key.Created = e.key.Created.UTC()
		last := e.key.Created.Add(time.Duration(e.count-1) * copyStep)
		switch years := fmt.Sprintf("from %d to %d", minCreated.Year(), maxCreated.Year()-1); {
		case err != nil || e.key.Created.Before(minCreated) || !e.key.Created.Before(maxCreated):
			p.wrong(at+"/created_date", "this must be a moment "+years, "give another date")
		case !last.Before(maxCreated):
			p.wrong(at+"/count", "the last of these keys, each created a second after the one before, must be "+years, "lower the count")
		}
	}
	if longest := utf8.RuneCountInString(e.Name) + len(fmt.Sprintf("_%d", e.count)); e.count > 1 && longest > maxName && !p.broken[at+"/name"] {
		p.wrong(at+"/count", fmt.Sprintf("the name of the last of these keys would have %d characters, more than %d", longest, maxName), "shorten the name")
	}
}

// creator finds the member that a key names, or takes the id; else the first
// administrator.
func (p *parser) creator(at, given string, members []store.Member) uuid.UUID {
	known := func(m store.Member) bool { return m.Name == given }
	if given == "" {
		known = isAdministrator
	}
	if i := slices.IndexFunc(members, known); i >= 0 {
		return members[i].ID
	}
	id, err := uuid.Parse(given)
	if given != "" && (err != nil || id == uuid.Nil || len(given) != len(uuid.Nil.String())) {
		names := make([]string, min(len(members), 10))
		for i := range names {
			names[i] = members[i].Name
		}
		p.wrong(at, "no member has this name, and it is no UUID", nearest(given, names, "among the members are "+strings.Join(names, ", ")))
	}
	return id
}
