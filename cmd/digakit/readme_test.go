package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/gen"
	"github.com/digakit/digakit/mockserver"
	"github.com/digakit/digakit/mockserver/seed"
)

// readmeBlocks returns the fenced blocks of the given language in README.md.
func readmeBlocks(t *testing.T, language string) []string {
	t.Helper()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var blocks []string
	for _, m := range regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllSubmatch(readme, -1) {
		blocks = append(blocks, string(m[1]))
	}
	if len(blocks) == 0 {
		t.Fatalf("README.md has no %s block", language)
	}
	return blocks
}

func TestReadmeSeedFileIsOne(t *testing.T) {
	t.Parallel()
	projects, err := seed.Parse("README.md", []byte(readmeBlocks(t, "yaml")[0]))
	if err != nil {
		t.Fatal(err)
	}
	if len(projects) != 1 || len(projects[0].Keys) != 102 {
		t.Errorf("it makes %d projects", len(projects))
	}
}

func TestReadmeShowsTheRealAnswer(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithDocument(spectest.SeedDocument()))
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
	if err := json.Unmarshal([]byte(readmeBlocks(t, "json")[0]), &shown); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(got, shown); diff != "" {
		t.Errorf("README.md does not show the answer (-real +shown):\n%s", diff)
	}
}

var update = flag.Bool("update", false, "write the behaviour table into README.md")

// The table of behaviours is printed from the code; `go test ./cmd/digakit
// -run Behaviours -update` writes it.
func TestReadmeBehavioursAreThoseOfTheCode(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	region := regexp.MustCompile(`(?s)(<!-- behaviours: .*? -->\n).*?(<!-- end of behaviours -->)`)
	m := region.FindSubmatchIndex(readme)
	if m == nil {
		t.Fatal("README.md has no place for the behaviours")
	}
	want := slices.Concat(readme[:m[3]], []byte(behaviourTable()), readme[m[4]:])
	if *update {
		if err := os.WriteFile("../../README.md", want, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(want), string(readme)); diff != "" {
		t.Errorf("README.md's behaviours are not those of the code; -update writes them (-code +README.md):\n%s", diff)
	}
}

func behaviourTable() string {
	var b strings.Builder
	b.WriteString("| id | behaviour | alternatives | rests on |\n|---|---|---|---|\n")
	for _, x := range mockserver.Behaviours() {
		alternatives := ""
		if len(x.Alternatives) > 0 {
			alternatives = "`" + strings.Join(x.Alternatives, "` `") + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", x.ID, x.Text, alternatives, x.Basis)
	}
	return b.String()
}

func TestReadmeQuotesDeploy(t *testing.T) {
	t.Parallel()
	for file, language := range map[string]string{"compose.yaml": "yaml", "testcontainers_example.go.txt": "golang"} {
		want, err := os.ReadFile("testdata/deploy/" + file)
		if err != nil || !slices.Contains(readmeBlocks(t, language), string(want)) {
			t.Errorf("README.md does not quote %s (%v)", file, err)
		}
	}
}

// Each request that the README shows to the control API works.
func TestReadmeControlRequests(t *testing.T) {
	t.Parallel()
	document, err := spec.Parse(spectest.Document(30))
	if err != nil {
		t.Fatal(err)
	}
	srv := mockserver.Start(t, mockserver.WithDocument(document))
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?s)<!-- control: .*?```sh\n(.*?)```").FindSubmatch(readme)
	if block == nil {
		t.Fatal("README.md has no block of control requests")
	}
	described := controlOperations(t, srv)
	keyID, itemID := "", ""
	for line := range strings.Lines(string(block[1])) {
		command := regexp.MustCompile(`^curl (?:-X (\w+) )?"?\$M(/[^ "]*)"?(?: --json '([^']*)')? *(?:#.*)?\n$`).FindStringSubmatch(line)
		if command == nil {
			if !strings.HasPrefix(line, "M=") {
				t.Errorf("cannot read %q", line)
			}
			continue
		}
		method, path, body := command[1], strings.NewReplacer("KEY_ID", keyID, "ITEM_ID", itemID, "/agent", "/vessel").Replace(command[2]), command[3]
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
		cancel() // the stream of events goes on by itself
		resp.Body.Close()
		if resp.StatusCode >= 300 {
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
		t.Errorf("README.md does not show %s", pattern)
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

// The README's tests run in a module of their own, as in another repo. Offline: it
// requires what this one requires, as `go mod tidy` would have it do, so that no
// module is looked up that this one has not needed.
func TestReadmeTestsInAnotherModule(t *testing.T) {
	t.Parallel()
	if !bytes.Equal(gen.OpenAPI(), spectest.Seed()) {
		t.Skip("not run: the tests in README.md are written for the document of one operation, and this module is built from another")
	}
	checkout, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(name, content string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run := func(args ...string) string {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), "go", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOPROXY=off", "GOFLAGS=", "GOWORK=off")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("go %v: %v\n%s", args, err, out)
		}
		return string(out)
	}
	want := map[string]bool{}
	for i, block := range readmeBlocks(t, "go") {
		write(fmt.Sprintf("readme%d_test.go", i), block)
		for _, m := range regexp.MustCompile(`func (Test\w+)\(`).FindAllStringSubmatch(block, -1) {
			want["--- PASS: "+m[1]+" "] = true
		}
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		content, err := os.ReadFile("../../" + name)
		if err != nil {
			t.Fatal(err)
		}
		write(name, string(content))
	}
	run("mod", "edit", "-module=example.com/keys", "-droptool=github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen",
		"-require=github.com/digakit/digakit@v0.0.0", "-replace=github.com/digakit/digakit="+checkout)
	out := run("test", "-mod=mod", "-v", ".")
	for line := range want {
		if !strings.Contains(out, line) {
			t.Errorf("no %q in\n%s", line, out)
		}
	}
	if len(want) < 2 {
		t.Errorf("README.md has %d tests", len(want))
	}
}

// The document of another API that the README shows is served as it says.
func TestReadmeServesAnotherDocument(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?s)<!-- other: .*?```yml\n(.*?)```.*?curl http://127.0.0.1:4010(/\\S+)\n").FindSubmatch(readme)
	if block == nil {
		t.Fatal("README.md shows no other document with a request")
	}
	document, err := spec.Parse(block[1])
	if err != nil {
		t.Fatal(err)
	}
	srv := mockserver.Start(t, mockserver.WithDocument(document))
	resp, err := http.Get(srv.URL() + string(block[2]))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var trains []struct {
		ID   *int
		Name *string
	}
	if err := json.NewDecoder(resp.Body).Decode(&trains); err != nil || len(trains) != mockserver.DefaultItems || trains[0].ID == nil || trains[0].Name == nil {
		t.Errorf("answered %s, %d trains (%v)", resp.Status, len(trains), err)
	}
}
