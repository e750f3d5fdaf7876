package store_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/digakit/digakit/mockserver/store"
)

// frozen is a clock that stands still.
func frozen() time.Time { return time.Date(2026, 3, 4, 5, 6, 7, 8009, time.UTC) }

func try(t interface {
	Helper()
	Fatal(...any)
}, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// filler makes keys that nobody knows the secrets of, an hour apart.
func filler(project uuid.UUID, i, _ int) store.Key {
	return store.Key{
		ID: uuid.NewSHA1(project, fmt.Append(nil, i)), Name: fmt.Sprintf("key-%d", i), LastFour: "0000",
		Created: time.Date(2025, 1, 1, i, 0, 0, 0, time.UTC), Restricted: i%2 == 1, Permissions: []string{}[:0:0],
	}
}

func create(t interface {
	Helper()
	Fatal(...any)
}, s *store.Store, name string, keys int) (*store.Project, string) {
	t.Helper()
	p, _, secret, err := s.CreateProject(name, keys, filler)
	try(t, err)
	return p, secret
}

func names(p *store.Project) []string {
	found, _ := p.Search("", 1000)
	all := []string{}
	for _, k := range found {
		all = append(all, k.Name)
	}
	return all
}

func shotOf(p *store.Project) string {
	content, items, _ := p.Snapshot()
	text, err := json.Marshal([]any{content, items})
	if err != nil {
		panic(err)
	}
	return string(text)
}

func TestCreateProject(t *testing.T) {
	t.Parallel()
	s := store.New(store.Config{Frozen: frozen(), KnownSecrets: true})
	p, secret := create(t, s, "shop", 60)
	owner, admin, ok := s.Authenticate(secret)
	if !ok || owner != p || admin.Restricted || p.Len() != 60 {
		t.Errorf("the admin key opens %v with %+v; there are %d keys", owner, admin, p.Len())
	}
	for _, name := range []string{"shop", p.ID().String()} {
		if found, ok := s.Project(name); !ok || found != p {
			t.Errorf("it is not found by %s", name)
		}
	}
	members := p.Members()
	if len(members) != 1 || members[0].Role != store.Administrator || admin.CreatorID != members[0].ID {
		t.Errorf("its members are %+v, the admin key's creator %s", members, admin.CreatorID)
	}
	unnamed, _ := create(t, s, "", 1)
	if unnamed.Name() == "" || unnamed.ID() == p.ID() {
		t.Errorf("a project without a name is %q, %s", unnamed.Name(), unnamed.ID())
	}
	// The same is done elsewhere: the same comes out.
	again := store.New(store.Config{Frozen: frozen(), KnownSecrets: true})
	if q, other := create(t, again, "shop", 60); other != secret || q.ID() != p.ID() {
		t.Error("another store gives another secret or id")
	}
}

func TestCreateProjectRefuses(t *testing.T) {
	t.Parallel()
	s := store.New(store.Config{})
	create(t, s, "shop", 1)
	for _, tc := range []struct {
		why, name string
		keys      int
		want      error
		says      string
	}{
		{"the same name", "shop", 1, store.ErrNameTaken, "shop"},
		{"the first key is the admin key", "a", 0, nil, "1 to"},
		{"too many keys", "a", store.MaxProjectKeys + 1, nil, "1 to"},
		{"a long name", strings.Repeat("a", 256), 1, nil, "255"},
		{"where requests without a key are journalled", "_unauthenticated", 1, nil, "reserved"},
	} {
		if _, _, _, err := s.CreateProject(tc.name, tc.keys, filler); err == nil || tc.want != nil && !errors.Is(err, tc.want) || !strings.Contains(err.Error(), tc.says) {
			t.Errorf("%s: error is %v, want %v", tc.why, err, tc.want)
		}
	}
}

// Keys and items of all projects together are bounded, whatever they are made by, and
// those of a project that is gone do not count.
func TestTheSumOfItemsIsBounded(t *testing.T) {
	t.Parallel()
	s := store.New(store.Config{})
	var made []*store.Project
	for range store.MaxItems / store.MaxProjectKeys {
		p, _ := create(t, s, "", store.MaxProjectKeys)
		made = append(made, p)
	}
	full := func(what string, err error) {
		t.Helper()
		if !errors.Is(err, store.ErrTooMany) || !strings.Contains(err.Error(), "3000000") {
			t.Errorf("%s: %v", what, err)
		}
	}
	_, _, _, err := s.CreateProject("", 1, filler)
	full("another project", err)
	_, _, err = made[0].CreateKey(store.KeySpec{Name: "One"})
	full("another key", err)
	made[0].Change(func() { _, err = made[0].Add("agent", "", "a", map[string]any{}, nil) })
	full("another item", err)
	try(t, s.DeleteProject(made[1]))
	if _, _, err := made[0].CreateKey(store.KeySpec{Name: "One"}); err != nil {
		t.Errorf("with a project less: %v", err)
	}
}

func TestDeleteProject(t *testing.T) {
	t.Parallel()
	s := store.New(store.Config{})
	p, secret := create(t, s, "shop", 5)
	try(t, s.DeleteProject(p))
	if _, _, ok := s.Authenticate(secret); ok {
		t.Error("its admin key still works")
	}
	if _, ok := s.Project("shop"); ok {
		t.Error("it is still found")
	}
	_, members := p.AddMember("Alan", store.PlainMember)
	_, _, keys := p.CreateKey(store.KeySpec{Name: "x"})
	for what, err := range map[string]error{"deleting it again": s.DeleteProject(p), "a member": members, "a key": keys, "a reset": p.Reset()} {
		if !errors.Is(err, store.ErrGone) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestMembers(t *testing.T) {
	t.Parallel()
	p, _ := create(t, store.New(store.Config{}), "shop", 1)
	alan, err := p.AddMember("Alan", store.PlainMember)
	try(t, err)
	if got, err := p.Member(alan.ID); err != nil || got != alan {
		t.Errorf("found %+v, %v", got, err)
	}
	if _, err := p.Member(uuid.Nil); !errors.Is(err, store.ErrNoMember) {
		t.Errorf("an unknown member: %v", err)
	}
	for _, bad := range []struct {
		name string
		role store.Role
	}{{"", store.PlainMember}, {strings.Repeat("a", 256), store.PlainMember}, {"Alan", "owner"}} {
		if _, err := p.AddMember(bad.name, bad.role); err == nil {
			t.Errorf("member %q as %q: no error", bad.name, bad.role)
		}
	}
}

func TestSearch(t *testing.T) {
	t.Parallel()
	p, _ := create(t, store.New(store.Config{}), "shop", 3)
	for _, name := range []string{"CRM_Query", "booking_app", "Ämter"} {
		_, _, err := p.CreateKey(store.KeySpec{Name: name})
		try(t, err)
	}
	for text, want := range map[string][]string{
		"": {"Ämter", "booking_app", "CRM_Query", "key-2", "key-1", "Admin"}, "crm": {"CRM_Query"}, "KEY": {"key-2", "key-1"},
		"ämt": {"Ämter"}, "m": {"Ämter", "CRM_Query", "Admin"}, "x": {},
	} {
		for limit := range 7 {
			got := []string{}
			found, total := p.Search(text, limit)
			for _, k := range found {
				got = append(got, k.Name)
			}
			if !slices.Equal(got, want[:min(limit, len(want))]) || total != len(want) {
				t.Errorf("%q finds %q of %d, want %q", text, got, total, want)
			}
		}
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	s := store.New(store.Config{Now: frozen, Permits: func(p string) bool { return p == "calls.view" }})
	p, _ := create(t, s, "shop", 3)
	before := time.Time{}
	for i, permissions := range [][]string{nil, {}, {"calls.view"}} {
		k, secret, err := p.CreateKey(store.KeySpec{Name: "New", Permissions: permissions})
		try(t, err)
		owner, got, ok := s.Authenticate(secret)
		if !ok || owner != p || !cmp.Equal(got, k) {
			t.Errorf("key %d: its secret opens %+v, want %+v", i, got, k)
		}
		if !strings.HasSuffix(secret, k.LastFour) || strings.Trim(k.LastFour, "0123456789") != "" || len(k.LastFour) != 4 {
			t.Errorf("key %d: last four digits %q are not the end of the secret", i, k.LastFour)
		}
		if k.Restricted != (permissions != nil) || !k.Created.After(before) {
			t.Errorf("key %d: restricted is %t, created %s after %s", i, k.Restricted, k.Created, before)
		}
		before = k.Created
		if newest, _ := p.Search("", 1); !cmp.Equal(newest[0], k) {
			t.Errorf("key %d is not listed as the newest, but %+v", i, newest[0])
		}
	}
	for why, spec := range map[string]store.KeySpec{
		"no name": {}, "long name": {Name: strings.Repeat("ñ", 256)}, "not UTF-8": {Name: "\xff"},
		"unknown permission":                          {Name: "x", Permissions: []string{"calls.listen"}},
		"a date that no answer and no snapshot could": {Name: "x", Expires: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)},
	} {
		if _, _, err := p.CreateKey(spec); err == nil {
			t.Errorf("%s: no error", why)
		}
	}
	if n := p.Len(); n != 6 {
		t.Errorf("refused keys are kept: there are %d", n)
	}
}

// What a key may do changes at once, it ends when it is deleted or expires, and none of
// this is another key's.
func TestAKeysPowers(t *testing.T) {
	t.Parallel()
	s := store.New(store.Config{Frozen: frozen()})
	p, admin := create(t, s, "shop", 1)
	k, secret, err := p.CreateKey(store.KeySpec{Name: "New", Expires: frozen().Truncate(time.Microsecond).Add(time.Hour)})
	try(t, err)
	works := func() *store.Key { _, k, _ := s.Authenticate(secret); return k }
	if got := works(); got == nil || !got.Allows("calls.view") {
		t.Errorf("new, it is %+v", got)
	}
	_, err = p.UpdateKey(k.ID, func(k *store.Key) { k.Name, k.Permissions = "Newer", []string{"agents.view"} })
	try(t, err)
	if got := works(); got == nil || got.Name != "Newer" || got.Allows("calls.view") || !got.Allows("agents.view") {
		t.Errorf("changed, it is %+v", got)
	}
	if _, err := p.UpdateKey(k.ID, func(k *store.Key) { k.Name = "" }); err == nil || works().Name != "Newer" {
		t.Errorf("without a name: %v, %+v", err, works())
	}
	try(t, p.Clock().Advance(time.Hour))
	if works() != nil {
		t.Error("it works when it has expired")
	}
	try(t, p.Clock().Advance(-time.Minute))
	if works() == nil {
		t.Error("it does not work before it expires")
	}
	try(t, p.DeleteKey(k.ID))
	if works() != nil {
		t.Error("it works when it is deleted")
	}
	if err := p.DeleteKey(k.ID); !errors.Is(err, store.ErrNoKey) {
		t.Errorf("deleting it again: %v", err)
	}
	if _, _, ok := s.Authenticate(admin); !ok {
		t.Error("another key does not work any more")
	}
}

// The keys that a project begins with are a list like any other: pages, ids and what was
// deleted and changed among them, before and after a snapshot.
func TestKeysThatAreMadeWhenLookedAt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := store.New(store.Config{Frozen: frozen()})
		p, _ := create(t, s, "shop", rapid.IntRange(1, 40).Draw(t, "keys"))
		want := names(p)
		for range rapid.IntRange(0, 30).Draw(t, "changes") {
			switch rapid.IntRange(0, 2).Draw(t, "change") {
			case 0:
				name := fmt.Sprintf("new-%d", len(want))
				_, _, err := p.CreateKey(store.KeySpec{Name: name})
				try(t, err)
				want = slices.Insert(want, 0, name)
			case 1:
				if n := len(want); n > 0 {
					i := rapid.IntRange(0, n-1).Draw(t, "deleted")
					found, _ := p.Search("", n)
					try(t, p.DeleteKey(found[i].ID))
					want = slices.Delete(want, i, i+1)
				}
			case 2:
				if n := len(want); n > 0 {
					i := rapid.IntRange(0, n-1).Draw(t, "changed")
					found, _ := p.Search("", n)
					want[i] += "'"
					_, err := p.UpdateKey(found[i].ID, func(k *store.Key) { k.Name = want[i] })
					try(t, err)
				}
			}
		}
		check := func(p *store.Project) {
			if got := names(p); !slices.Equal(got, want) {
				t.Fatalf("the keys are %q, want %q", got, want)
			}
			for from := 0; from < len(want); from++ {
				var page store.Page
				p.View(func() {
					cursor := ""
					if from > 0 {
						cursor = p.At("api_key", "", len(want)-from).ID
					}
					var err error
					page, err = p.Page("api_key", "", store.Query{Limit: 3, After: strings.ToUpper(cursor)})
					try(t, err)
				})
				for i, item := range page.Items {
					if item.Value["name"] != want[from+i] {
						t.Errorf("after %d come %v, want %q", from, item.Value["name"], want[from+i])
					}
				}
				if page.More != (from+3 < len(want)) || page.Total != len(want) || page.First != from {
					t.Errorf("after %d: more %t of %d, first is %d", from, page.More, page.Total, page.First)
				}
			}
		}
		check(p)
		content, items, _ := p.Snapshot()
		other := store.New(store.Config{Frozen: frozen()})
		o, err := other.Origin(content, items)
		try(t, err)
		back, err := other.AddProject(o)
		try(t, err)
		check(back)
		if a, b := shotOf(p), shotOf(back); a != b {
			t.Errorf("the snapshot is\n%s, and then\n%s", a, b)
		}
	})
}

