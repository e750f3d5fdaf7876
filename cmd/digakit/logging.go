package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/lmittmann/tint"
	"github.com/mattn/go-isatty"
)

// newLogger returns a logger that writes lines to w: as text, coloured on a
// terminal unless NO_COLOR is set (https://no-color.org), or as JSON.
func newLogger(format string, w io.Writer) (*slog.Logger, error) {
	switch format {
	case "text":
		return slog.New(tint.NewTextHandler(w, &tint.Options{
			Level: slog.LevelInfo, TimeFormat: time.TimeOnly + ".000", NoColor: !isTerminal(w) || os.Getenv("NO_COLOR") != "",
		})), nil
	case "json":
		return slog.New(slog.NewJSONHandler(w, nil)), nil
	}
	return nil, &usageError{message: fmt.Sprintf("--log is text or json, not %q", format)}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && isatty.IsTerminal(f.Fd())
}
