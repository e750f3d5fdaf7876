package main

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Whoever edits a seed file that is no longer followed is told at once, not when the mock ends.
func TestMockTellsWhenTheSeedIsNotFollowed(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "seeds")
	path := filepath.Join(dir, "seed.yaml")
	for _, err := range []error{os.Mkdir(dir, 0o700), os.WriteFile(path, []byte("projects: [{name: one}]\n"), 0o600)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), "digakit", "mock", "--addr", "127.0.0.1:0", "--seed", path)
	stderr, err := cmd.StderrPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	lines := bufio.NewScanner(stderr)
	for lines.Scan() && !strings.Contains(lines.Text(), "not followed any more") {
		told = append(told, lines.Text())
		if len(told) == 1 { // it serves
			if err := os.RemoveAll(dir); err != nil {
				t.Fatal(err)
			}
		}
	}
	if !strings.Contains(lines.Text(), "the seed file is not followed any more") {
		t.Errorf("it told only %q", told)
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait() // it was killed
}
