package main

import (
	"context"
	"log/slog"
	"os"

	"github.com/digakit/digakit/mockserver"
	"github.com/digakit/digakit/mockserver/seed"
)

// overrideFile is the file of --override, as it was read at the start; its path may be empty.
type overrideFile struct{ path, text string }

func openOverrides(path string) (overrideFile, []mockserver.Override, error) {
	list, text, err := fromFile("override", path, mockserver.ParseOverrides)
	return overrideFile{path, string(text)}, list, err
}

// follow gives the server what the file says anew whenever it has changed, until ctx
// ends. Of a file with a mistake nothing is taken over; while it is missing, its overrides stay.
func (f overrideFile) follow(ctx context.Context, srv *mockserver.Server, log *slog.Logger) {
	if f.path == "" {
		return
	}
	go func() {
		known := f.text
		err := seed.Follow(ctx, f.path, known, func() (seed.Look, func()) {
			text, err := os.ReadFile(f.path)
			if err != nil {
				return seed.Look{Content: known}, nil
			}
			return seed.Look{Content: string(text)}, func() {
				known = string(text)
				f.take(text, srv, log)
			}
		})
		if err != nil {
			log.Warn("the overrides are not followed any more", "file", f.path, "error", err)
		}
	}()
}

func (f overrideFile) take(text []byte, srv *mockserver.Server, log *slog.Logger) {
	list, err := mockserver.ParseOverrides(f.path, text)
	if err == nil {
		err = srv.SetOverrides(list...)
	}
	if err != nil {
		log.Error("the overrides were not taken over; they stay as they were", "error", err)
		return
	}
	log.Info("the overrides were taken over", "file", f.path, "operations", len(list))
}
