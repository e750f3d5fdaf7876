package state

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/digakit/digakit/mockserver/project"
)

// MaxSize is the size of the largest state file, in bytes: 1 GiB, enough for
// millions of keys.
const MaxSize = 1 << 30

// schemaVersion changes when an older digakit would misread the file.
const schemaVersion = 1

// State is the content of a state file.
type State struct {
	// SeedDigest tells which seed file the world began with, as
	// seed.File.Digest does; empty when there was none.
	SeedDigest string
	Projects   []project.Snapshot
}

// document is a State as the file has it.
type document struct {
	SchemaVersion int                `json:"schema_version"`
	SeedDigest    string             `json:"seed_digest,omitempty"`
	Projects      []project.Snapshot `json:"projects"`
}

// Load reads the state file at path. Without such a file, in a directory that
// exists, found is false and err nil. A file that cannot be read, has more than
// [MaxSize] bytes, is not whole, is of another schema version, or holds what no
// [project.Store] takes, is an error that says so; it is never a fresh world.
func Load(path string) (st State, found bool, err error) {
	data, err := read(path)
	if err != nil || data == nil {
		return State{}, false, err
	}
	st, err = decode(data)
	if err != nil {
		return State{}, false, fmt.Errorf("state: %s: %w; move the file away to begin anew, or bring a good copy back", path, err)
	}
	return st, true, nil
}

// read returns nil when there is no file.
func read(path string) ([]byte, error) {
	if err := checkPlace(path); err != nil {
		return nil, err
	}
	f, err := os.Open(path) //nolint:gosec // reading the file that the user names is the purpose
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("state: %w; make the file readable, or move it away to begin anew", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("state: %w; move the file away to begin anew", err)
	}
	if data == nil {
		data = []byte{}
	}
	return data, nil
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

// decode returns the state that data holds, or says why it holds none.
func decode(data []byte) (State, error) {
	if len(data) > MaxSize {
		return State{}, fmt.Errorf("it has more than %d bytes", MaxSize)
	}
	var version struct {
		SchemaVersion *int `json:"schema_version"`
	}
	if err := json.Unmarshal(data, &version); err != nil {
		return State{}, fmt.Errorf("it is not a whole state file: %w", err)
	}
	switch v := version.SchemaVersion; {
	case v == nil:
		return State{}, errors.New("it is not a state file: it has no schema_version")
	case *v != schemaVersion:
		return State{}, fmt.Errorf("its schema_version is %d, of another release of digakit; this one reads %d", *v, schemaVersion)
	}
	var doc document
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields() // dropping what we do not know would lose it at the next save
	if err := d.Decode(&doc); err != nil {
		return State{}, fmt.Errorf("it is not a state file: %w", err)
	}
	if doc.Projects == nil {
		return State{}, errors.New("it is not a state file: it has no projects")
	}
	if err := project.NewStore(project.Config{}).Replace(nil, doc.Projects); err != nil {
		return State{}, fmt.Errorf("its projects cannot be restored: %w", err)
	}
	return State{SeedDigest: doc.SeedDigest, Projects: doc.Projects}, nil
}

// Save writes st to the file at path, which then is readable and writable for
// its owner alone (mode 0600). Whatever happens, a crash included, the file has
// its old content or the new one, whole. The directory must exist. A symbolic
// link stays, and the file it leads to is replaced. On an error the old content
// is still there, but for a crash a file .NAME.*.tmp may be left beside it.
func Save(path string, st State) error {
	if err := checkPlace(path); err != nil {
		return err
	}
	doc := document{schemaVersion, st.SeedDigest, st.Projects}
	if doc.Projects == nil {
		doc.Projects = []project.Snapshot{}
	}
	data, err := json.Marshal(doc)
	if err != nil {
		return fmt.Errorf("state: %s: %w", path, err)
	}
	if len(data) >= MaxSize {
		return fmt.Errorf("state: %s would have more than %d bytes and could not be read again; delete projects or keys", path, MaxSize)
	}
	if err := replace(path, append(data, '\n')); err != nil {
		return fmt.Errorf("state: %s keeps its old content: %w", path, err)
	}
	return nil
}
