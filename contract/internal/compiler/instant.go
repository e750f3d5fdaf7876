package compiler

import (
	"strings"
	"time"
)

// Instant is [spec.Instant].
func Instant(text string) (at time.Time, zoned, ok bool) {
	text = strings.ToUpper(text)
	const second = len("2006-01-02T15:04")
	leap := len(text) > second+2 && text[second:second+3] == ":60"
	if leap {
		text = text[:second] + ":59" + text[second+3:]
	}
	if strings.Contains(text, "+24:") || strings.Contains(text, "-24:") { // which Go takes for a zone
		return at, false, false
	}
	zoned = at.UnmarshalText([]byte(text)) == nil
	if !zoned && at.UnmarshalText([]byte(text+"Z")) != nil {
		return at, false, false
	}
	if !leap {
		return at, zoned, true
	}
	if utc := at.UTC(); utc.Hour() != 23 || utc.Minute() != 59 {
		return at, zoned, false
	}
	if next := at.Add(time.Second); next.Year() <= 9999 { // which Go can write
		at = next
	}
	return at, zoned, true
}
