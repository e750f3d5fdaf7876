package diga_test

import (
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/gen"
	"github.com/digakit/digakit/mockserver/diga"
	"github.com/digakit/digakit/mockserver/store"
)

func demo(t *testing.T, n int) (*store.Store, *store.Project) {
	t.Helper()
	s := store.New(store.Config{})
	o, err := diga.NewWorld(nil, false).Demo(n)
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.AddProject(o)
	if err != nil {
		t.Fatal(err)
	}
	return s, p
}

// demoKeys are those of a demo project, oldest first.
func demoKeys(t *testing.T, n int) []*store.Key {
	t.Helper()
	_, p := demo(t, n)
	keys, _ := p.Search("", n)
	slices.Reverse(keys)
	return keys
}

func TestDemoIsTheSameEveryTime(t *testing.T) {
	t.Parallel()
	a, b := demoKeys(t, diga.DemoKeys), demoKeys(t, diga.DemoKeys)
	if diff := cmp.Diff(a, b); diff != "" {
		t.Errorf("two demo projects differ (-first +second):\n%s", diff)
	}
	// Users write these down in their tests.
	if got, want := a[0].ID.String(), "876cc34e-393b-593f-bc15-3cf876cf97c3"; got != want {
		t.Errorf("the first demo key has id %s, want %s", got, want)
	}
	if got, want := a[0].Created.Format(time.RFC3339Nano), "2025-01-07T08:41:17.203911Z"; got != want {
		t.Errorf("the first demo key was created at %s, want %s", got, want)
	}
}

func TestDemoOfAnySizeBeginsAlike(t *testing.T) {
	t.Parallel()
	small, large := demoKeys(t, 2), demoKeys(t, 2000)
	for i := range small {
		if small[i].ID != large[i].ID || small[i].Name != large[i].Name {
			t.Errorf("key %d is %s of 2, but %s of 2000", i, small[i].Name, large[i].Name)
		}
	}
}

func TestDemoKeysArePlausible(t *testing.T) {
	t.Parallel()
	const n = 5000
	fourDigits := regexp.MustCompile(`^[0-9]{4}$`)
	keys := demoKeys(t, n)
	if len(keys) != n {
		t.Fatalf("got %d keys, want %d", len(keys), n)
	}
	for i, k := range keys {
		if !fourDigits.MatchString(k.LastFour) {
			t.Errorf("key %d: last four digits are %q", i, k.LastFour)
		}
		if k.Restricted != (k.Permissions != nil) {
			t.Errorf("key %d: restricted is %t with permissions %v", i, k.Restricted, k.Permissions)
		}
		for _, p := range k.Permissions {
			if !gen.Permission(p).Valid() {
				t.Errorf("key %d: permission %q is not in Diga's spec", i, p)
			}
		}
		if i > 0 && k.Created.Sub(keys[i-1].Created) < time.Microsecond {
			t.Errorf("key %d was created less than 1 µs after the one before", i)
		}
		if k.Created.After(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)) {
			t.Errorf("key %d was created in the future: %s", i, k.Created)
		}
	}
}

func TestDemoSecrets(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		secret             string
		lists, creates     bool
		lastFour, keyNamed string
	}{
		{diga.DemoUnrestricted, true, true, "0001", "Mock_Unrestricted"},
		{diga.DemoReadOnly, true, false, "0002", "Mock_Read_Only"},
		{diga.DemoNoAccess, false, false, "0003", "Mock_No_Access"},
	} {
		t.Run(tc.keyNamed, func(t *testing.T) {
			t.Parallel()
			s, p := demo(t, diga.DemoKeys)
			owner, k, ok := s.Authenticate(tc.secret)
			if !ok || owner != p {
				t.Fatalf("the secret opens %v, %t; want the demo project", owner, ok)
			}
			if k.Name != tc.keyNamed || k.LastFour != tc.lastFour {
				t.Errorf("the secret is of %s …%s, want %s …%s", k.Name, k.LastFour, tc.keyNamed, tc.lastFour)
			}
			if got := k.Allows("api_keys.view"); got != tc.lists {
				t.Errorf("allows api_keys.view: %t, want %t", got, tc.lists)
			}
			if got := k.Allows("api_keys.create"); got != tc.creates {
				t.Errorf("allows api_keys.create: %t, want %t", got, tc.creates)
			}
		})
	}
}

func TestUnknownSecretsOpenNothing(t *testing.T) {
	t.Parallel()
	s, _ := demo(t, 1)
	for _, secret := range []string{"", "x", diga.DemoReadOnly, diga.DemoUnrestricted + " "} {
		if _, _, ok := s.Authenticate(secret); ok {
			t.Errorf("secret %q opens a project", secret)
		}
	}
}

func TestDemoRefusesSizesOutOfRange(t *testing.T) {
	t.Parallel()
	for _, n := range []int{-1, diga.MaxDemoKeys + 1} {
		if _, err := diga.NewWorld(nil, false).Demo(n); err == nil {
			t.Errorf("%d keys: no error", n)
		}
	}
}
