// Package sample makes values for the schemas of an OpenAPI document: valid ones,
// that look like what their names say, and always the same for the same seed.
package sample

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/brianvoe/gofakeit/v7"

	"github.com/digakit/digakit/contract/spec"
)

// Place says what a value is made for. Values of different places differ; a
// property of an object has the same value whatever other properties there are.
type Place struct {
	// Collection is what the value is an item of, or any other name for it.
	Collection string
	// Ordinal numbers the values of a collection, from 0. Enums and booleans take
	// their values in turn, so that a filter on them finds some and leaves some.
	Ordinal int
	// Request makes a value to send: without properties that are readOnly in place of
	// those that are writeOnly, and with as few nulls as may be.
	Request bool
	// Least leaves out what need not be there, but for what tells branches apart.
	Least bool
	// Time is when the item was made: dates in it lie near. The zero Time is
	// 2025-01-07.
	Time time.Time
}

// Maker makes values. It is safe for concurrent use.
type Maker struct {
	seed  uint64
	valid func(schema *spec.Schema, value any) bool
}

// New returns a Maker. Values of different seeds differ. Valid judges a value by a
// schema, what a [spec.Schema] does not tell and the rules of oneOf included;
// without it values fit what a [spec.Schema] tells.
func New(seed uint64, valid func(schema *spec.Schema, value any) bool) *Maker {
	if valid == nil {
		valid = func(*spec.Schema, any) bool { return true }
	}
	return &Maker{seed: seed, valid: valid}
}

// ErrImpossible is that of a schema for which no value could be made.
var ErrImpossible = errors.New("sample: no value fits")

const (
	maxAttempts = 32   // values tried before giving up
	maxValues   = 3000 // in one value; what is optional is left out beyond
	maxNesting  = 24
)

// Value makes a value for a schema: nil, a bool, string, json.Number, []any or
// map[string]any, without properties that are writeOnly. The error is
// ErrImpossible and names the place.
func (m *Maker) Value(s *spec.Schema, at Place) (any, error) {
	if at.Time.IsZero() {
		at.Time = time.Date(2025, time.January, 7, 8, 41, 17, 0, time.UTC)
	}
	var failed error
	for attempt := range maxAttempts {
		w := m.work(at, attempt)
		v, err := w.value(s, "", "")
		switch {
		case err != nil:
			failed = err
		case m.valid(s, v):
			return v, nil
		default:
			failed = fmt.Errorf("%w the schema at %s: what was made breaks it", ErrImpossible, s.Pointer)
		}
	}
	return nil, failed
}

// work is the making of one value.
type work struct {
	maker   *Maker
	place   Place
	attempt int // of several; the last are as small as they can be
	open    map[*spec.Schema]int
	made    int // values so far
	nesting int

	prefix uint64 // of hashes
	source rand.PCG
	rand   *rand.Rand      // of source
	faker  *gofakeit.Faker // of source
}

func (m *Maker) work(at Place, attempt int) *work {
	w := &work{maker: m, place: at, attempt: attempt, open: map[*spec.Schema]int{}}
	w.rand = rand.New(&w.source) //nolint:gosec // made-up data, and it must be repeatable
	w.faker = gofakeit.NewFaker(w.rand, false)
	w.prefix = hashed(14695981039346656037, strconv.FormatUint(m.seed, 10)+"\x00"+at.Collection+"\x00")
	return w
}

// sparse tells whether to leave out what may be left out.
func (w *work) sparse() bool { return w.made > maxValues || w.attempt > maxAttempts*2/3 }

// hash is the same for the same place in the same value.
func (w *work) hash(path string) uint64 {
	return hashed(hashed(hashed(w.prefix, path), "\x00"), strconv.Itoa(w.attempt))
}

// hashed goes on with an FNV-1a hash.
func hashed(h uint64, text string) uint64 {
	for i := range len(text) {
		h = (h ^ uint64(text[i])) * 1099511628211
	}
	return h
}

// random lets rand and faker give the same for the same path, until the next call.
func (w *work) random(path string) *rand.Rand {
	w.source.Seed(w.hash(path), uint64(w.place.Ordinal)) //nolint:gosec // not negative
	return w.rand
}

func (w *work) fake(path string) *gofakeit.Faker {
	w.random(path)
	return w.faker
}

