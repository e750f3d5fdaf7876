package main

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestProgressLine(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ü", 100)
	for _, tc := range []struct {
		name, why string
		run       func(l *progressLine)
		want      string
	}{
		{"a short run", "a line that flashes by helps nobody", func(l *progressLine) {
			l.write("reading")
			time.Sleep(900 * time.Millisecond) //nolint:forbidigo // the bubble's clock, which takes no time
			l.clear()
			time.Sleep(time.Minute) //nolint:forbidigo // the bubble's clock, which takes no time
		}, ""},
		{"a long run", "the newest stands there, and nothing in the end", func(l *progressLine) {
			l.write("reading")
			l.write("comparing")
			time.Sleep(1100 * time.Millisecond) //nolint:forbidigo // the bubble's clock, which takes no time
			l.write("writing")
			l.clear()
			l.clear()
		}, eraseLine + "comparing" + eraseLine + "writing" + eraseLine},
		{"lines that stay", "they stand above it", func(l *progressLine) {
			l.write("reading")
			l.say("early")
			time.Sleep(2 * time.Second) //nolint:forbidigo // the bubble's clock, which takes no time
			l.say("late")
			l.clear()
		}, "early\n" + eraseLine + "reading" + eraseLine + "late\n" + eraseLine + "reading" + eraseLine},
		{"a long line", "what takes two lines cannot be erased", func(l *progressLine) {
			l.write(long)
			time.Sleep(2 * time.Second) //nolint:forbidigo // the bubble's clock, which takes no time
			l.clear()
		}, eraseLine + strings.Repeat("ü", 79) + eraseLine},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var terminal strings.Builder
				l := &progressLine{w: &terminal}
				l.begin()
				tc.run(l)
				if got := terminal.String(); got != tc.want {
					t.Errorf("%s: %q, want %q", tc.why, got, tc.want)
				}
			})
		})
	}
}

// Where there is no terminal, only what stays is written.
func TestProgressLineElsewhere(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var file strings.Builder
		l := newProgressLine(&file)
		l.write("reading")
		time.Sleep(2 * time.Second) //nolint:forbidigo // the bubble's clock, which takes no time
		l.say("warning: x")
		l.clear()
		if file.String() != "warning: x\n" {
			t.Errorf("%q", file.String())
		}
	})
}
