package server

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"github.com/digakit/digakit/mockserver/fault"
	"github.com/digakit/digakit/mockserver/store"
)

// MaxStateSize is the size of the largest state file, in bytes: 1 GiB, enough for
// millions of keys.
const MaxStateSize = 1 << 30

// stateVersion changes when an older digakit would misread the file. Files of version 1,
// which had projects, members and keys alone, are read.
const stateVersion = 2

// State is a state file that one process has for itself: snapshots of all projects, and
// beside it, in a file of the same name and .log, what has changed since. It holds digests
// of secrets, never secrets.
type State struct {
	Found      bool   // the file was there
	SeedDigest string // of the seed file that the world began with, as seed.File.Digest; empty: none

	path string
	log  *os.File // locked
	kept stateFile
	logs []change
}

// stateFile is the content of a state file.
type stateFile struct {
	SchemaVersion int           `json:"schema_version"`
	SeedDigest    string        `json:"seed_digest,omitempty"`
	Generation    uint64        `json:"generation"` // of the log that goes on from here
	Saved         time.Time     `json:"saved"`      // by the clock of the machine
	Created       uint64        `json:"created"`    // projects that were ever made
	Projects      []keptProject `json:"projects"`
}

type keptProject struct {
	Snapshot
	Made bool `json:"made,omitempty"` // since the server began
}

// change is a line of the log. The first line has the generation alone.
type change struct {
	Generation uint64               `json:"generation,omitempty"`
	Project    uuid.UUID            `json:"project,omitzero"`
	Gone       bool                 `json:"gone,omitempty"`
	Whole      *keptProject         `json:"whole,omitempty"`
	Created    uint64               `json:"created,omitempty"` // with Whole
	Members    []store.Member       `json:"members,omitempty"`
	Faults     *fault.Snapshot      `json:"faults,omitempty"`
	Clock      *store.ClockSnapshot `json:"clock,omitempty"`
	At         time.Time            `json:"at,omitzero"` // of Whole and Clock, by the clock of the machine
	Items      []store.Change       `json:"items,omitempty"`
}

var errTaken = errors.New("server: another process has the file")

// OpenState reads the state file at path, if it is there, and keeps other processes from
// it until [State.Close]. A file that cannot be read, has more than [MaxStateSize] bytes,
// is not whole, or is of another schema version, is an error that says so; it is never a
// fresh world.
func OpenState(path string) (*State, error) {
	if err := checkPlace(path); err != nil {
		return nil, err
	}
	log, err := openAlone(path + ".log")
	if errors.Is(err, errTaken) {
		return nil, fmt.Errorf("state: %s is kept by another mock; end that one, or give each a file of its own", path)
	}
	if err != nil {
		return nil, fmt.Errorf("state: %w; the directory of the state file must be writable", err)
	}
	s := &State{path: path, log: log}
	_ = os.Remove(s.temporary()) // of a process that was killed
	if err := s.read(); err != nil {
		_ = log.Close()
		return nil, fmt.Errorf("state: %s: %w; move the file away, with that of the same name and .log, to begin anew, or bring a good copy back", path, err)
	}
	s.SeedDigest = s.kept.SeedDigest
	return s, nil
}

// checkPlace refuses a path where no state file can be or be put: the directory
// must be there, and the file, if there is one, must be regular (renaming over a
// device would replace it).
func checkPlace(path string) error {
	dir := filepath.Dir(path)
	if info, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
		return fmt.Errorf("state: %s: there is no directory %s; create it first", path, dir)
	}
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("state: %s is not a regular file; give the path of a file, which is created if it is not there", path)
	}
	if _, linkErr := os.Lstat(path); errors.Is(err, fs.ErrNotExist) && linkErr == nil {
		return fmt.Errorf("state: %s is a symbolic link that leads nowhere; remove it, or create what it leads to", path)
	}
	return nil
}

// read reads the file, and the log when it goes on from there.
func (s *State) read() error {
	f, err := os.Open(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, MaxStateSize+1))
	if err != nil {
		return err
	}
	if len(data) > MaxStateSize {
		return fmt.Errorf("it has more than %d bytes", MaxStateSize)
	}
	s.Found = true
	if err := s.kept.decode(data); err != nil {
		return err
	}
	if _, err := s.log.Seek(0, io.SeekStart); err != nil {
		return err
	}
	lines := bufio.NewReader(s.log)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil { // io.EOF; what is not a whole line was never acknowledged
			return nil
		}
		var c change
		if err := json.Unmarshal(line, &c); err != nil {
			return fmt.Errorf("its log is broken: %w", err)
		}
		if c.Generation != 0 && c.Generation != s.kept.Generation {
			return nil // the file has all of it
		}
		s.logs = append(s.logs, c)
	}
}

