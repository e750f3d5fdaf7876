package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/lmittmann/tint"
	"github.com/mattn/go-isatty"

	"github.com/digakit/digakit/contract/suite"
)

// newLogger returns a logger that writes lines to w, as text or JSON.
func newLogger(format string, w io.Writer) (*slog.Logger, error) {
	switch format {
	case "text":
		return slog.New(tint.NewTextHandler(w, &tint.Options{
			Level: slog.LevelInfo, TimeFormat: time.TimeOnly + ".000", NoColor: !isColoured(w),
		})), nil
	case "json":
		return slog.New(slog.NewJSONHandler(w, nil)), nil
	}
	return nil, usagef("--log is text or json, not %q", format)
}

// isColoured obeys https://no-color.org.
func isColoured(w io.Writer) bool { return isTerminal(w) && os.Getenv("NO_COLOR") == "" }

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && isatty.IsTerminal(f.Fd())
}

// progressLine is one line on a terminal that says how far a run has come, once it has
// taken a second; elsewhere it says nothing. Methods are safe for concurrent use.
type progressLine struct {
	w     io.Writer
	mu    sync.Mutex
	text  string
	shown bool
	timer *time.Timer // shows it; nil: not, or not any more
}

func newProgressLine(w io.Writer) *progressLine {
	l := &progressLine{w: w}
	if isTerminal(w) && os.Getenv("TERM") != "dumb" {
		l.begin()
	}
	return l
}

func (l *progressLine) begin() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.timer = time.AfterFunc(time.Second, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.timer != nil {
			l.shown = true
			l.draw()
		}
	})
}

// lineWidth bounds the line: a longer one would take two, and the first could not be erased.
const lineWidth = 79

// eraseLine works on consoles, too, that know no escape sequences.
var eraseLine = "\r" + strings.Repeat(" ", lineWidth) + "\r"

func (l *progressLine) draw() {
	text := []rune(l.text)
	fmt.Fprint(l.w, eraseLine+string(text[:min(len(text), lineWidth)]))
}

func (l *progressLine) show(p suite.Progress) {
	l.write(fmt.Sprintf("%d/%d %s, %d requests", p.Done, p.Total, p.Check, p.Requests))
}

// write says how far the run has come.
func (l *progressLine) write(text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = text
	if l.shown {
		l.draw()
	}
}

// say prints a line that stays, terminal or not.
func (l *progressLine) say(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.shown {
		fmt.Fprint(l.w, eraseLine)
	}
	fmt.Fprintln(l.w, line)
	if l.shown {
		l.draw()
	}
}

// clear takes the line away for good.
func (l *progressLine) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.timer = nil
	if l.shown {
		l.shown = false
		fmt.Fprint(l.w, eraseLine)
	}
}
