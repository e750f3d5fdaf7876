package seed_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/digakit/digakit/mockserver/seed"
)

// news is one call of a watch.
type news struct {
	file seed.File
	err  error
}

// watch follows the file at path, loaded before, until the test ends.
func watch(t *testing.T, path string) <-chan news {
	t.Helper()
	f, err := seed.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	calls := make(chan news)
	ended := make(chan error, 1)
	ctx, stop := context.WithCancel(context.Background())
	go func() {
		ended <- f.Watch(ctx, func(f seed.File, err error) {
			select {
			case calls <- news{f, err}:
			case <-ctx.Done():
			}
		})
	}()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the watch ended with %v", err)
		}
	})
	return calls
}

// next waits for a call. There is no need to bound it: go test does.
func next(t *testing.T, calls <-chan news) news {
	t.Helper()
	select {
	case n := <-calls:
		return n
	case <-t.Context().Done():
		t.Fatal("no call")
		return news{}
	}
}

func named(name string) string { return "projects: [{name: " + name + "}]\n" }

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func try(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wantProject waits for a content of one project.
func wantProject(t *testing.T, calls <-chan news, name string) {
	t.Helper()
	n := next(t, calls)
	if n.err != nil || len(n.file.Projects) != 1 || n.file.Projects[0].Name != name {
		t.Fatalf("told of %+v, %v; want project %s", n.file.Projects, n.err, name)
	}
}

func TestWatchTellsOfChanges(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, why string
		change    func(t *testing.T, path, text string)
	}{
		{"write in place", "echo > file", write},
		{"write in place and set the time back", "length and time are as before", func(t *testing.T, path, text string) {
			before, err := os.Stat(path)
			try(t, err)
			write(t, path, text)
			try(t, os.Chtimes(path, before.ModTime(), before.ModTime()))
		}},
		{"rename over it", "how most editors save", func(t *testing.T, path, text string) {
			write(t, path+".tmp", text)
			try(t, os.Rename(path+".tmp", path))
		}},
		{"delete and create", "how others do", func(t *testing.T, path, text string) {
			try(t, os.Remove(path))
			write(t, path, text)
		}},
		{"move away and create", "Vim with backups", func(t *testing.T, path, text string) {
			try(t, os.Rename(path, path+"~"))
			write(t, path, text)
		}},
		{"in pieces", "a slow copy", func(t *testing.T, path, text string) {
			f, err := os.Create(path)
			try(t, err)
			for _, piece := range strings.SplitAfter(text, " ") {
				_, err := f.WriteString(piece)
				try(t, err)
			}
			try(t, f.Close())
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "seed.yaml")
			write(t, path, named("nil"))
			try(t, os.Chtimes(path, time.Now().Add(-time.Hour), time.Now().Add(-time.Hour)))
			calls := watch(t, path)
			for _, name := range []string{"one", "two", "tri"} {
				tc.change(t, path, named(name))
				wantProject(t, calls, name)
			}
		})
	}
}

// A ConfigMap is mounted as seed.yaml -> ..data/seed.yaml, ..data -> ..2025_01,
// and changed by exchanging ..data.
func TestWatchFollowsAConfigMap(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	publish := func(version, text string) {
		try(t, os.Mkdir(filepath.Join(dir, version), 0o700))
		write(t, filepath.Join(dir, version, "seed.yaml"), text)
		try(t, os.Symlink(version, filepath.Join(dir, "..data_tmp")))
		try(t, os.Rename(filepath.Join(dir, "..data_tmp"), filepath.Join(dir, "..data")))
	}
	publish("..2025_01", named("one"))
	path := filepath.Join(dir, "seed.yaml")
	try(t, os.Symlink(filepath.Join("..data", "seed.yaml"), path))
	calls := watch(t, path)
	for _, version := range []string{"2", "3", "4"} {
		publish("..2025_0"+version, named("v"+version))
		wantProject(t, calls, "v"+version)
		try(t, os.RemoveAll(filepath.Join(dir, "..2025_01"))) // the first time the old one
	}
}

func TestWatchFollowsALinkToElsewhere(t *testing.T) {
	t.Parallel()
	here, there := t.TempDir(), t.TempDir()
	target, other := filepath.Join(there, "real.yaml"), filepath.Join(t.TempDir(), "other.yaml")
	write(t, target, named("one"))
	write(t, other, named("two"))
	path := filepath.Join(here, "seed.yaml")
	try(t, os.Symlink(target, path))
	calls := watch(t, path)
	write(t, target, named("uno"))
	wantProject(t, calls, "uno")
	try(t, os.Symlink(other, path+".tmp"))
	try(t, os.Rename(path+".tmp", path))
	wantProject(t, calls, "two")
	write(t, other, named("due"))
	wantProject(t, calls, "due")
}

func TestWatchTellsOfErrorsOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "seed.yaml")
	write(t, path, named("one"))
	calls := watch(t, path)
	write(t, path, "projects: 1")
	if n := next(t, calls); n.err == nil || !strings.Contains(n.err.Error(), "projects: this must be an array or null") {
		t.Fatalf("told of %+v, want the mistake", n)
	}
	try(t, os.Remove(path))
	if n := next(t, calls); n.err == nil || !strings.Contains(n.err.Error(), "seed.yaml") {
		t.Fatalf("told of %+v, want that the file is missing", n)
	}
	write(t, path, named("two"))
	wantProject(t, calls, "two")
}

func TestWatchIsQuietAboutTheSameContent(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, other := filepath.Join(dir, "seed.yaml"), filepath.Join(dir, "other.yaml")
	write(t, path, named("one"))
	write(t, other, named("one"))
	calls, others := watch(t, path), watch(t, other)
	for _, tc := range []struct {
		name   string
		change func()
	}{
		{"a rewrite", func() { write(t, path, named("one")) }},
		{"another mode", func() { try(t, os.Chmod(path, 0o640)) }},
		{"rename over it", func() {
			write(t, path+".tmp", named("one"))
			try(t, os.Rename(path+".tmp", path))
		}},
	} {
		tc.change()
		// A later change of the other file is told of later.
		write(t, other, named("for"+strings.ReplaceAll(tc.name, " ", "")))
		select {
		case n := <-calls:
			t.Fatalf("%s: told of %+v", tc.name, n)
		case n := <-others:
			if n.err != nil {
				t.Fatal(n.err)
			}
		}
	}
	write(t, path, named("two"))
	wantProject(t, calls, "two")
}

func TestWatchTellsOfAChangeMadeBeforeIt(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "seed.yaml")
	write(t, path, named("one"))
	f, err := seed.Load(path)
	try(t, err)
	write(t, path, named("two"))
	ctx, stop := context.WithCancel(t.Context())
	calls := make(chan news, 1)
	try(t, f.Watch(ctx, func(f seed.File, err error) {
		calls <- news{f, err}
		stop()
	}))
	wantProject(t, calls, "two")
}

func TestWatchRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, tc := range []struct{ name, path, want string }{
		{"no directory", filepath.Join(dir, "none", "seed.yaml"), "cannot be followed"},
		{"a directory", dir, "it is not a regular file"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			err := seed.File{Path: tc.path}.Watch(t.Context(), func(seed.File, error) { t.Error("a call") })
			if err == nil || !strings.Contains(err.Error(), tc.want) || !strings.Contains(err.Error(), tc.path) {
				t.Errorf("got %v, want that it %s", err, tc.want)
			}
		})
	}
}

func TestWatchEndsWithTheDirectory(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "gone")
	try(t, os.Mkdir(dir, 0o700))
	path := filepath.Join(dir, "seed.yaml")
	write(t, path, named("one"))
	f, err := seed.Load(path)
	try(t, err)
	calls, ended := make(chan news, 9), make(chan error, 1)
	go func() { ended <- f.Watch(t.Context(), func(f seed.File, err error) { calls <- news{f, err} }) }()
	write(t, path, named("two"))
	wantProject(t, calls, "two")
	try(t, os.RemoveAll(dir))
	if n := next(t, calls); n.err == nil {
		t.Errorf("told of %+v, want that the file is missing", n.file)
	}
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "its directory has been removed") {
		t.Errorf("the watch ended with %v", err)
	}
}

// Reading a named pipe waits for a writer, and so would whoever waits for the watch to end.
func TestWatchEndsWhereThereIsNoRegularFileAnyMore(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("mkfifo"); err != nil {
		t.Skip("no named pipes here")
	}
	path := filepath.Join(t.TempDir(), "seed.yaml")
	write(t, path, named("one"))
	f, err := seed.Load(path)
	try(t, err)
	ended := make(chan error, 1)
	go func() { ended <- f.Watch(t.Context(), func(seed.File, error) {}) }()
	try(t, exec.CommandContext(t.Context(), "mkfifo", path+".pipe").Run())
	try(t, os.Rename(path+".pipe", path))
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "it is not a regular file") {
		t.Errorf("the watch ended with %v", err)
	}
}
