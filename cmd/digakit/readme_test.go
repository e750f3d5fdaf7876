package main

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/mockserver"
)

// readmeBlock returns the first fenced block of the given language in README.md.
func readmeBlock(t *testing.T, language string) string {
	t.Helper()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile("(?s)```" + language + "\n(.*?)```").FindSubmatch(readme)
	if m == nil {
		t.Fatalf("README.md has no %s block", language)
	}
	return string(m[1])
}

func TestReadmeShowsTheRealAnswer(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	resp, err := srv.Client(mockserver.UnrestrictedKey).Get(srv.URL() + "/v1/api_key/?limit=2")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("answered %s", resp.Status)
	}
	var got, shown any
	if err := json.NewDecoder(resp.Body).Decode(&got); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(readmeBlock(t, "json")), &shown); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(got, shown); diff != "" {
		t.Errorf("README.md does not show the answer (-real +shown):\n%s", diff)
	}
}

// The README's test runs in a module of its own, as in another repo. Offline: a
// replaced checkout needs no module that this one has not.
func TestReadmeFixtureInAnotherModule(t *testing.T) {
	t.Parallel()
	checkout, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "keys_test.go"), []byte(readmeBlock(t, "go")), 0o600); err != nil {
		t.Fatal(err)
	}
	sum, err := os.ReadFile("../../go.sum")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "go.sum"), sum, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"mod", "init", "example.com/keys"},
		{"mod", "edit", "-require=github.com/digakit/digakit@v0.0.0", "-replace=github.com/digakit/digakit=" + checkout},
		{"test", "-mod=mod", "-run", "^TestKeyWithoutPermission$", "-v", "."},
	} {
		cmd := exec.CommandContext(t.Context(), "go", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOPROXY=off", "GOFLAGS=", "GOWORK=off")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("go %v: %v\n%s", args, err, out)
		}
		if args[0] == "test" && !regexp.MustCompile(`--- PASS: TestKeyWithoutPermission`).Match(out) {
			t.Errorf("the test did not run:\n%s", out)
		}
	}
}
