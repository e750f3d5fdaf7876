package seed_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/digakit/digakit/mockserver/diga"
	"github.com/digakit/digakit/mockserver/seed"
	"github.com/digakit/digakit/mockserver/store"
)

const whole = `# every field
projects:
  - name: shop
    id: 0B9C1D2E-3f40-4516-8273-8495a6b7c8d9
    members:
      - {name: Alan}
      - {name: Ada, role: administrator, id: a1111111-1111-4111-8111-111111111111}
    keys:
      - name: CRM_Production
        secret: shop-crm-0001
        permissions: []
        created_date: 2025-06-07T10:00:00.000001+02:00
        creator: Alan
        id: b2222222-2222-4222-8222-222222222222
      - {name: App, last_four_digits: 0042, permissions: [calls.view, stats.view]}
      - {name: App, creator: c3333333-3333-4333-8333-333333333333}
      - {name: Copy, count: 3, created_date: "2025-06-07T08:00:00Z"}
  - name: empty
`

func parse(t *testing.T, text string) []seed.Project {
	t.Helper()
	got, err := seed.Parse("seed.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestEveryFieldIsRead(t *testing.T) {
	t.Parallel()
	ada := uuid.MustParse("a1111111-1111-4111-8111-111111111111")
	shop := uuid.MustParse("0b9c1d2e-3f40-4516-8273-8495a6b7c8d9")
	alan := uuid.NewSHA1(shop, []byte("seed/member/Alan"))
	key := func(n, name string) uuid.UUID { return uuid.NewSHA1(shop, []byte("seed/key/"+n+"/"+name)) }
	at := time.Date(2025, 6, 7, 8, 0, 0, 0, time.UTC)
	start := time.Date(2025, time.January, 7, 8, 41, 17, 203_911_000, time.UTC)
	step := 9*time.Hour + 47*time.Minute + 13*time.Second + 609_417*time.Microsecond
	want := store.ProjectSnapshot{
		ID: shop, Name: "shop", Created: 6,
		Members: []store.Member{
			{ID: alan, Name: "Alan", Role: store.PlainMember},
			{ID: ada, Name: "Ada", Role: store.Administrator},
		},
		Keys: []store.Key{
			{
				ID: key("1", "App"), Name: "App", Created: start.Add(step), CreatorID: ada, LastFour: "0042",
				Restricted: true, Permissions: []string{"calls.view", "stats.view"},
			},
			{
				ID: key("2", "App"), Name: "App", Created: start.Add(2 * step), LastFour: "8833",
				CreatorID: uuid.MustParse("c3333333-3333-4333-8333-333333333333"),
			},
			{ID: key("1", "Copy"), Name: "Copy", Created: at, CreatorID: ada, LastFour: "2924"},
			{
				ID: uuid.MustParse("b2222222-2222-4222-8222-222222222222"), Name: "CRM_Production", Created: at.Add(time.Microsecond),
				CreatorID: alan, LastFour: "0001", Restricted: true, Permissions: []string{}, Digest: store.DigestOf("shop-crm-0001"),
			},
			{ID: key("1", "Copy_2"), Name: "Copy_2", Created: at.Add(time.Second), CreatorID: ada, LastFour: "6093"},
			{ID: key("1", "Copy_3"), Name: "Copy_3", Created: at.Add(2 * time.Second), CreatorID: ada, LastFour: "3556"},
		},
	}
	got := parse(t, whole)
	if diff := cmp.Diff(want, got[0].ProjectSnapshot); diff != "" {
		t.Errorf("shop (-want +got):\n%s", diff)
	}
	empty := got[1]
	if len(empty.Keys) != 0 || len(empty.Members) != 1 || empty.Members[0].Role != store.Administrator {
		t.Errorf("a project of which only the name is given is %+v, want no key and one administrator", empty)
	}
}

// add adds projects to a store, and returns them.
func add(t *testing.T, s *store.Store, projects []seed.Project) []seed.Project {
	t.Helper()
	origins := make([]store.Origin, len(projects))
	for i, p := range projects {
		var err error
		origins[i], err = s.Origin(p.ProjectSnapshot, store.ItemsSnapshot{})
		try(t, err)
	}
	try(t, s.Replace(nil, origins, nil))
	return projects
}

func TestTheStoreTakesWhatIsParsed(t *testing.T) {
	t.Parallel()
	s := store.New(store.Config{})
	var want []store.ProjectSnapshot
	for _, p := range add(t, s, parse(t, whole)) {
		want = append(want, p.ProjectSnapshot)
	}
	p, k, ok := s.Authenticate("shop-crm-0001")
	if !ok || p.Name() != "shop" || k.Name != "CRM_Production" || k.Allows("calls.view") {
		t.Errorf("the secret opens %v, %+v, %t", p, k, ok)
	}
	var got []store.ProjectSnapshot
	for _, shot := range want {
		p, _ := s.Project(shot.ID.String())
		content, _, _ := p.Snapshot()
		got = append(got, content)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the store's snapshot (-parsed +store):\n%s", diff)
	}
}

func TestKeysAreMadeUpAlike(t *testing.T) {
	t.Parallel()
	few := parse(t, "projects: [{name: a, keys: [{name: k, count: 3}]}]")[0].Keys
	more := parse(t, "projects: [{name: a, keys: [{name: other}, {name: k, count: 2000}]}, {name: b}]")[0].Keys
	for i := range few {
		if few[i].ID != more[i+1].ID || few[i].LastFour != more[i+1].LastFour {
			t.Errorf("%s is another key when a key is added before it", few[i].Name)
		}
	}
	fourDigits := regexp.MustCompile(`^[0-9]{4}$`)
	for i, k := range more {
		if !fourDigits.MatchString(k.LastFour) {
			t.Errorf("key %d: last four digits %q", i, k.LastFour)
		}
		if i > 0 && k.Created.Sub(more[i-1].Created) < time.Microsecond {
			t.Errorf("key %d is not at least 1 µs newer than the one above it", i)
		}
		if k.Created.Year() != 2025 {
			t.Errorf("key %d is of %s, want a date of 2025", i, k.Created)
		}
	}
}

func TestWhatYAMLAllows(t *testing.T) {
	t.Parallel()
	want := parse(t, "projects: [{name: a, keys: [{name: k, permissions: [calls.view]}, {name: l, permissions: [calls.view]}]}]")
	for _, tc := range []struct{ name, text, why string }{
		{"block style", "projects:\n- name: a\n  keys:\n  - name: k\n    permissions:\n    - calls.view\n  - {name: l, permissions: [calls.view]}\n", "the usual way"},
		{"JSON", `{"projects":[{"name":"a","keys":[{"name":"k","permissions":["calls.view"]},{"name":"l","permissions":["calls.view"]}]}]}`, "JSON is YAML"},
		{"alias", "projects: [{name: a, keys: [{name: k, permissions: &p [calls.view]}, {name: l, permissions: *p}]}]", "a list of permissions is worth sharing"},
		{"byte order mark and CRLF", "\ufeffprojects:\r\n- name: a\r\n  keys:\r\n  - {name: k, permissions: [calls.view]}\r\n  - {name: l, permissions: [calls.view]}\r\n", "Windows editors"},
		{"document markers", "---\nprojects: [{name: a, members: , keys: [{name: k, permissions: [calls.view]}, {name: l, permissions: [calls.view]}]}]\n...\n", "one document, and an empty list of members"},
		{"explicit tags", "projects: [{name: !!str a, keys: [{name: k, permissions: [calls.view]}, {name: l, permissions: [calls.view]}]}]", "they change nothing"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(want, parse(t, tc.text)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.why, diff)
			}
		})
	}
	for _, none := range []string{"projects: []", "projects:"} {
		if got := parse(t, none); len(got) != 0 {
			t.Errorf("%s: got %v", none, got)
		}
	}
}

