package session

import "testing"

func FuzzRetryAfter(f *testing.F) {
	for _, value := range []string{"", "0", "7", "-1", "9223372036854775807", "99999999999999999999", "Wed, 21 Oct 2015 07:28:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT"} {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if wait := retryAfter(value); wait < 0 {
			t.Errorf("%q: %v", value, wait)
		}
	})
}
