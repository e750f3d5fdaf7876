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
	"github.com/digakit/digakit/mockserver/project"
	"github.com/digakit/digakit/mockserver/seed"
	"github.com/digakit/digakit/mockserver/state"
	powers "github.com/digakit/digakit/mockserver/world"
)

// world is where the mock's projects come from and where they are kept.
type world struct {
	seedPath, statePath string // empty: none

	seed    seed.File
	keeper  *state.Keeper
	watched chan error // what following the seed file ended with
}

// openWorld reads the files. Of both, the state file wins; projects of a seed file
// that has changed since take the place of their former selves.
func openWorld(seedPath, statePath string, document *spec.Document) (*world, []mockserver.Option, error) {
	w := &world{seedPath: seedPath, statePath: statePath}
	var projects []project.Snapshot
	given := false
	if seedPath != "" {
		var err error
		if w.seed, err = seed.Load(seedPath, seed.Document(document)); err != nil {
			return nil, nil, err
		}
		projects, given = seed.Snapshots(w.seed.Projects), true
	}
	if statePath != "" {
		kept, found, err := state.Load(statePath)
		if err != nil {
			return nil, nil, err
		}
		if found && (!given || kept.SeedDigest == w.seed.Digest) {
			projects, given = kept.Projects, true
		} else if found {
			projects = append(others(kept.Projects, projects), projects...)
		}
	}
	if !given {
		return w, nil, nil
	}
	return w, []mockserver.Option{mockserver.WithWorld(projects)}, nil
}

// others returns the projects that have neither id nor name of one of those.
func others(projects, those []project.Snapshot) []project.Snapshot {
	return slices.DeleteFunc(projects, func(p project.Snapshot) bool {
		return slices.ContainsFunc(those, func(q project.Snapshot) bool { return p.ID == q.ID || p.Name == q.Name })
	})
}

// follow puts the seed file's faults and items into the server's world, keeps the
// state file and follows the seed file until ctx ends. Call close afterwards.
func (w *world) follow(ctx context.Context, srv *mockserver.Server, log *slog.Logger) error {
	if err := seedProjects(srv, w.seed.Projects); err != nil {
		return err
	}
	if w.statePath != "" {
		var err error
		w.keeper, err = state.Keep(ctx, srv.Store(), w.statePath, state.WithSeedDigest(w.seed.Digest),
			state.OnError(func(err error) { log.Error("the state file could not be written", "error", err) }))
		if err != nil {
			return err
		}
	}
	if w.seedPath != "" {
		w.watched = make(chan error, 1)
		go func() {
			w.watched <- w.seed.Watch(ctx, func(f seed.File, err error) { w.reseed(srv, f, err, log) })
		}()
	}
	return nil
}

// seedProjects gives the projects the faults and items of the file in the place of
// those they have. A project that the state file no longer has is left out.
func seedProjects(srv *mockserver.Server, projects []seed.Project) error {
	for _, from := range projects {
		p, err := srv.Project(from.ID.String())
		if errors.Is(err, powers.ErrNoProject) {
			continue
		}
		if err == nil {
			err = errors.Join(p.Seed(from.Faults), p.SeedItems(from.Collections))
		}
		if err != nil {
			return fmt.Errorf("the faults and items of project %q in the seed file: %w", from.Name, err)
		}
	}
	return nil
}

// reseed replaces the seed file's projects, faults included, and leaves the others
// alone. A file with a mistake changes nothing.
func (w *world) reseed(srv *mockserver.Server, f seed.File, err error, log *slog.Logger) {
	if err == nil {
		var replaced []uuid.UUID
		for _, p := range slices.Concat(w.seed.Projects, f.Projects) {
			replaced = append(replaced, p.ID)
		}
		err = srv.Store().Replace(replaced, seed.Snapshots(f.Projects))
	}
	if err != nil {
		log.Error("the seed file was not taken over; the projects stay as they were", "error", err)
		return
	}
	if err := seedProjects(srv, f.Projects); err != nil {
		log.Error("the projects of the seed file were taken over, not all faults and items", "error", err)
	}
	w.seed = f
	if w.keeper != nil {
		w.keeper.SetSeedDigest(f.Digest)
	}
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
	if w.keeper != nil {
		kept = w.keeper.Close()
	}
	return errors.Join(followed, kept)
}
