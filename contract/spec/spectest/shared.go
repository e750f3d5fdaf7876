// Package spectest gives tests the documents they read: those that others
// published, which stand beside the module and are not part of it.
package spectest

import (
	"os"
	"path/filepath"
	"testing"
)

// RequireShared is the environment variable that makes it a failure, not a
// skip, when the folder ../shared is there and a file of it cannot be read.
const RequireShared = "DIGAKIT_REQUIRE_SHARED"

// Shared returns the file at a slash-separated path below the folder shared
// that stands beside the module. Without that folder it says so and skips the
// test.
func Shared(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(folder(t), filepath.FromSlash(path)))
	if err != nil {
		absent(t, err)
	}
	return data
}

// SharedFiles returns the files that match a pattern of [filepath.Glob] below
// the folder shared, by their path below it. It skips as [Shared] does, also
// when nothing matches.
func SharedFiles(t testing.TB, pattern string) map[string][]byte {
	t.Helper()
	root := folder(t)
	found, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, file := range found {
		path, err := filepath.Rel(root, file)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.ToSlash(path)] = Shared(t, filepath.ToSlash(path))
	}
	if len(files) == 0 {
		absent(t, os.ErrNotExist)
	}
	return files
}

// folder is the path of shared; it skips the test when there is none.
func folder(t testing.TB) string {
	t.Helper()
	at, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
			break
		}
		up := filepath.Dir(at)
		if up == at {
			t.Fatal("spectest: no go.mod above the test's folder")
		}
		at = up
	}
	root := filepath.Join(filepath.Dir(at), "shared")
	if _, err := os.Stat(root); err != nil {
		t.Skip("not run: the folder ../shared, beside the module, is not there")
	}
	return root
}

func absent(t testing.TB, err error) {
	t.Helper()
	if os.Getenv(RequireShared) != "" {
		t.Fatalf("%s is set, and ../shared lacks what this test reads: %v", RequireShared, err)
	}
	t.Skipf("not run: ../shared lacks what this test reads: %v", err)
}
