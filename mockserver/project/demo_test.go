package project_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/digakit/digakit/mockserver/project"
)

func demoKeys(t *testing.T, n int) []*project.Key {
	t.Helper()
	return page(t, demo(t, n), project.PageQuery{Order: project.OldestFirst, Limit: n + 1}).Keys
}

func TestDemoIsTheSameEveryTime(t *testing.T) {
	t.Parallel()
	a, b := demoKeys(t, project.DemoKeys), demoKeys(t, project.DemoKeys)
	if diff := cmp.Diff(a, b, cmpopts.IgnoreUnexported(project.Key{})); diff != "" {
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
			if !p.Valid() {
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
		{project.DemoUnrestricted, true, true, "0001", "Mock_Unrestricted"},
		{project.DemoReadOnly, true, false, "0002", "Mock_Read_Only"},
		{project.DemoNoAccess, false, false, "0003", "Mock_No_Access"},
	} {
		t.Run(tc.keyNamed, func(t *testing.T) {
			t.Parallel()
			s := project.NewStore(project.Config{})
			p, err := s.AddDemo(project.DemoKeys)
			if err != nil {
				t.Fatal(err)
			}
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
	s := project.NewStore(project.Config{})
	if _, err := s.AddDemo(1); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"", "x", project.DemoReadOnly, project.DemoUnrestricted + " "} {
		if _, _, ok := s.Authenticate(secret); ok {
			t.Errorf("secret %q opens a project", secret)
		}
	}
}

func TestDemoRefusesSizesOutOfRange(t *testing.T) {
	t.Parallel()
	for _, n := range []int{-1, project.MaxDemoKeys + 1} {
		if _, err := project.NewStore(project.Config{}).AddDemo(n); err == nil {
			t.Errorf("%d keys: no error", n)
		}
	}
}
