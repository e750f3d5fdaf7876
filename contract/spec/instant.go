package spec

import (
	"time"

	"github.com/digakit/digakit/contract/internal/compiler"
)

// Instant reads a date-time of RFC 3339, section 5.6, in either case of letters. A leap
// second, which Go does not have and which is at 23:59 UTC alone, is the second after it,
// that of the year 9999 the one before. A text without a time zone is taken as UTC, and
// zoned is false.
func Instant(text string) (at time.Time, zoned, ok bool) { return compiler.Instant(text) }

// Date is Instant of a date-time or of a date, which is midnight UTC.
func Date(text string) (time.Time, bool) {
	if at, _, ok := Instant(text); ok {
		return at, true
	}
	at, err := time.Parse(time.DateOnly, text)
	return at, err == nil
}