func TestLastFourDigitsAreTextOrANumber(t *testing.T) {
	t.Parallel()
	got := parse(t, `projects: [{name: a, keys: [{name: k, last_four_digits: 0042}, {name: l, last_four_digits: 1234}, {name: m, last_four_digits: 'a"\b'}]}]`)
	for i, want := range []string{"0042", "1234", `a"\b`} {
		if k := got[0].Keys[i]; k.LastFour != want {
			t.Errorf("%s has %q, want %q", k.Name, k.LastFour, want)
		}
	}
}

func TestDemoSecretsMayBeNamed(t *testing.T) {
	t.Parallel()
	got := parse(t, "projects: [{name: demo, keys: [{name: k, secret: "+diga.DemoUnrestricted+"}]}]")
	if got[0].Keys[0].Digest != store.DigestOf(diga.DemoUnrestricted) {
		t.Error("it is another secret")
	}
}

func TestOnePersonInTwoProjects(t *testing.T) {
	t.Parallel()
	const ada = "{name: Ada, role: administrator, id: a1111111-1111-4111-8111-111111111111}"
	got := parse(t, "projects: [{name: a, members: [&ada "+ada+"]}, {name: b, members: [*ada]}]")
	if diff := cmp.Diff(got[0].Members, got[1].Members); diff != "" {
		t.Error(diff)
	}
}
