package seed

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/fsnotify/fsnotify"
	"github.com/google/uuid"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/spec"
)

// MaxSize is the size of the largest seed file, in bytes: 10 MB.
const MaxSize = 10_000_000

// File is a seed file as it was when it was read.
type File struct {
	Path     string // as given to [Load]
	Digest   string // SHA-256 of the content in hex: another digest is another content
	Projects []Project

	opts []Option // of Load, for Watch
}

// Load reads the seed file at path. The error says that the file cannot be read, has more
// than [MaxSize] bytes, or what [Parse] says of it; File has its path then, and its
// digest if it could be read, for [File.Watch].
func Load(path string, opts ...Option) (File, error) {
	f := File{Path: path, opts: opts}
	in, err := os.Open(path) //nolint:gosec // reading the file that the user names is the purpose
	if err != nil {
		return f, fmt.Errorf("seed: %w; give the path of a readable YAML file", err)
	}
	defer in.Close()
	data, err := io.ReadAll(io.LimitReader(in, MaxSize+1))
	switch {
	case err != nil:
		return f, fmt.Errorf("seed: %w; give the path of a YAML file", err)
	case len(data) > MaxSize:
		return f, tooLarge(path)
	}
	sum := sha256.Sum256(data)
	f.Digest = hex.EncodeToString(sum[:])
	f.Projects, err = Parse(path, data, opts...)
	return f, err
}

func tooLarge(name string) error {
	return fmt.Errorf("seed: %s has more than %d bytes; many like keys are written shorter with count", name, MaxSize)
}

// Parse reads the content of a seed file: one YAML document, at most [MaxSize] bytes,
// judged by schema.yaml; name stands for it in errors. The same content gives the same
// projects, in the order of the file. The error reports up to 20 mistakes, one a line,
// without a secret.
func Parse(name string, data []byte, opts ...Option) ([]Project, error) {
	if len(data) > MaxSize {
		return nil, tooLarge(name)
	}
	p := &parser{known: digaRules, unread: map[spec.Position]bool{}, broken: map[string]bool{}, seen: map[any]string{}}
	for _, opt := range opts {
		opt(p)
	}
	var err error
	if p.rules, err = p.known(); err != nil {
		return nil, fmt.Errorf("seed: the document cannot be used: %w", err)
	}
	read, unread := spec.ReadData(name, data)
	for _, e := range unread {
		if e.Position.Line == 0 {
			e.HowToFix = "a seed file is YAML in UTF-8 with at least: projects: []"
		}
		p.add(e.Position, "", e.Message, e.HowToFix)
	}
	for _, e := range unread {
		p.unread[e.Position] = true
	}
	var projects []Project
	if p.data = read; read != nil {
		projects = p.judge()
	}
	if err := p.err(name); err != nil {
		return nil, err
	}
	return projects, nil
}

// parser reads one file.
type parser struct {
	*rules
	known    func() (*rules, error)
	data     *spec.Data
	value    any // of data
	mistakes []mistake
	more     bool                   // there are others than those in mistakes
	unread   map[spec.Position]bool // places that could not be read
	broken   map[string]bool        // pointers to what breaks its schema, and to what that is part of
	seen     map[any]string         // pointers to what must occur once

	keyCount  int
	faultSize int // bytes as JSON
}

// judge judges the file by its schema, then by what no schema can say.
func (p *parser) judge() []Project {
	p.value = p.data.Value()
	for _, v := range p.schemas.Judge(contract.SideResponse, root, p.value) {
		p.violated(v)
		tokens := spec.Tokens(v.Pointer)
		for i := range tokens {
			p.broken[spec.Join("", tokens[:i+1]...)] = true
		}
	}
	var file struct{ Projects []entry }
	_ = json.Unmarshal(p.data.JSON(), &file) // what has another type has been told, and is left out
	projects := make([]Project, len(file.Projects))
	for i, e := range file.Projects {
		projects[i] = p.project(item("/projects", i), e)
	}
	return projects
}

func item(at string, i int) string { return at + "/" + strconv.Itoa(i) }

// once notes that what key is for stands at a pointer, and the mistake that it did
// before.
func (p *parser) once(what string, key any, at string) bool {
	first, taken := p.seen[key]
	if taken {
		p.wrong(at, "this "+what+" is already that of "+path(first), "give each its own or drop one")
		return false
	}
	p.seen[key] = at
	return true
}

// id is the id given to what stands at a pointer, and where; else one that is made up.
func (p *parser) id(given, at string, madeUp uuid.UUID) (id uuid.UUID, where string) {
	if id, err := uuid.Parse(given); err == nil && !p.broken[at+"/id"] {
		return id, at + "/id"
	}
	return madeUp, at + "/name"
}

// seedSpace is the namespace of made-up project ids (RFC 9562, version 5).
var seedSpace = uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://github.com/digakit/digakit#seed"))

func madeUp(space uuid.UUID, format string, args ...any) uuid.UUID {
	return uuid.NewSHA1(space, fmt.Appendf(nil, format, args...))
}

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
