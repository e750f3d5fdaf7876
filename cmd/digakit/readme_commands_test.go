package main

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/mockserver"
)

// readmeDirectory has what the commands in the readmes work on, in two commits, and
// digakit itself in bin: testscript.Main runs main for a binary of that name.
func readmeDirectory(t *testing.T) string {
	t.Helper()
	document := string(spectest.Seed())
	script, err := txtar.ParseFile("testdata/script/verify.txtar")
	if err != nil {
		t.Fatal(err)
	}
	recorded := script.Files[slices.IndexFunc(script.Files, func(f txtar.File) bool { return f.Name == "good.har" })].Data
	dir := t.TempDir()
	for name, content := range map[string]string{
		"openapi.json": document, "whole.json": document, "old.json": document,
		"new.json":   strings.Replace(document, `"default": 50`, `"default": 20`, 1),
		"page.md":    "# List API keys\n\n````yaml /openapi.json get /v1/api_key/\n" + document + "\n````\n",
		"train.yaml": markedBlock(t, "other"), "recorded.har": string(recorded),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "bin"), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(self, filepath.Join(dir, "bin", "digakit")); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"init", "-q"}, {"add", "openapi.json"}, {"commit", "-qm", "1"}, {"commit", "-qm", "2", "--allow-empty"}} {
		cmd := exec.CommandContext(t.Context(), "git", append([]string{"-C", dir, "-c", "user.name=x", "-c", "user.email=x@x"}, args...)...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	return dir
}

// Every command of digakit and make that a readme shows, and every request to the
// mock, works. The real service's address is a mock's.
func TestReadmeCommands(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("not run with -short: a process for each command, and TestScript has some of every command")
	}
	dir := readmeDirectory(t)
	if says := runReadmeCommand(t, dir, []string{"verify", "--format", "json", "--output", "coverage.json"}); says != "" {
		t.Fatal(says)
	}
	srv := mockserver.Start(t, mockserver.WithDocument(spectest.SeedDocument()))
	makefile, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range readmeBlocks(t, "sh") {
		if b.mark == "control" {
			continue // TestReadmeControlRequests
		}
		for command := range strings.FieldsFuncSeq(regexp.MustCompile(`(?m)(^|\s)#.*$`).ReplaceAllString(b.text, ""), func(r rune) bool { return strings.ContainsRune("\n&;|", r) }) {
			command = strings.NewReplacer("https://api.diga.io", srv.URL(), "http://127.0.0.1:4010", srv.URL(), "$URL", srv.URL()).Replace(command)
			args := regexp.MustCompile(`'[^']*'|"[^"]*"|\S+`).FindAllString(command, -1)
			if len(args) == 0 {
				continue
			}
			for i := range args {
				args[i] = strings.Trim(args[i], `'"`)
			}
			switch args[0] {
			case "digakit", "bin/digakit":
				if says := runReadmeCommand(t, dir, args[1:]); says != "" {
					t.Errorf("%s: %s: %s", b.file, command, says)
				}
			case "make":
				if !regexp.MustCompile(`(?m)^` + args[1] + `:`).Match(makefile) {
					t.Errorf("%s: there is no target %s", b.file, args[1])
				}
			case "curl":
				if strings.HasSuffix(command, "/trains") {
					continue // TestReadmeServesAnotherDocument
				}
				resp, err := srv.Client(mockserver.UnrestrictedKey).Get(args[len(args)-1])
				if err != nil {
					t.Fatal(err)
				}
				resp.Body.Close()
				if resp.StatusCode != http.StatusOK {
					t.Errorf("%s: %s answers %s", b.file, command, resp.Status)
				}
			case "docker", "go", "sleep": // others' programs
			default:
				t.Errorf("%s: nothing runs %q", b.file, command)
			}
		}
	}
}

// runReadmeCommand says what is wrong with a command line; findings are not.
func runReadmeCommand(t *testing.T, dir string, args []string) string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	serves := slices.Contains([]string{"mock", "proxy"}, args[0])
	if serves {
		args = append(args, "--addr", "127.0.0.1:0")
	}
	var stderr strings.Builder
	cmd := exec.CommandContext(ctx, filepath.Join(dir, "bin", "digakit"), args...)
	cmd.Dir, cmd.Stderr = dir, &stderr
	if !serves {
		_, err := cmd.Output()
		if code := cmd.ProcessState.ExitCode(); code != exitOK && code != exitFindings {
			return err.Error() + "\n" + stderr.String()
		}
		return ""
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	cancel()
	_ = cmd.Wait() // it was killed
	if err != nil || !strings.HasPrefix(line, "listening on http") {
		return line + stderr.String()
	}
	return ""
}

