package main

import (
	"fmt"
	"io"

	"github.com/digakit/digakit/contract/suite"
)

// progressLine is one line on a terminal that says how far a run has come;
// elsewhere it says nothing.
type progressLine struct {
	w     io.Writer // nil: no terminal
	shown bool
}

func newProgressLine(w io.Writer) *progressLine {
	if !isTerminal(w) {
		return &progressLine{}
	}
	return &progressLine{w: w}
}

const eraseLine = "\r\x1b[K"

func (l *progressLine) show(p suite.Progress) {
	l.write(fmt.Sprintf("%d/%d %s, %d requests", p.Done, p.Total, p.Check, p.Requests))
}

func (l *progressLine) write(text string) {
	if l.w == nil {
		return
	}
	l.shown = true
	fmt.Fprint(l.w, eraseLine+text)
}

func (l *progressLine) clear() {
	if l.shown {
		fmt.Fprint(l.w, eraseLine)
	}
}
