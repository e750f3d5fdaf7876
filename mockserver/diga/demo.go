package diga

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/digakit/digakit/gen"
	"github.com/digakit/digakit/mockserver/store"
)

// The demo project's keys with known secrets. They open the mock and
// nothing else.
const (
	// DemoUnrestricted is the secret of an unrestricted key.
	DemoUnrestricted = "diga-mock-unrestricted-0001"
	// DemoReadOnly is the secret of a key restricted to api_keys.view.
	DemoReadOnly = "diga-mock-read-only-0002"
	// DemoNoAccess is the secret of a key restricted to calls.view, so that it
	// may not list keys.
	DemoNoAccess = "diga-mock-no-access-0003"
	// DemoNothing is the secret of a key restricted to no permission. It is there
	// with a whole document alone: see [NewWorld].
	DemoNothing = "diga-mock-nothing-0004"
)

// Sizes of the demo project.
const (
	DemoKeys    = 60        // the default
	MaxDemoKeys = 1_000_000 // the most
)

// The demo project's keys were created over demoSpan from demoStart on, evenly,
// demoStep apart when there are few of them.
var (
	demoStart = time.Date(2025, time.January, 7, 8, 41, 17, 203_911_000, time.UTC)
	demoSpan  = 300 * 24 * time.Hour
	demoStep  = 9*time.Hour + 47*time.Minute + 13*time.Second + 609_417*time.Microsecond
)

// demoSpace is the namespace of the demo project's ids (RFC 9562, version 5).
var demoSpace = uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://github.com/digakit/digakit#demo"))

// demoKnown are the keys with known secrets, oldest first.
var demoKnown = []struct {
	name, secret string
	permissions  []string
}{
	{"Mock_Unrestricted", DemoUnrestricted, nil},
	{"Mock_Read_Only", DemoReadOnly, []string{"api_keys.view"}},
	{"Mock_No_Access", DemoNoAccess, []string{"calls.view"}},
	{"Mock_Nothing", DemoNothing, []string{}},
}

const demoAlways = 3 // of demoKnown

// demoApplications name the other keys, with what such an application needs. Between
// them they use all kinds of permissions, so that a user interface meets them all.
var demoApplications = []struct{ name, permissions string }{
	{"CRM", "contacts.view contacts.delete calls.view messages.view"},
	{"Mobile_App", "calls.view calls.create recordings.view transcriptions.view notifications.view notifications.update"},
	{"Booking_App", "agents.view calls.create tools.view conversational_paths.view"},
	{"Backoffice", unrestricted},
	{"Billing_Sync", "billing.view billing.update stats.view"},
	{"Agent_Studio", "agents.view agents.create agents.update agents.delete voices.view knowledge_bases.view knowledge_bases.update"},
	{"Phone_Desk", "phones.view phones.purchase phones.import verifications.view verifications.create"},
	{"Webhook_Relay", "webhooks.view webhooks.create integrations.view integrations.update"},
	{"Key_Rotation", "api_keys.view api_keys.create api_keys.delete members.view"},
	{"Audit", "logs.view companies.update workflows.view"},
	{"Retired_Partner", ""},
}

const unrestricted = "*" // of an application: its key has no permissions

var demoStages = []string{"Production", "Staging", "Development"}

// World makes the keys of projects that nobody has described, of those permissions that
// a document has.
type World struct {
	applications [][]string // permissions of each
	whole        bool
	known        func([]string) []string
}

// NewWorld returns what makes keys for a document that has the permissions which has
// tells; nil: those of gen's. Whole adds to a demo project what is of use with a document
// of more than keys.
func NewWorld(has func(permission string) bool, whole bool) *World {
	if has == nil {
		has = func(p string) bool { return gen.Permission(p).Valid() }
	}
	w := &World{whole: whole, known: func(wanted []string) []string {
		return slices.DeleteFunc(slices.Clone(wanted), func(p string) bool { return !has(p) })
	}}
	for _, a := range demoApplications {
		var permissions []string
		if a.permissions != unrestricted {
			permissions = w.known(strings.Fields(a.permissions))
		}
		w.applications = append(w.applications, permissions)
	}
	return w
}

// Demo is the project "demo" with n keys, 0 to [MaxDemoKeys]. The same n
// gives the same project every time, and the first keys of a larger project
// have the ids and names of a smaller one. The three keys with known secrets
// are the oldest; nobody knows the secrets of the others.
func (w *World) Demo(n int) (store.Origin, error) {
	if n < 0 || n > MaxDemoKeys {
		return store.Origin{}, fmt.Errorf("diga: a demo project has 0 to %d keys, not %d", MaxDemoKeys, n)
	}
	o := store.Origin{ID: uuid.NewSHA1(demoSpace, []byte("project")), Name: "demo", Created: uint64(n), Members: []store.Member{
		{ID: uuid.NewSHA1(demoSpace, []byte("administrator/1")), Name: "Ada", Role: store.Administrator},
		{ID: uuid.NewSHA1(demoSpace, []byte("administrator/2")), Name: "Grace", Role: store.Administrator},
		{ID: uuid.NewSHA1(demoSpace, []byte("member/1")), Name: "Alan", Role: store.PlainMember},
	}}
	known := min(n, demoAlways)
	if w.whole {
		known = min(n, len(demoKnown))
	}
	for i := range known {
		o.Keys.Secrets = append(o.Keys.Secrets, i)
	}
	o.Keys.ID = func(i int) uuid.UUID { return keyID(demoSpace, i) }
	o.Keys.Name = func(i int) string {
		if i < known {
			return demoKnown[i].name
		}
		return keyName(i)
	}
	o.Keys.Len, o.Keys.At = n, func(i int) store.Key {
		k := w.Key(demoSpace, i, n)
		if i < known {
			of := demoKnown[i]
			k.Name, k.LastFour, k.Digest = of.name, store.LastFour(of.secret), store.DigestOf(of.secret)
			k.Restricted, k.Permissions = of.permissions != nil, w.known(of.permissions)
		}
		k.CreatorID = o.Members[i/4%2].ID
		return k
	}
	return o, nil
}

func keyID(space uuid.UUID, i int) uuid.UUID {
	return uuid.NewSHA1(space, strconv.AppendInt([]byte("key/"), int64(i), 10))
}

func keyName(i int) string {
	i = max(i-demoAlways, 0)
	generation := i / len(demoApplications)
	name := demoApplications[i%len(demoApplications)].name + "_" + demoStages[generation%len(demoStages)]
	if rotation := generation / len(demoStages); rotation > 0 {
		name += "_" + strconv.Itoa(rotation+1)
	}
	return name
}

// MadeUpTime is the creation time of the i-th of n keys when nothing else gives one.
func MadeUpTime(i, n int) time.Time {
	return demoStart.Add(time.Duration(i) * min(demoStep, (demoSpan/time.Duration(n)).Truncate(time.Microsecond)))
}

// Key returns the i-th of n keys that nobody knows the secrets of, without its creator.
// Its id is made in the given namespace.
func (w *World) Key(space uuid.UUID, i, n int) store.Key {
	k := store.Key{ID: keyID(space, i), Name: keyName(i), Created: MadeUpTime(i, n)}
	application := max(i-demoAlways, 0) % len(demoApplications)
	k.LastFour = strconv.Itoa(10_000 + int(binary.BigEndian.Uint16(k.ID[:]))%10_000)[1:]
	k.Restricted, k.Permissions = demoApplications[application].permissions != unrestricted, w.applications[application]
	return k
}