func TestResets(t *testing.T) {
	t.Parallel()
	s := store.New(store.Config{Frozen: frozen()})
	p, secret := create(t, s, "shop", 3)
	first := names(p)
	k, added, err := p.CreateKey(store.KeySpec{Name: "New"})
	try(t, err)
	_, admin, _ := s.Authenticate(secret)
	try(t, p.DeleteKey(admin.ID))
	p.Change(func() { _, err = p.Add("agent", "", "a", map[string]any{"id": "a"}, nil) })
	try(t, err)
	p.Clock().Run()
	content, items, _ := p.Snapshot()
	for range 2 {
		try(t, p.Reset())
		if got := names(p); !slices.Equal(got, first) || p.Has("agent", "") || !p.Clock().Snapshot().Frozen {
			t.Errorf("after the reset there are %q", got)
		}
		if _, _, ok := s.Authenticate(secret); !ok {
			t.Error("the admin key does not work again")
		}
		if _, _, ok := s.Authenticate(added); ok {
			t.Error("a key made before the reset still works")
		}
		// A late answer to who asked before a reset is of nobody else.
		again, _, err := p.CreateKey(store.KeySpec{Name: "New"})
		try(t, err)
		if again.ID == k.ID {
			t.Error("an id is given out again")
		}
		try(t, p.Restore(content, items))
		if _, _, ok := s.Authenticate(added); !ok || len(names(p)) != 3 || p.Get("agent", "", "a") == nil {
			t.Errorf("restored, there are %q", names(p))
		}
	}
	other, _ := create(t, s, "other", 1)
	foreign, _, _ := other.Snapshot()
	if err := p.Restore(foreign, items); err == nil {
		t.Error("the snapshot of another project: no error")
	}
	o, err := s.Origin(store.ProjectSnapshot{ID: uuid.UUID{1}, Name: "kept"}, store.ItemsSnapshot{})
	try(t, err)
	kept, err := s.AddProject(o)
	try(t, err)
	_, _, err = kept.CreateKey(store.KeySpec{Name: "New"})
	try(t, err)
	removed, err := s.Reset()
	try(t, err)
	if len(removed) != 2 || len(s.Projects()) != 1 || kept.Len() != 0 {
		t.Errorf("a reset of the store removes %d projects and leaves %d", len(removed), len(s.Projects()))
	}
	// What was there at first comes back, however often it was removed.
	for range 2 {
		try(t, s.DeleteProject(kept))
		if _, err = s.Reset(); err != nil || len(s.Projects()) != 1 {
			t.Fatalf("a reset brings %d projects back: %v", len(s.Projects()), err)
		}
		_, secret, err := kept.CreateKey(store.KeySpec{Name: "New"})
		try(t, err)
		if by, _, ok := s.Authenticate(secret); !ok || by != kept || kept.Len() != 1 {
			t.Errorf("a key of a project that is back: %v, of %d keys", ok, kept.Len())
		}
	}
	try(t, s.DeleteProject(kept))
	try(t, s.Replace(nil, []store.Origin{o}, nil))
	if _, err = s.Reset(); err != nil || len(s.Projects()) != 1 {
		t.Errorf("beside another of its name, %d projects: %v", len(s.Projects()), err)
	}
	if next, _ := create(t, s, "", 1); next.ID() == p.ID() || next.ID() == other.ID() {
		t.Error("the id of a project is given out again")
	}
}

