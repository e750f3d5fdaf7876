package compiler_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/digakit/digakit/contract/internal/compiler"
)

func TestFormats(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		format    string
		good, bad []string
	}{
		{"uuid", []string{"550e8400-e29b-41d4-a716-446655440000", "550E8400-E29B-41D4-A716-446655440000", "00000000-0000-0000-0000-000000000000"},
			[]string{"", "550e8400e29b41d4a716446655440000", "{550e8400-e29b-41d4-a716-446655440000}", "urn:uuid:550e8400-e29b-41d4-a716-446655440000",
				"550e8400-e29b-41d4-a716-44665544000", "550e8400-e29b-41d4-a716-44665544000g", "550e8400xe29b-41d4-a716-446655440000", "550e8400-e29b-41d4-a716-44665544é0"}},
		{"date", []string{"2024-02-29", "2000-02-29", "0000-01-01"}, []string{"2023-02-29", "1900-02-29", "2024-13-01", "2024-00-01", "2024-1-01", "2024-04-31", "20240101", "2024-01-01T"}},
		{"date-time", []string{"2024-01-01T00:00:00Z", "2024-01-01t00:00:00z", "2024-01-01T00:00:00.123456789+02:00", "1990-12-31T23:59:60Z", "1990-12-31T15:59:60-08:00"},
			[]string{"2024-01-01T00:00:00", "2024-01-01 00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01T00:00:00.Z", "2024-01-01T00:00:60Z", "2024-01-01T00:00:00+0200", "2024-01-01T00:00:00+24:00", "2024-01-01"}},
		{"ipv4", []string{"127.0.0.1"}, []string{"127.0.0.01", "+1.2.3.4", "1.2.3", "::1", "256.0.0.1"}},
		{"ipv6", []string{"::1", "2001:db8::ff00:42:8329", "::ffff:1.2.3.4"}, []string{"127.0.0.1", "fe80::1%eth0", ":::", "12345::"}},
		{"uri", []string{"https://a.example/x?y#z", "urn:isbn:1", "mailto:a@b.example"}, []string{"/x", "a b:c", "http://a/%zz", "http://a/<x>", "http://ä.example", ""}},
	} {
		check := compiler.Format(c.format)
		for _, s := range c.good {
			if !check(s) {
				t.Errorf("%s: %q is refused", c.format, s)
			}
		}
		for _, s := range c.bad {
			if check(s) {
				t.Errorf("%s: %q passes", c.format, s)
			}
		}
	}
}

// Whatever time.Format writes in RFC 3339 is a date-time.
func TestDateTimeProperty(t *testing.T) {
	t.Parallel()
	check := compiler.Format("date-time")
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(-62135596800, 253402300799).Draw(t, "seconds"), rapid.Int64Range(0, 999999999).Draw(t, "nanos"))
		zone := time.FixedZone("", 60*rapid.IntRange(-23*60, 23*60).Draw(t, "minutes"))
		text := at.In(zone).Format(time.RFC3339Nano)
		if _, err := time.Parse(time.RFC3339Nano, text); err == nil && len(text) < 36 && text[4] == '-' && !check(text) {
			t.Fatalf("%s is refused", text)
		}
	})
}