// turn chooses one of n things: n ordinals on end take each once, and begin anywhere, so
// that the properties of an item do not go together.
func (w *work) turn(path string, n int) int {
	start := rand.NewPCG(w.hash(path), uint64(w.place.Ordinal/n)).Uint64() //nolint:gosec // not negative
	return int((start%uint64(n) + uint64(w.place.Ordinal%n)) % uint64(n))  //nolint:gosec // n is a length
}

func impossible(s *spec.Schema, why string) error {
	return fmt.Errorf("%w the schema at %s: %s", ErrImpossible, s.Pointer, why)
}

// value makes a value for a schema. Name is that of the property it is for, of an
// item that of its array.
func (w *work) value(s *spec.Schema, path, name string) (any, error) {
	if s == nil {
		return w.any(path), nil
	}
	w.made++
	if s.Nullable && (w.sparse() || w.cut(s) || path != "" && !w.place.Request && w.turn(path+"?null", 7) == 0) {
		return nil, nil //nolint:nilnil // null is a value
	}
	if s.Never {
		return nil, impossible(s, "it admits nothing")
	}
	if w.open[s] > maxNesting {
		return nil, impossible(s, "it contains itself without an end")
	}
	w.open[s]++
	w.nesting++
	defer func() { w.open[s]--; w.nesting-- }()
	if s.Enum != nil {
		return w.enum(s, path)
	}
	if cases := s.Cases(); len(cases) > 0 {
		return w.alternative(s, cases, path, name)
	}
	if alternatives := s.Alternatives(); len(alternatives) > 0 {
		return w.alternative(s, alternatives, path, name)
	}
	return w.plain(s, path, name)
}

// cut tells whether a value within itself, or too deep, ends here if it can.
func (w *work) cut(s *spec.Schema) bool { return w.open[s] > 0 || w.nesting > maxNesting }

func (w *work) enum(s *spec.Schema, path string) (any, error) {
	first := w.turn(path, max(len(s.Enum), 1))
	for i := range s.Enum {
		if v := s.Enum[(first+i)%len(s.Enum)]; v != nil {
			return v, nil
		}
	}
	if s.Nullable {
		return nil, nil //nolint:nilnil // null is a value
	}
	return nil, impossible(s, "its enum is empty")
}

// alternative takes one branch after the other until a value fits the whole.
func (w *work) alternative(s *spec.Schema, branches []*spec.Schema, path, name string) (any, error) {
	first := w.turn(path, len(branches))
	err := impossible(s, "no alternative of it can be made")
	for i := range branches {
		branch := branches[(first+i)%len(branches)]
		if w.cut(branch) && i < len(branches)-1 {
			continue
		}
		v, failed := w.value(branch, path, name)
		if failed != nil {
			err = failed
			continue
		}
		if w.maker.valid(s, v) {
			return v, nil
		}
	}
	return nil, err
}

func (w *work) plain(s *spec.Schema, path, name string) (any, error) {
	kind := "string"
	switch {
	case len(s.Types) > 0:
		kind = s.Types[w.turn(path, len(s.Types))]
	case s.Types != nil && s.Nullable:
		return nil, nil //nolint:nilnil // null is a value
	case s.Types != nil:
		return nil, impossible(s, "it has no type")
	case len(s.Properties()) > 0 || len(s.Required) > 0 || s.Additional() != nil:
		kind = "object"
	case s.Items() != nil || len(s.PrefixItems()) > 0:
		kind = "array"
	case s.Minimum != nil || s.Maximum != nil || s.MultipleOf != "":
		kind = "number"
	case s.Format == "" && len(s.Patterns) == 0 && s.MinLength == 0 && s.MaxLength < 0:
		return w.any(path), nil
	}
	switch kind {
	case "object":
		return w.object(s, path)
	case "array":
		return w.array(s, path, name)
	case "integer", "number":
		return w.number(s, path, name, kind == "integer")
	case "boolean":
		return w.turn(path, 2) == 1, nil
	case "null":
		return nil, nil //nolint:nilnil // null is a value
	}
	return w.text(s, path, name)
}

// any makes a value of which nothing is said.
func (w *work) any(path string) any {
	w.made++
	return map[string]any{"note": w.words(path)}
}