// Resets and restores of one project wait for each other, and for writes.
func TestConcurrentResets(t *testing.T) {
	t.Parallel()
	s := store.New(store.Config{})
	p, _ := create(t, s, "shop", 60)
	content, items, _ := p.Snapshot()
	var wg sync.WaitGroup
	for range 200 {
		wg.Go(func() { try(t, p.Reset()) })
		wg.Go(func() { try(t, p.Restore(content, items)) })
		wg.Go(func() { _, _, err := p.CreateKey(store.KeySpec{Name: "New"}); try(t, err) })
	}
	wg.Wait()
}

func TestReplaceChangesNothingOnAnError(t *testing.T) {
	t.Parallel()
	s := store.New(store.Config{})
	shop := store.ProjectSnapshot{ID: uuid.UUID{9}, Name: "shop", Keys: []store.Key{{ID: uuid.UUID{9}, Name: "x", Created: frozen(), Digest: store.DigestOf("secret")}}}
	origin := func(shot store.ProjectSnapshot) store.Origin {
		o, err := s.Origin(shot, store.ItemsSnapshot{})
		try(t, err)
		return o
	}
	p, err := s.AddProject(origin(shop))
	try(t, err)
	other, named, twice := shop, store.ProjectSnapshot{ID: uuid.UUID{2}, Name: "shop"}, shop
	other.ID, other.Name = uuid.UUID{1}, "other"
	twice.ID, twice.Name, twice.Keys = uuid.UUID{3}, "twice", append(slices.Clone(shop.Keys), store.Key{ID: uuid.UUID{8}, Name: "y", Created: frozen(), Digest: store.DigestOf("secret")})
	for _, tc := range []struct {
		name   string
		remove []uuid.UUID
		add    []store.ProjectSnapshot
	}{
		{"id taken", nil, []store.ProjectSnapshot{shop}},
		{"name taken", nil, []store.ProjectSnapshot{named}},
		{"secrets taken", nil, []store.ProjectSnapshot{other}},
		{"the second is bad", []uuid.UUID{p.ID()}, []store.ProjectSnapshot{named, twice}},
	} {
		var all []store.Origin
		for _, shot := range tc.add {
			all = append(all, origin(shot))
		}
		if err := s.Replace(tc.remove, all, nil); err == nil {
			t.Fatalf("%s: no error", tc.name)
		}
		if got, ok := s.Project("shop"); !ok || got != p {
			t.Errorf("%s: the project is another", tc.name)
		}
		if _, _, ok := s.Authenticate("secret"); !ok {
			t.Errorf("%s: a secret stopped working", tc.name)
		}
		_, _, err := p.CreateKey(store.KeySpec{Name: "x"})
		try(t, err)
	}
	try(t, s.Replace([]uuid.UUID{p.ID()}, []store.Origin{origin(other)}, nil))
	if owner, _, ok := s.Authenticate("secret"); !ok || owner.Name() != "other" {
		t.Error("the secret was not handed on to the project that replaced the other")
	}
}