// decode reads the content of a state file, or says why it is none.
func (f *stateFile) decode(data []byte) error {
	var version struct {
		SchemaVersion *int `json:"schema_version"`
	}
	if err := json.Unmarshal(data, &version); err != nil {
		return fmt.Errorf("it is not a whole state file: %w", err)
	}
	if version.SchemaVersion == nil {
		return errors.New("it is not a state file: it has no schema_version")
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields() // dropping what we do not know would lose it at the next save
	var err error
	switch *version.SchemaVersion {
	case 1:
		var old struct {
			SchemaVersion int                     `json:"schema_version"`
			SeedDigest    string                  `json:"seed_digest"`
			Projects      []store.ProjectSnapshot `json:"projects"`
		}
		if err = d.Decode(&old); old.Projects != nil {
			f.SeedDigest, f.Projects = old.SeedDigest, []keptProject{}
		}
		for _, p := range old.Projects {
			f.Projects = append(f.Projects, keptProject{Snapshot: Snapshot{Project: p}})
		}
	case stateVersion:
		err = d.Decode(f)
	default:
		return fmt.Errorf("its schema_version is %d, of another release of digakit; this one reads 1 and %d", *version.SchemaVersion, stateVersion)
	}
	if err != nil {
		return fmt.Errorf("it is not a state file: %w", err)
	}
	if f.Projects == nil {
		return errors.New("it is not a state file: it has no projects")
	}
	return nil
}

// Close lets other processes have the file.
func (s *State) Close() error { return s.log.Close() }

func (s *State) temporary() string {
	end := s.target()
	return filepath.Join(filepath.Dir(end), "."+filepath.Base(end)+".tmp")
}

// target is the file itself where the path is a symbolic link.
func (s *State) target() string {
	if end, err := filepath.EvalSymlinks(s.path); err == nil {
		return end
	}
	return s.path
}

// resume puts what the file has in the place of the world's projects, but for those that
// stays tells, by id and name. The error tells what of it the world does not take.
func (s *State) resume(w *World, stays func(id uuid.UUID, name string) bool) error {
	kept := map[uuid.UUID]bool{}
	for _, p := range s.kept.Projects {
		if kept[p.Project.ID] = true; !stays(p.Project.ID, p.Project.Name) {
			if err := s.put(w, p, s.kept.Saved); err != nil {
				return err
			}
		}
	}
	w.config.Store.SetCreated(s.kept.Created)
	for _, p := range w.Projects() {
		if !kept[p.id] && !stays(p.id, p.name) {
			if err := p.Delete(); err != nil {
				return err
			}
		}
	}
	for _, c := range s.logs {
		if c.Project == uuid.Nil || stays(c.Project, "") || c.Whole != nil && stays(c.Project, c.Whole.Project.Name) {
			continue
		}
		if err := s.redo(w, c); err != nil {
			return err
		}
	}
	for _, p := range w.Projects() {
		r := w.room(p.id)
		_, _, now := p.stored.Snapshot()
		r.start = &mark{now, r.faults.Snapshot()}
	}
	return nil
}

// put adds a project, or puts it back, with its faults and its clock.
func (s *State) put(w *World, p keptProject, saved time.Time) error {
	if err := w.config.Engine.Check(p.Items); err != nil {
		return err
	}
	stored, err := w.config.Store.Continue(store.Held{Content: p.Project, Items: p.Items, Made: p.Made})
	if err != nil {
		return err
	}
	if err := w.Faults(stored.ID()).Restore(p.Faults); err != nil {
		return err
	}
	if p.Clock.Now.IsZero() { // version 1
		return nil
	}
	return restoreClock(stored, p.Clock, saved)
}

// restoreClock lets a clock that runs have run on meanwhile.
func restoreClock(p *store.Project, c store.ClockSnapshot, saved time.Time) error {
	if !c.Frozen {
		c.Now = c.Now.Add(time.Since(saved))
	}
	return p.Clock().Restore(c)
}

// redo makes a change of the log anew.
func (s *State) redo(w *World, c change) error {
	if c.Whole != nil {
		w.config.Store.SetCreated(c.Created)
		return s.put(w, *c.Whole, c.At)
	}
	p, ok := w.config.Store.Project(c.Project.String())
	if !ok {
		return nil // removed later
	}
	if c.Gone {
		return w.handle(p).Delete()
	}
	var err error
	if c.Members != nil {
		err = p.SetMembers(c.Members)
	}
	if c.Faults != nil {
		err = errors.Join(err, w.Faults(p.ID()).Restore(*c.Faults))
	}
	if c.Clock != nil {
		err = errors.Join(err, restoreClock(p, *c.Clock, c.At))
	}
	return errors.Join(err, p.Apply(c.Items))
}
