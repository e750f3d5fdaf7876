package state

import (
	"os"
	"path/filepath"
	"testing"
)

// From outside, the rename cannot be made to fail for every user; a directory in
// the file's place does it.
func TestAFailedRenameLeavesAllAsItWas(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "state.json")
	old := filepath.Join(path, "old")
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(old, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := replace(path, []byte("new")); err == nil {
		t.Fatal("no error")
	}
	if got, err := os.ReadFile(old); err != nil || string(got) != "old" {
		t.Errorf("what was there is %q, %v", got, err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("in the directory there is %v, %v", entries, err)
	}
}
