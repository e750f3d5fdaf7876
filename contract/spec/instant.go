package spec

import (
	"cmp"
	"regexp"
	"strings"
	"time"
)

// dateTime is RFC 3339, section 5.6, in capitals; the second and the zone apart.
var dateTime = regexp.MustCompile(`^(\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:)([0-5]\d|60)(\.\d+)?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?$`)

// Instant reads a date-time of RFC 3339, section 5.6, in either case of letters. A leap
// second, which Go does not have and which is at 23:59 UTC alone, is the second after it,
// that of the year 9999 the one before. A text without a time zone is taken as UTC, and zoned is false.
func Instant(text string) (at time.Time, zoned, ok bool) {
	parts := dateTime.FindStringSubmatch(strings.ToUpper(text))
	if parts == nil {
		return at, false, false
	}
	start, second, fraction, zone := parts[1], parts[2], parts[3], parts[4]
	leap := time.Duration(0)
	if second == "60" {
		second, leap = "59", time.Second
	}
	at, err := time.Parse(time.RFC3339, start+second+fraction+cmp.Or(zone, "Z"))
	if utc := at.UTC(); err != nil || leap > 0 && (utc.Hour() != 23 || utc.Minute() != 59) {
		return at, zone != "", false
	}
	if next := at.Add(leap); next.Year() <= 9999 { // which Go can write
		at = next
	}
	return at, zone != "", true
}

// Date is Instant of a date-time or of a date, which is midnight UTC.
func Date(text string) (time.Time, bool) {
	if at, _, ok := Instant(text); ok {
		return at, true
	}
	at, err := time.Parse(time.DateOnly, text)
	return at, err == nil
}
