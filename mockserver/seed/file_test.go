package seed_test

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/digakit/digakit/mockserver/seed"
)

func TestLoad(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	one, two := filepath.Join(dir, "one.yaml"), filepath.Join(dir, "two.yaml")
	write(t, one, named("a"))
	write(t, two, named("b"))
	a, err := seed.Load(one)
	try(t, err)
	b, err := seed.Load(two)
	try(t, err)
	if a.Path != one || len(a.Digest) != 64 || a.Digest == b.Digest || a.Projects[0].Name != "a" {
		t.Errorf("loaded %+v and %+v", a, b)
	}
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	wrong := filepath.Join(dir, "wrong.yaml")
	write(t, wrong, "projects: 1")
	large := filepath.Join(dir, "large.yaml")
	write(t, large, strings.Repeat("#", seed.MaxSize+1))
	for _, tc := range []struct {
		name, path, want string
		digest           bool
	}{
		{"missing", filepath.Join(dir, "none.yaml"), "give the path of a readable YAML file", false},
		{"directory", dir, "is a directory; give the path of a YAML file", false},
		{"too large", large, "has more than 10000000 bytes", false},
		{"mistakes", wrong, wrong + ":1:11: projects: this must be an array or null", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f, err := seed.Load(tc.path)
			if err == nil || !strings.HasPrefix(err.Error(), "seed: ") || !strings.Contains(err.Error(), tc.want) || !strings.Contains(err.Error(), tc.path) {
				t.Errorf("got %v, want that it %s", err, tc.want)
			}
			if f.Path != tc.path || (f.Digest != "") != tc.digest {
				t.Errorf("with the error came %+v", f)
			}
		})
	}
	if _, err := seed.Load(filepath.Join(dir, "none.yaml")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: %v, want fs.ErrNotExist in it", err)
	}
}
