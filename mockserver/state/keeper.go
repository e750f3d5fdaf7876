package state

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/digakit/digakit/mockserver/project"
)

// defaultInterval is how long a change waits for others to be saved with.
const defaultInterval = 200 * time.Millisecond

// Keeper saves a store to a file after every change. It is safe for concurrent
// use. Make one with [Keep].
type Keeper struct {
	store    *project.Store
	path     string
	interval time.Duration
	failed   func(error)

	stop     chan struct{} // closed by Close
	stopOnce sync.Once
	done     chan struct{} // closed when follow has ended
	reseeded chan struct{} // holds one token after SetSeedDigest

	mu         sync.Mutex // guards what is below, and the file
	seedDigest string
	unsaved    bool   // the seed digest is not in the file
	saved      uint64 // version of the store that the file has
}

// Option changes how a [Keeper] works. Give options to [Keep].
type Option func(*Keeper) error

// WithInterval sets how long a change waits for others, 200 ms when not given:
// there is at most one save in that time. It must be positive. A crash loses
// what is waiting.
func WithInterval(d time.Duration) Option {
	return func(k *Keeper) error {
		if d <= 0 {
			return fmt.Errorf("state: the interval must be positive, not %s", d)
		}
		k.interval = d
		return nil
	}
}

// WithSeedDigest sets the first [State.SeedDigest].
func WithSeedDigest(digest string) Option {
	return func(k *Keeper) error {
		k.seedDigest = digest
		return nil
	}
}

// OnError sets what is told of every failed save but those that [Keep] and
// [Keeper.Close] return; when not given, nobody is. It is called from the
// keeper's goroutine, one failure at a time, and must not call Close.
func OnError(failed func(error)) Option {
	return func(k *Keeper) error {
		k.failed = failed
		return nil
	}
}

// Keep saves store to the file at path, and from then on after every change,
// until ctx ends or [Keeper.Close] is called. Changes that follow closely are
// saved together. A failed save is tried again at the next change and by Close.
// The error joins the mistakes of all options, or is that of the first save: a
// file that cannot be written is noticed at once.
func Keep(ctx context.Context, store *project.Store, path string, opts ...Option) (*Keeper, error) {
	k := &Keeper{
		store: store, path: path, interval: defaultInterval, failed: func(error) {},
		stop: make(chan struct{}), done: make(chan struct{}), reseeded: make(chan struct{}, 1),
		unsaved: true, // even a store without changes
	}
	var errs []error
	for _, opt := range opts {
		errs = append(errs, opt(k))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if err := k.save(); err != nil {
		return nil, err
	}
	go k.follow(ctx, k.saved)
	return k, nil
}

// SetSeedDigest sets the [State.SeedDigest] of the saves to come, the next of
// which follows soon. Call it after the seed's projects have been put into the
// store.
func (k *Keeper) SetSeedDigest(digest string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if digest == k.seedDigest {
		return
	}
	k.seedDigest, k.unsaved = digest, true
	select {
	case k.reseeded <- struct{}{}:
	default:
	}
}

// Close ends the keeping. When it returns nil, the file has all changes made
// before the call, even those made after the end of Keep's ctx; otherwise the
// error is that of the last save. Close may be called again to try again.
func (k *Keeper) Close() error {
	k.stopOnce.Do(func() { close(k.stop) })
	<-k.done
	return k.save()
}

// follow saves after changes until ctx ends, or until stop is closed, when Close
// does the rest.
func (k *Keeper) follow(ctx context.Context, tried uint64) {
	defer close(k.done)
	pause := k.interval
	for {
		version, next := k.store.Changes()
		if version == tried {
			select {
			case <-next:
			case <-k.reseeded:
			case <-ctx.Done():
			case <-k.stop:
				return
			}
		}
		wait := time.NewTimer(pause)
		select {
		case <-wait.C:
		case <-ctx.Done():
		case <-k.stop:
			wait.Stop()
			return
		}
		wait.Stop()
		began := time.Now()
		tried, _ = k.store.Changes() // before the save, which may have later changes too
		if err := k.save(); err != nil {
			k.failed(err)
		}
		if ctx.Err() != nil {
			return
		}
		pause = max(k.interval, time.Since(began)) // a large world is not saved all the time
	}
}

// save writes the file if it lacks something.
func (k *Keeper) save() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	version, _ := k.store.Changes() // before the snapshot, which may have later changes too
	if version == k.saved && !k.unsaved {
		return nil
	}
	if err := Save(k.path, State{SeedDigest: k.seedDigest, Projects: k.store.Snapshot()}); err != nil {
		return err
	}
	k.saved, k.unsaved = version, false
	return nil
}
