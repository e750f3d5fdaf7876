package journal

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
)

// Dump writes the journal for a person to read, oldest first: one line for each
// exchange, its violations indented below. A test prints it when it fails. The
// error is that of w.
func Dump(w io.Writer, j *Journal) error {
	records, dropped, _ := j.kept()
	if dropped > 0 {
		if _, err := fmt.Fprintf(w, "(%d older exchanges dropped)\n", dropped); err != nil {
			return err
		}
	}
	for _, r := range records {
		text := r.time.Format("15:04:05.000") + " " + r.line() + "\n"
		for _, v := range r.violations {
			text += "    " + printable(v.String()) + "\n"
		}
		if _, err := io.WriteString(w, text); err != nil {
			return err
		}
	}
	return nil
}

// line returns r in one line without its time.
func (r *record) line() string {
	target := r.path
	if r.query != "" {
		target += "?" + r.query
	}
	parts := []string{fmt.Sprintf("#%d %s %s -> %s in %s", r.id, r.method, target, statusText(r.status), r.duration.Round(10*time.Microsecond))}
	if r.keyID != "" {
		parts = append(parts, "key "+ellipsis+r.lastFour)
	}
	if r.departure != "" {
		parts = append(parts, "departure: "+r.departure)
	}
	if r.faultID != "" {
		parts = append(parts, "fault "+r.faultID)
	}
	if r.preference != "" {
		parts = append(parts, "prefer "+r.preference)
	}
	return printable(strings.Join(parts, ", "))
}

// printable replaces what could steer a terminal.
func printable(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsPrint(c) {
			return c
		}
		return unicode.ReplacementChar
	}, s)
}