func TestSnapshotsThatNoStoreTakes(t *testing.T) {
	t.Parallel()
	s := store.New(store.Config{Permits: func(string) bool { return false }})
	key := func(change func(*store.Key)) store.ProjectSnapshot {
		k := store.Key{ID: uuid.UUID{1}, Name: "x", Created: frozen()}
		change(&k)
		return store.ProjectSnapshot{Name: "shop", Keys: []store.Key{k}}
	}
	for why, shot := range map[string]store.ProjectSnapshot{
		"no digest":              key(func(k *store.Key) { k.Digest = "zz" }),
		"no name":                key(func(k *store.Key) { k.Name = "" }),
		"a permission":           key(func(k *store.Key) { k.Restricted, k.Permissions = true, []string{"calls.view"} }),
		"no date":                key(func(k *store.Key) { k.Created = time.Time{} }),
		"a date of no answer":    key(func(k *store.Key) { k.Expires = time.Date(9999, 12, 31, 23, 0, 0, 0, time.FixedZone("", -7200)) }),
		"an id twice":            {Name: "shop", Keys: append(key(func(*store.Key) {}).Keys, key(func(*store.Key) {}).Keys...)},
		"a project with no name": {},
		"a reserved name":        {Name: "_mine"},
	} {
		o, err := s.Origin(shot, store.ItemsSnapshot{})
		if err == nil {
			_, err = s.AddProject(o)
		}
		if err == nil {
			t.Errorf("%s: no error", why)
		}
	}
}

