package seed

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"
	"go.yaml.in/yaml/v3"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/mockserver/project"
)

// Bounds on one file. Aliases make a small file large, so each is checked
// before what it bounds is made.
const (
	maxProjects = 10_000
	maxMembers  = 100_000
	maxKeys     = project.MaxDemoKeys
)

// Parse reads the content of a seed file; name stands for the file in errors.
// The README describes the fields. The same content gives the same projects, in
// the order of the file; [project.Store.Replace] takes the [Snapshots] of them, and
// an empty [fault.Set] the faults of each, as they are.
//
// The file is one YAML document in UTF-8 without NUL bytes, of at most [MaxSize]
// bytes. Aliases are followed; merge keys (<<), unknown and repeated fields and
// values of another type are mistakes. The error reports up to 20 mistakes, one
// a line, and holds no secret.
func Parse(name string, data []byte, opts ...Option) ([]Project, error) {
	p := &parser{
		mistakes: mistakes{file: name},
		names:    make(map[string]string),
		projects: make(map[uuid.UUID]string),
		keys:     make(map[uuid.UUID]string),
		secrets:  make(map[project.Digest]string),

		operations: digaOperations,
	}
	for _, opt := range opts {
		opt(p)
	}
	if len(data) > MaxSize {
		return nil, tooLarge(name)
	}
	var projects []Project
	if root := p.document(data); root != nil {
		projects = p.file(value{p, root, ""})
	}
	if err := p.err(); err != nil {
		return nil, err
	}
	return projects, nil
}

// parser holds what must occur once in a file, each with the path of its first
// occurrence, and counts what there must not be too much of.
type parser struct {
	mistakes
	names    map[string]string // of projects
	projects map[uuid.UUID]string
	keys     map[uuid.UUID]string
	secrets  map[project.Digest]string

	operations func() ([]*contract.Operation, error) // that faults may name

	memberCount, keyCount int
	faultSize             int // bytes as JSON
}

// document returns the content of the only document, or nil.
func (p *parser) document(data []byte) *yaml.Node {
	if at := badText(data); at >= 0 {
		line := 1 + bytes.Count(data[:at], []byte("\n"))
		column := at - bytes.LastIndexByte(data[:at], '\n')
		p.add(&yaml.Node{Line: line, Column: column}, "", "byte 0x%02x is no UTF-8 text; save the file as UTF-8", data[at])
		return nil
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var first, second yaml.Node
	switch err := decoder.Decode(&first); {
	case errors.Is(err, io.EOF):
		p.add(&yaml.Node{Line: 1, Column: 1}, "", "the file is empty; it needs at least: projects: []")
		return nil
	case err != nil:
		p.syntax(err)
		return nil
	}
	switch err := decoder.Decode(&second); {
	case err == nil:
		p.add(&second, "", "a second document begins here; a seed file has one: put its projects under the first projects")
		return nil
	case !errors.Is(err, io.EOF):
		p.syntax(err)
		return nil
	}
	return first.Content[0]
}

// badText returns where data stops being text that YAML could be, or -1.
func badText(data []byte) int {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == 0 || r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// yamlError is how the YAML package words an error.
var yamlError = regexp.MustCompile(`^yaml: (?:line (\d+): )?([^\n]*)`)

// syntax notes an error of the YAML package. Of these only the one about an
// unknown anchor quotes the file, where a secret may begin with an asterisk.
func (p *parser) syntax(err error) {
	at, text := &yaml.Node{}, "the file is not YAML"
	if m := yamlError.FindStringSubmatch(err.Error()); m != nil {
		at.Line, _ = strconv.Atoi(m[1])
		text += ": " + m[2]
	}
	if strings.Contains(text, "unknown anchor") {
		text = "the file is not YAML: an alias names an anchor that does not exist; quote a value that begins with an asterisk"
	}
	if strings.Contains(text, "cannot start any token") {
		text += "; indent with spaces, not tabs, and quote a value that begins with a special character"
	}
	p.add(at, "", "%s", text)
}

// file reads the top level.
func (p *parser) file(v value) []Project {
	fields, ok := v.fields("projects")
	if !ok {
		return nil
	}
	list, ok := fields["projects"]
	if !ok {
		v.mistake("there is no field projects; give the projects as a list, or projects: [] for none")
		return nil
	}
	items, ok := list.items()
	switch {
	case !ok:
		return nil
	case len(items) > maxProjects:
		list.mistake("there are %d projects; a file has at most %d", len(items), maxProjects)
		return nil
	}
	projects := make([]Project, 0, len(items))
	for _, item := range items {
		if p.full() {
			break
		}
		if one, ok := item.project(); ok {
			projects = append(projects, one)
		}
	}
	return projects
}

// unique notes in seen that what is at path, and reports the mistake that it
// was seen before.
func unique[K comparable](v value, seen map[K]string, what string, k K) bool {
	if first, taken := seen[k]; taken {
		v.mistake("this %s is already that of %s; give each its own", what, first)
		return false
	}
	seen[k] = v.path
	return true
}

// seedSpace is the namespace of made-up project ids (RFC 9562, version 5); a
// project's id is that of its members' and keys'.
var seedSpace = uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://github.com/digakit/digakit#seed"))

func madeUp(space uuid.UUID, format string, args ...any) uuid.UUID {
	return uuid.NewSHA1(space, fmt.Appendf(nil, format, args...))
}
