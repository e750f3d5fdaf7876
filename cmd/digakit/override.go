package main

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"time"

	"github.com/digakit/digakit/mockserver"
)

// overrideFile is the file of --override, as it was read last; its path may be empty.
type overrideFile struct {
	path string
	text []byte
}

func openOverrides(path string) (*overrideFile, []mockserver.Override, error) {
	f := &overrideFile{path: path}
	if path == "" {
		return f, nil, nil
	}
	var err error
	if f.text, err = readFlagged("override", path); err != nil {
		return nil, nil, err
	}
	list, err := mockserver.ParseOverrides(path, f.text)
	return f, list, err
}

// overridesFollowed is how often the file is looked at.
const overridesFollowed = 200 * time.Millisecond

// follow gives the server what the file says anew whenever it has changed, until ctx
// ends. Of a file with a mistake nothing is taken over.
func (f *overrideFile) follow(ctx context.Context, srv *mockserver.Server, log *slog.Logger) {
	if f.path == "" {
		return
	}
	go func() {
		tick := time.NewTicker(overridesFollowed)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				f.check(srv, log)
			}
		}
	}()
}

func (f *overrideFile) check(srv *mockserver.Server, log *slog.Logger) {
	text, err := os.ReadFile(f.path)
	if err != nil || bytes.Equal(text, f.text) {
		return // missing: it is being replaced, or its overrides stay
	}
	f.text = text
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