// What an observer was told, made anew elsewhere, gives the same project.
func TestChangesMadeAnew(t *testing.T) {
	t.Parallel()
	a, b := store.New(store.Config{Frozen: frozen()}), store.New(store.Config{Frozen: frozen()})
	p, _ := create(t, a, "shop", 5)
	content, items, _ := p.Snapshot()
	q, err := b.Continue(store.Held{Content: content, Items: items, Made: true})
	try(t, err)
	var told []string
	a.Observe(func(_ *store.Project, changes []store.Change) {
		text, err := json.Marshal(changes)
		try(t, err)
		told = append(told, string(text))
	})
	k, secret, err := p.CreateKey(store.KeySpec{Name: "New", Permissions: []string{}, Expires: frozen().Add(time.Hour)})
	try(t, err)
	old, _ := p.Search("key-2", 1)
	try(t, p.DeleteKey(old[0].ID))
	_, err = p.UpdateKey(k.ID, func(k *store.Key) { k.Name = "Newer" })
	try(t, err)
	p.Change(func() {
		for _, in := range []string{"x", "y"} {
			for id := range 3 {
				_, err = p.Add("agent/version", in, fmt.Sprint(id), map[string]any{"n": json.Number("1.0")}, nil)
				try(t, err)
			}
		}
		p.Delete("agent/version", p.Get("agent/version", "x", "1"))
		p.Set("agent/version", p.Get("agent/version", "x", "2"), map[string]any{"n": nil}, map[string]map[string]any{"/s": {"a": true}})
		p.Drop("agent/version", func(scope string) bool { return scope == "y" })
	})
	for _, text := range told {
		var changes []store.Change
		try(t, json.Unmarshal([]byte(text), &changes))
		try(t, q.Apply(changes))
	}
	if want, got := shotOf(p), shotOf(q); want != got {
		t.Errorf("the project is\n%s, made anew\n%s", want, got)
	}
	if _, _, ok := b.Authenticate(secret); !ok {
		t.Error("the secret of a new key does not work")
	}
}
