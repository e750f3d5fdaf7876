package seed_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/mockserver/seed"
)

func TestAccess(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		yaml string
		want []string
	}{
		{"{}", []string{}},
		{"{Calls: No access}", []string{}},
		{"{API Keys: Read, Calls: Read}", []string{"calls.view", "api_keys.view"}},
		{"{Contacts: Write, Messages: Write}", []string{"messages.view", "contacts.view", "contacts.delete"}},
	} {
		got := parse(t, keyed("access: "+tc.yaml))[0].Keys[0]
		if diff := cmp.Diff(tc.want, got.Permissions); diff != "" || !got.Restricted {
			t.Errorf("access %s: restricted %t, permissions (-want +got):\n%s", tc.yaml, got.Restricted, diff)
		}
	}
}

func TestAccessMistakes(t *testing.T) {
	t.Parallel()
	const at = "projects[0].keys[0]"
	for _, tc := range []struct{ name, fields, want string }{
		{"with permissions", "permissions: [], access: {}", "f:1:67: " + at + ".access: this must not be there; give levels, such as {Calls: Read}, {} for a key that may do nothing; leave the line out for an unrestricted key or one with permissions"},
		{"empty", "access: ", "f:1:50: " + at + ".access: this must be an object; give levels, such as {Calls: Read}, {} for a key that may do nothing; leave the line out for an unrestricted key or one with permissions"},
		{"no mapping", "access: Read", "f:1:50: " + at + ".access: this must be an object; give levels, such as {Calls: Read}, {} for a key that may do nothing; leave the line out for an unrestricted key or one with permissions"},
		{"resource", "access: {Cals: Read}", "f:1:51: " + at + `.access: there is no field "Cals"; did you mean "Calls"?`},
		{"resource's case", "access: {api keys: Read}", "f:1:51: " + at + `.access: there is no field "api keys"; did you mean "API Keys"?`},
		{"unlike resource", "access: {shop-crm-0001: Read}", "f:1:51: " + at + ".access: there is no field of that name; the fields are Calls, Messages, Transcriptions, Recordings, Agents, Conversational paths, Knowledge bases, Tools, Voices, Integrations, Webhooks, Contacts, Statistics, Verifications, Phones, Members, Billing, API Keys, Notifications"},
		{"resource twice", "access: {Calls: Read, Calls: Read}", "f:1:64: this key is given twice, first with the value at line 1; keep one"},
		{"level", "access: {Calls: write}", "f:1:58: " + at + `.access.Calls: this must be one of "No access", "Read", "Write", not "write"; did you mean "Write"?`},
		{"level custom", "access: {Calls: custom}", "f:1:58: " + at + `.access.Calls: this must be one of "No access", "Read", "Write"`},
		{"level that may be a secret", "access: {Calls: shop-crm-0001}", "f:1:58: " + at + `.access.Calls: this must be one of "No access", "Read", "Write"`},
		{"level boolean", "access: {Calls: true}", "f:1:58: " + at + ".access.Calls: this must be a string; the levels are No access, Read, Write"},
		{"level empty", "access: {Calls: }", "f:1:58: " + at + ".access.Calls: this must be a string"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := seed.Parse("f", []byte(keyed(tc.fields)), ofSeed())
			if err == nil || got != nil {
				t.Fatalf("got %v, %v; want an error alone", got, err)
			}
			if want := "seed: f has mistakes, 1 of them:\n" + tc.want; !strings.HasPrefix(err.Error(), want) {
				t.Errorf("got  %s\nwant %s", err, want)
			}
			if strings.Contains(err.Error(), "shop-crm") {
				t.Errorf("a value is in %s", err)
			}
		})
	}
}
