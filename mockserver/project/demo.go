package project

import (
	"encoding/binary"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/digakit/digakit/gen"
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
	// with a whole document alone: see [Config].
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
	permissions  []gen.Permission
}{
	{"Mock_Unrestricted", DemoUnrestricted, nil},
	{"Mock_Read_Only", DemoReadOnly, []gen.Permission{"api_keys.view"}},
	{"Mock_No_Access", DemoNoAccess, []gen.Permission{"calls.view"}},
	{"Mock_Nothing", DemoNothing, []gen.Permission{}},
}

const demoAlways = 3 // of demoKnown

// demoApplications name the other keys, with what such an application needs;
// nil stands for an unrestricted key. Between them they use all kinds of
// permissions, so that a user interface meets them all.
var demoApplications = []struct {
	name        string
	permissions []gen.Permission
}{
	{"CRM", []gen.Permission{
		"contacts.view", "contacts.delete", "calls.view", "messages.view",
	}},
	{"Mobile_App", []gen.Permission{
		"calls.view", "calls.create", "recordings.view", "transcriptions.view",
		"notifications.view", "notifications.update",
	}},
	{"Booking_App", []gen.Permission{
		"agents.view", "calls.create", "tools.view", "conversational_paths.view",
	}},
	{"Backoffice", nil},
	{"Billing_Sync", []gen.Permission{
		"billing.view", "billing.update", "stats.view",
	}},
	{"Agent_Studio", []gen.Permission{
		"agents.view", "agents.create", "agents.update", "agents.delete",
		"voices.view", "knowledge_bases.view", "knowledge_bases.update",
	}},
	{"Phone_Desk", []gen.Permission{
		"phones.view", "phones.purchase", "phones.import", "verifications.view",
		"verifications.create",
	}},
	{"Webhook_Relay", []gen.Permission{
		"webhooks.view", "webhooks.create", "integrations.view",
		"integrations.update",
	}},
	{"Key_Rotation", []gen.Permission{
		"api_keys.view", "api_keys.create", "api_keys.delete", "members.view",
	}},
	{"Audit", []gen.Permission{
		"logs.view", "companies.update", "workflows.view",
	}},
	{"Retired_Partner", []gen.Permission{}},
}

var demoStages = []string{"Production", "Staging", "Development"}

// AddDemo adds the project "demo" with n keys, 0 to [MaxDemoKeys]. The same n
// gives the same project every time, and the first keys of a larger project
// have the ids and names of a smaller one. The three keys with known secrets
// are the oldest; nobody knows the secrets of the others.
func (s *Store) AddDemo(n int) (*Project, error) {
	if n < 0 || n > MaxDemoKeys {
		return nil, fmt.Errorf("project: a demo project has 0 to %d keys, not %d", MaxDemoKeys, n)
	}
	p := newProject(s, uuid.NewSHA1(demoSpace, []byte("project")), "demo")
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.addProjectLocked(p); err != nil {
		return nil, err
	}
	p.members = []Member{
		{ID: uuid.NewSHA1(demoSpace, []byte("administrator/1")), Name: "Ada", Role: Administrator},
		{ID: uuid.NewSHA1(demoSpace, []byte("administrator/2")), Name: "Grace", Role: Administrator},
		{ID: uuid.NewSHA1(demoSpace, []byte("member/1")), Name: "Alan", Role: PlainMember},
	}
	for i := range n {
		k := s.demoKey(demoSpace, i)
		if i < demoAlways || i < len(demoKnown) && s.config.Whole {
			known := demoKnown[i]
			k = &Key{
				ID: k.ID, Name: known.name, LastFour: lastFour(known.secret), digest: digestOf(known.secret),
				Restricted: known.permissions != nil, Permissions: s.known(known.permissions),
			}
		}
		k.Created = MadeUpTime(i, n)
		k.CreatorID = p.members[i/4%2].ID
		if err := p.addLocked(k); err != nil {
			return nil, err
		}
	}
	p.origin = func() Snapshot {
		again, err := NewStore(s.config).AddDemo(n)
		if err != nil {
			return p.snapshotLocked() // it worked before, so it does again
		}
		return again.Snapshot()
	}
	s.changedLocked()
	return p, nil
}

// MadeUpTime is the creation time of the i-th of n keys when nothing else gives one.
func MadeUpTime(i, n int) time.Time {
	return demoStart.Add(time.Duration(i) * min(demoStep, (demoSpan/time.Duration(n)).Truncate(time.Microsecond)))
}

// demoKey returns the i-th of the keys that nobody knows the secrets of, without
// its time and creator. Its id is made in the given namespace.
func (s *Store) demoKey(space uuid.UUID, i int) *Key {
	id := uuid.NewSHA1(space, fmt.Appendf(nil, "key/%d", i))
	i = max(i-demoAlways, 0)
	application := demoApplications[i%len(demoApplications)]
	generation := i / len(demoApplications)
	name := application.name + "_" + demoStages[generation%len(demoStages)]
	if rotation := generation / len(demoStages); rotation > 0 {
		name = fmt.Sprintf("%s_%d", name, rotation+1)
	}
	return &Key{
		ID: id, Name: name, LastFour: fmt.Sprintf("%04d", binary.BigEndian.Uint16(id[:])%10_000),
		Restricted: application.permissions != nil, Permissions: s.known(application.permissions),
	}
}
