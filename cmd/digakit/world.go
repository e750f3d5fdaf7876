package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"github.com/google/uuid"

	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/mockserver"
	"github.com/digakit/digakit/mockserver/seed"
)

// world is where the mock's projects come from and where they are kept.
type world struct {
	seed    seed.File         // Path is empty: none
	state   *mockserver.State // nil: none
	server  *mockserver.Server
	watched chan error // what following the seed file ended with
}

// openWorld reads the files. Call close afterwards.
func openWorld(seedPath, statePath string, document *spec.Document) (w *world, opts []mockserver.Option, err error) {
	w = &world{}
	if seedPath != "" {
		if w.seed, err = seed.Load(seedPath, seed.Document(document)); err != nil {
			return nil, nil, err
		}
		opts = append(opts, mockserver.WithWorld(w.seed.Projects))
	}
	if statePath != "" {
		w.state, err = mockserver.OpenState(statePath)
	}
	return w, opts, err
}

// follow puts what the state file has into the server's world, in the place of what the
// seed file has, but for projects of a seed file that has changed since. It keeps the state
// file and follows the seed file until ctx ends.
func (w *world) follow(ctx context.Context, srv *mockserver.Server, log *slog.Logger) error {
	w.server = srv
	if w.state != nil {
		edited := w.seed.Path != "" && w.state.SeedDigest != w.seed.Digest
		stays := func(id uuid.UUID, name string) bool {
			return edited && slices.ContainsFunc(w.seed.Projects, func(p seed.Project) bool { return p.ID == id || p.Name == name })
		}
		told := func(err error) {
			if err != nil {
				log.Error("the state file could not be written; it is tried again", "error", err)
			} else {
				log.Info("the state file is written again")
			}
		}
		if err := srv.Keep(w.state, w.seed.Digest, stays, told); err != nil {
			return err
		}
	}
	if w.seed.Path != "" {
		w.watched = make(chan error, 1)
		go func() {
			err := w.seed.Watch(ctx, func(f seed.File, err error) { w.reseed(srv, f, err, log) })
			if err != nil {
				log.Warn("the seed file is not followed any more", "error", err)
			}
			w.watched <- err
		}()
	}
	return nil
}

// reseed replaces the seed file's projects, in one step with their faults and items, and
// leaves the others alone. A file with a mistake changes nothing.
func (w *world) reseed(srv *mockserver.Server, f seed.File, err error, log *slog.Logger) {
	if err == nil {
		var replaced []uuid.UUID
		for _, p := range slices.Concat(w.seed.Projects, f.Projects) {
			replaced = append(replaced, p.ID)
		}
		err = srv.Reseed(replaced, f.Projects, f.Digest)
	}
	if err != nil {
		log.Error("the seed file was not taken over; the projects stay as they were", "error", err)
		return
	}
	w.seed = f
	faults := 0
	for _, p := range f.Projects {
		faults += len(p.Faults)
	}
	log.Info("the seed file was taken over", "file", f.Path, "projects", len(f.Projects), "faults", faults)
}

// close writes what has not been written, after the context of follow has ended.
func (w *world) close() error {
	var followed, kept error
	if w.watched != nil {
		if followed = <-w.watched; followed != nil {
			followed = fmt.Errorf("the seed file was not followed: %w", followed)
		}
	}
	if w.server != nil {
		kept = w.server.Close()
	}
	return errors.Join(followed, kept)
}