// The fixture for Node passes as it stands. CI has Node.js.
func TestReadmeNodeFixture(t *testing.T) {
	t.Parallel()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("no Node.js here")
	}
	dir := readmeDirectory(t)
	for _, b := range readmeBlocks(t, "js") {
		path := filepath.Join(dir, "fixture.test.mjs")
		if err := os.WriteFile(path, []byte(b.text), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), node, "--test", path)
		cmd.Env = append(os.Environ(), "PATH="+filepath.Join(dir, "bin")+string(os.PathListSeparator)+os.Getenv("PATH"))
		out, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "# pass 1\n") {
			t.Errorf("%s: %v\n%s", b.file, err, out)
		}
		cmd = exec.CommandContext(t.Context(), node, "--test", path)
		cmd.Env = append(os.Environ(), "DIGAKIT_KEYS=2000000", "PATH="+filepath.Join(dir, "bin")+string(os.PathListSeparator)+os.Getenv("PATH"))
		if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "not 2000000") {
			t.Errorf("%s: it does not say why the mock did not start: %v\n%s", b.file, err, out)
		}
	}
}

// Each request that a readme shows to the control API works.
func TestReadmeControlRequests(t *testing.T) {
	t.Parallel()
	document, err := spec.Parse(spectest.Document(30))
	if err != nil {
		t.Fatal(err)
	}
	srv := mockserver.Start(t, mockserver.WithDocument(document))
	described := controlOperations(t, srv)
	keyID, itemID, shotID := "", "", ""
	for line := range strings.Lines(markedBlock(t, "control")) {
		command := regexp.MustCompile(`^curl (?:-X (\w+) )?"?\$M(/[^ "]*)"?(?: --json '([^']*)')? *(?:# (409)?.*)?\n$`).FindStringSubmatch(line)
		if command == nil {
			if !strings.HasPrefix(line, "M=") {
				t.Errorf("cannot read %q", line)
			}
			continue
		}
		method, path, body := command[1], strings.NewReplacer("KEY_ID", keyID, "ITEM_ID", itemID, "SNAPSHOT_ID", shotID, "/agent", "/vessel").Replace(command[2]), command[3]
		switch {
		case method == "" && body != "":
			method = http.MethodPost // as curl does
		case method == "":
			method = http.MethodGet
		}
		ctx, cancel := context.WithCancel(t.Context())
		r, err := http.NewRequestWithContext(ctx, method, srv.URL()+"/_mock"+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if body != "" {
			r.Header.Set("Content-Type", "application/json")
		}
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		var answer struct{ ID string }
		if method == http.MethodPost && strings.HasPrefix(path, "/projects/my-test/") && resp.StatusCode == http.StatusCreated {
			if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
				t.Error(err)
			}
			switch {
			case strings.HasSuffix(path, "/api_keys"):
				keyID = answer.ID
			case strings.Contains(path, "/collections/"):
				itemID = answer.ID
			}
		}
		if strings.HasSuffix(path, "/snapshot") {
			if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
				t.Error(err)
			}
			shotID = answer.ID
		}
		cancel() // the stream of events goes on by itself
		resp.Body.Close()
		if documented := command[4] != "" && resp.Status[:3] == command[4]; resp.StatusCode >= 300 && !documented {
			t.Errorf("%s is answered %s", strings.TrimSpace(line), resp.Status)
		}
		for pattern := range described {
			known, template, _ := strings.Cut(pattern, " ")
			plain, _, _ := strings.Cut("/_mock"+path, "?")
			if known == method && regexp.MustCompile("^"+regexp.MustCompile(`\{[^}]*\}`).ReplaceAllString(template, "[^/]+")+"$").MatchString(plain) {
				delete(described, pattern)
			}
		}
	}
	delete(described, "PUT /_mock/projects/{project}/snapshot") // its body is what GET answered
	for pattern := range described {
		t.Errorf("no readme shows %s", pattern)
	}
}

// controlOperations are the operations of the control API: METHOD PATH.
func controlOperations(t *testing.T, srv *mockserver.Server) map[string]bool {
	t.Helper()
	resp, err := http.Get(srv.URL() + "/_mock/control.json")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var doc struct{ Paths map[string]map[string]any }
	if err := json.NewDecoder(resp.Body).Decode(&doc); err != nil {
		t.Fatal(err)
	}
	operations := map[string]bool{}
	for path, item := range doc.Paths {
		for method := range item {
			if method != "parameters" {
				operations[strings.ToUpper(method)+" "+path] = true
			}
		}
	}
	return operations
}

// The override file that a readme shows fits Diga's whole document, which has its operations.
func TestReadmeOverridesFitTheWholeDocument(t *testing.T) {
	t.Parallel()
	document, err := spec.Parse(spectest.Shared(t, "diga/openapi-2026-07-22.json"))
	if err != nil {
		t.Fatal(err)
	}
	overrides, err := mockserver.ParseOverrides("override.yaml", []byte(markedBlock(t, "overrides")))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := mockserver.New(mockserver.WithDocument(document), mockserver.WithOverrides(overrides...)); err != nil {
		t.Error(err)
	}
}
