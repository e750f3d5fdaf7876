package credentials

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract/suite/internal/session"
)

// TestAlteredKeysAreOthers: some changes leave a key what it is.
func TestAlteredKeysAreOthers(t *testing.T) {
	t.Parallel()
	const cut, more, first, last, other = "real key, cut by one", "real key, one character more", "real key, first character missing",
		"real key, last character changed", "real key, in another case"
	for _, tc := range []struct {
		name, key string
		want      []string
	}{
		{"opaque", "diga-key-1234567890", []string{cut, more, first, last, other}},
		{"short, so that a part of it may be somebody's", "abc", nil},
		{"signed token, whose last bits nobody reads", "eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl", []string{cut, more, first, other}},
		{"hexadecimal, the same in either case", "d19a0000-0000-4000-8000-00000000d19a", []string{cut, more, first, last}},
	} {
		var names []string
		for _, one := range altered(&session.Probe{Session: &session.Session{Target: session.Target{Key: tc.key}}}) {
			names = append(names, one.Label)
		}
		if diff := cmp.Diff(tc.want, names); diff != "" {
			t.Errorf("%s: %s", tc.name, diff)
		}
	}
}
