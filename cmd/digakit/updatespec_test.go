package main

import (
	"bufio"
	"context"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/mockserver"
)

// A copy of the module is built from another document, the way `make update-spec`
// does it, and works with nothing mended by hand: code is generated and compiles,
// tests pass, and the mock serves the document.
func TestUpdateSpec(t *testing.T) {
	t.Parallel()
	switch {
	case testing.Short():
		t.Skip("not run: it builds the module anew for each document, which takes minutes on a busy machine")
	case runtime.GOOS == "windows":
		t.Skip("not run: the Makefile wants a POSIX shell")
	}
	if _, err := exec.LookPath("make"); err != nil {
		t.Skip("not run: there is no make here")
	}
	for _, c := range []struct {
		name, list string // the path of a list
		program    string // a program that uses the client made, with the mock's URL and a key
		document   func(testing.TB) []byte
	}{
		{"made", "/v1/vessel/", "", func(testing.TB) []byte { return spectest.Document(136) }},
		{"published", "/v1/call/", "./cmd/digakit/testdata/life", func(t testing.TB) []byte { return spectest.Shared(t, "diga/openapi-2026-07-22.json") }},
	} {
		t.Run(c.name, func(t *testing.T) {
			document := c.document(t)
			dir := t.TempDir()
			module := filepath.Join(dir, "digakit")
			copyModule(t, module)
			source := filepath.Join(dir, "document.json")
			if err := os.WriteFile(source, document, 0o600); err != nil {
				t.Fatal(err)
			}
			in := func(name string, args ...string) string {
				t.Helper()
				began := time.Now()
				cmd := exec.CommandContext(t.Context(), name, args...)
				cmd.Dir = module
				// Packages in which no path stands, and no document, are compiled once for both.
				cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-trimpath")
				out, err := cmd.CombinedOutput()
				if err != nil {
					t.Fatalf("%s: %v\n%s", cmd, err, out)
				}
				t.Logf("%s %s: %.1f s", name, strings.Join(args, " "), time.Since(began).Seconds())
				return string(out)
			}
			told := in("make", "update-spec", "SPEC="+source)
			for _, want := range []string{"openapi.json", "gen/overlay.yaml", "generated without a body", "come to the name", "Update openapi.json from "} {
				if !strings.Contains(told, want) {
					t.Errorf("make update-spec does not say %q:\n%s", want, told)
				}
			}
			in("make", "check")
			in("go", "vet", "./gen/...", "./client", "./mockserver/...", "./cmd/digakit")
			in("go", "test", "-short", "./gen/...", "./client", "./mockserver/diga", "./mockserver/seed")
			askMock(t, filepath.Join(module, "bin", "digakit"), c.list, func(url string) {
				if c.program != "" {
					in("go", "run", c.program, url, mockserver.UnrestrictedKey)
				}
			})
		})
	}
}

// copyModule copies this module's sources to a folder.
func copyModule(t *testing.T, to string) {
	t.Helper()
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		switch name := entry.Name(); {
		case path == "../..":
			return nil
		case entry.IsDir() && (strings.HasPrefix(name, ".") || name == "bin" || name == "dist" || name == "node_modules"):
			return fs.SkipDir
		case !entry.Type().IsRegular():
			return nil
		}
		from, err := filepath.Rel("../..", path)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Dir(filepath.Join(to, from)), 0o750); err != nil {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, from), data, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// askMock starts a built digakit, asks its mock for the keys and for another list,
// and lets use work with the mock's URL.
func askMock(t *testing.T, binary, list string, use func(url string)) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, "mock", "--addr", "127.0.0.1:0")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(stdout)
	line, err := lines.ReadString('\n')
	url, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if err != nil || !ok {
		t.Fatalf("the mock says %q: %v\n%s", line, err, log.String())
	}
	for _, path := range []string{"/v1/api_key/?limit=2", list} {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+mockserver.UnrestrictedKey)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		_ = answer.Body.Close() // read to its end, or the error is told
		if err != nil || answer.StatusCode != http.StatusOK {
			t.Errorf("GET %s is answered %d: %s %v", path, answer.StatusCode, body, err)
		}
	}
	use(url)
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, lines); err != nil {
		t.Error(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("the mock ended with %v", err)
	}
}
