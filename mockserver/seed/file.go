package seed

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"

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

// Watch calls changed, from its own goroutine, whenever the file has another content than
// f, or than at the call before: with the new content, or with the error of [Load], in
// which case the world should stay as it is. After an error that the file is missing, its
// return is news even with the same content. It ends as [Follow] does.
func (f File) Watch(ctx context.Context, changed func(File, error)) error {
	err := Follow(ctx, f.Path, f.Digest, func() (Look, func()) {
		now, err := Load(f.Path, f.opts...)
		look := Look{Content: now.Digest, Failed: err != nil}
		if look.Content == "" && err != nil {
			look.Content = err.Error()
		}
		return look, func() { changed(now, err) }
	})
	if err != nil {
		return fmt.Errorf("seed: changes of %s cannot be followed: %w; restart after changes of the file", f.Path, err)
	}
	return nil
}
