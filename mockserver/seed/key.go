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

	"github.com/digakit/digakit/gen"
	"github.com/digakit/digakit/mockserver/project"
)

const (
	maxKeys  = project.MaxDemoKeys // of one file, counts included
	maxName  = 255                 // characters
	copyStep = time.Second         // between the keys that a count makes of one with a created_date
)

// Keys without created_date were created over createdSpan from createdStart on,
// evenly, createdStep apart when there are few of them. All of it is past.
var (
	createdStart = time.Date(2025, time.January, 7, 8, 41, 17, 203_911_000, time.UTC)
	createdSpan  = 300 * 24 * time.Hour
	createdStep  = 9*time.Hour + 47*time.Minute + 13*time.Second + 609_417*time.Microsecond
)

// Creation times lie in [minCreated, maxCreated): far enough from year 10000,
// which JSON has no way to write, for the keys created later.
var (
	minCreated = time.Date(1970, time.January, 1, 0, 0, 0, 0, time.UTC)
	maxCreated = time.Date(2200, time.January, 1, 0, 0, 0, 0, time.UTC)
)

// keyEntry is an item of keys: one key, or Count of them.
type keyEntry struct {
	Name, Secret, Creator, ID string
	Created                   string            `json:"created_date"`
	LastFour                  json.RawMessage   `json:"last_four_digits"`
	Permissions               *[]gen.Permission `json:"permissions"`
	Access                    *project.Access   `json:"access"`
	Count                     json.Number

	key   project.KeySnapshot // without what differs between copies
	count int
}

// keys makes the keys of a project that has its id and members.
func (p *parser) keys(at string, entries []keyEntry, owner project.Snapshot) []project.KeySnapshot {
	total := 0
	for i := range entries {
		p.complete(item(at, i), &entries[i], owner.Members)
		total += entries[i].count
		if p.keyCount += entries[i].count; p.keyCount > maxKeys {
			p.wrong(item(at, i), "with this the file asks for more than %d keys; lower a count", maxKeys)
			return nil
		}
	}
	keys := make([]project.KeySnapshot, 0, total)
	namesakes := make(map[string]int)
	step := min(createdStep, (createdSpan / time.Duration(max(total, 1))).Truncate(time.Microsecond))
	for i, e := range entries {
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
				k.Created = createdStart.Add(time.Duration(len(keys)) * step)
			} else {
				k.Created = k.Created.Add(time.Duration(n) * copyStep)
			}
			if e.Name != "" {
				p.once("key's id", "", string(k.ID[:]), item(at, i))
			}
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b project.KeySnapshot) int {
		return cmp.Or(a.Created.Compare(b.Created), bytes.Compare(a.ID[:], b.ID[:]))
	})
	return keys
}

// complete makes of an item of keys what its copies share, and checks what no schema
// can say.
func (p *parser) complete(at string, e *keyEntry, members []project.Member) {
	e.key = project.KeySnapshot{Name: e.Name, CreatorID: firstAdministrator(members), LastFour: strings.Trim(string(e.LastFour), `"`)}
	e.key.ID, _ = p.id(e.ID, at, uuid.Nil)
	e.count = 1
	if e.Count != "" && !p.broken[at+"/count"] {
		n, err := strconv.Atoi(e.Count.String())
		if err != nil {
			p.wrong(at+"/count", "this must be a whole number, in decimal digits; leave fraction and exponent out")
		}
		e.count = max(n, 1)
	}
	if e.Secret != "" {
		e.key.Digest, e.key.LastFour = project.DigestOf(e.Secret), project.LastFour(e.Secret)
		p.once("secret", "", e.Secret, at+"/secret")
	}
	if e.Permissions != nil {
		e.key.Restricted, e.key.Permissions = true, *e.Permissions
		for i, permission := range *e.Permissions {
			p.once("permission", at, string(permission), item(at+"/permissions", i))
		}
	} else if e.Access != nil {
		e.key.Restricted = true
		e.key.Permissions, _ = e.Access.Permissions() // what it could say, the schema says
	}
	p.creator(at+"/creator", e, members)
	if e.Created != "" && !p.broken[at+"/created_date"] {
		err := e.key.Created.UnmarshalText([]byte(e.Created))
		e.key.Created = e.key.Created.UTC()
		if err != nil || e.key.Created.Before(minCreated) || !e.key.Created.Before(maxCreated) {
			p.wrong(at+"/created_date", "this must be a moment from %d to %d; give another date", minCreated.Year(), maxCreated.Year()-1)
		}
	}
	longest := utf8.RuneCountInString(e.Name) + len(fmt.Sprintf("_%d", e.count))
	if e.count > 1 && longest > maxName && !p.broken[at+"/name"] {
		p.wrong(at+"/count", "the name of the last of these keys would have %d characters; at most %d are allowed", longest, maxName)
	}
	if last := e.key.Created.Add(time.Duration(e.count-1) * copyStep); e.count > 1 && e.key.Created.Before(maxCreated) && !last.Before(maxCreated) {
		p.wrong(at+"/count", "the last of these keys, each created a second after the one before, would be of the year %d or later; lower the count", maxCreated.Year())
	}
}

// creator finds the member that a key names, or takes the id that it gives.
func (p *parser) creator(at string, e *keyEntry, members []project.Member) {
	if e.Creator == "" {
		return
	}
	names := make([]string, 0, len(members))
	for _, m := range members {
		if m.Name == e.Creator {
			e.key.CreatorID = m.ID
			return
		}
		names = append(names, m.Name)
	}
	id, err := uuid.Parse(e.Creator)
	if err != nil || id == uuid.Nil || len(e.Creator) != len(uuid.Nil.String()) {
		p.wrong(at, "no member has this name, and it is no UUID; %s", remedy(e.Creator, names[:min(len(names), 10)], "among the members are "))
	}
	e.key.CreatorID = id
}

func item(at string, i int) string { return at + "/" + strconv.Itoa(i) }
