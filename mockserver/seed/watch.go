package seed

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/fsnotify/fsnotify"
)

// A file is read again when it has been left alone for settle, or after
// settleMost of restless changes: editors and copies write in several steps.
const (
	settle     = 100 * time.Millisecond
	settleMost = time.Second
	doubt      = 500 * time.Millisecond // before an error is believed
)

// Watch calls changed, from its own goroutine, whenever the file has another content than
// f, or than at the call before: with the new content, or with the error of [Load], in
// which case the world should stay as it is. After an error that the file is missing, its
// return is news even with the same content.
//
// The directory is watched, so that replacing the file works in all its forms: rename,
// delete and create, or the exchange of a symbolic link in the path's last element, as
// with a Kubernetes ConfigMap.
//
// Watch blocks until ctx ends and then returns nil; an error when the directory cannot be
// watched.
func (f File) Watch(ctx context.Context, changed func(File, error)) error {
	path, err := filepath.Abs(f.Path)
	if err != nil {
		return fmt.Errorf("seed: %w", err)
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return watchError(f.Path, errors.New("it is not a regular file"))
	}
	notify, err := fsnotify.NewWatcher()
	if err != nil {
		return watchError(f.Path, err)
	}
	defer notify.Close()
	w := watcher{path: path, notify: notify, changed: changed, last: f, outcome: f.Digest}
	if err := w.follow(); err != nil {
		return watchError(f.Path, err)
	}
	return w.run(ctx)
}

func watchError(path string, err error) error {
	remedy := "restart after changes of the file"
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EMFILE) {
		remedy = "raise the system's limit (on Linux the sysctls fs.inotify.max_user_watches and max_user_instances), or " + remedy
	}
	return fmt.Errorf("seed: changes of %s cannot be followed: %w; %s", path, err, remedy)
}

// watcher follows one file.
type watcher struct {
	path    string // absolute
	notify  *fsnotify.Watcher
	changed func(File, error)

	last    File
	outcome string      // digest, or error of a file that could not be read
	doubted string      // an outcome that is an error seen once
	stat    os.FileInfo // nil when missing

	real   string // the file that path leads to, if a link leads out of the directory; else path
	target string // its directory, watched too; else empty
}

// follow watches the directory of the file, and that of the file it is a link
// to.
func (w *watcher) follow() error {
	dir := filepath.Dir(w.path)
	if err := w.notify.Add(dir); err != nil {
		return err
	}
	before := w.target
	w.real, w.target = w.path, ""
	if end, err := filepath.EvalSymlinks(w.path); err == nil && !sameFile(dir, filepath.Dir(end)) {
		w.real, w.target = end, filepath.Dir(end)
	}
	if before != "" && before != w.target {
		_ = w.notify.Remove(before) // it may be gone, its watch with it
	}
	if w.target != "" {
		if err := w.notify.Add(w.target); !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// sameFile reports whether two paths lead to one file.
func sameFile(a, b string) bool {
	one, err := os.Stat(a)
	other, failed := os.Stat(b)
	return err == nil && failed == nil && os.SameFile(one, other)
}

// run waits for changes until ctx ends.
func (w *watcher) run(ctx context.Context) error {
	quiet := time.NewTimer(settle) // for what changed before the directory was watched
	defer quiet.Stop()
	var restless time.Time // when the changes not yet looked at began
	for {
		select {
		case <-ctx.Done():
			return nil
		case err, ok := <-w.notify.Errors:
			if !ok {
				return watchError(w.last.Path, fsnotify.ErrClosed)
			}
			if !errors.Is(err, fsnotify.ErrEventOverflow) {
				return watchError(w.last.Path, err)
			}
		case e, ok := <-w.notify.Events:
			if !ok {
				return watchError(w.last.Path, fsnotify.ErrClosed)
			}
			if e.Name == filepath.Dir(w.path) && e.Has(fsnotify.Remove|fsnotify.Rename) {
				if w.check() {
					w.check()
				}
				return watchError(w.last.Path, errors.New("its directory has been removed"))
			}
			if e.Name != w.path && e.Name != w.real && !w.looksChanged() {
				continue // something else in the directory
			}
		case <-quiet.C:
			restless = time.Time{}
			if err := w.follow(); err != nil {
				return watchError(w.last.Path, err)
			}
			if w.check() {
				quiet.Reset(doubt)
			}
			continue
		}
		if restless.IsZero() {
			restless = time.Now()
		}
		quiet.Reset(min(settle, settleMost-time.Since(restless)))
	}
}

// looksChanged reports whether the path leads to another file than before, or to one that
// has been written, as far as length and time tell.
func (w *watcher) looksChanged() bool {
	now, err := os.Stat(w.path)
	if err != nil || w.stat == nil {
		return (err != nil) != (w.stat == nil)
	}
	return !os.SameFile(now, w.stat) || now.Size() != w.stat.Size() || !now.ModTime().Equal(w.stat.ModTime())
}

// check reads the file and tells of news. It believes an error only when it sees it
// twice, and returns true until then: the file may be half written.
func (w *watcher) check() (again bool) {
	stat, err := os.Stat(w.path)
	w.stat = nil
	if err == nil {
		w.stat = stat
	}
	now, err := Load(w.last.Path, w.last.opts...)
	outcome := now.Digest
	if outcome == "" && err != nil {
		outcome = err.Error()
	}
	doubted := w.doubted
	w.doubted = ""
	switch {
	case outcome == w.outcome:
		return false
	case err != nil && outcome != doubted:
		w.doubted = outcome
		return true
	}
	w.outcome, w.last = outcome, now
	w.changed(now, err)
	return false
}
