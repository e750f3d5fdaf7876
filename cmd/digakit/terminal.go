package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
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

// progressLine is one line on a terminal that says how far a run has come;
// elsewhere it says nothing.
type progressLine struct {
	w     io.Writer
	shown bool
}

func newProgressLine(w io.Writer) *progressLine {
	if !isTerminal(w) {
		w = io.Discard
	}
	return &progressLine{w: w}
}

const eraseLine = "\r\x1b[K"

func (l *progressLine) show(p suite.Progress) {
	l.write(fmt.Sprintf("%d/%d %s, %d requests", p.Done, p.Total, p.Check, p.Requests))
}

func (l *progressLine) write(text string) {
	l.shown = true
	fmt.Fprint(l.w, eraseLine+text)
}

func (l *progressLine) clear() {
	if l.shown {
		fmt.Fprint(l.w, eraseLine)
	}
}
