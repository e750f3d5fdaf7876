package main

import (
	"bytes"
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

	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/contract/suite"
	"github.com/digakit/digakit/gen"
	"github.com/digakit/digakit/mockserver"
	"github.com/digakit/digakit/mockserver/seed"
)

// readmes are what people read first, from the top of the repository.
var readmes = []string{"README.md", "mockserver/README.md", "contract/README.md", "client/README.md", "cmd/digakit/README.md"}

// readmeBlock is a fenced block, with the word of the comment before it that says
// what a test does with it.
type readmeBlock struct{ file, mark, language, text string }

// readmeBlocks returns the blocks of a language in all readmes; there are some.
func readmeBlocks(t *testing.T, language string) []readmeBlock {
	t.Helper()
	blocks := slices.DeleteFunc(allBlocks(t), func(b readmeBlock) bool { return b.language != language })
	if len(blocks) == 0 {
		t.Fatalf("no readme has a %s block", language)
	}
	return blocks
}

func allBlocks(t *testing.T) []readmeBlock {
	t.Helper()
	var blocks []readmeBlock
	for _, file := range readmes {
		content, err := os.ReadFile("../../" + file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile("(?ms)(?:^<!-- (\\w+): [^\n]*-->\n)?^```(\\w*)\n(.*?)^```$").FindAllStringSubmatch(string(content), -1) {
			blocks = append(blocks, readmeBlock{file, m[1], m[2], m[3]})
		}
	}
	return blocks
}

// markedBlock returns the one block whose comment begins with the word.
func markedBlock(t *testing.T, mark string) string {
	t.Helper()
	for _, b := range allBlocks(t) {
		if b.mark == mark {
			return b.text
		}
	}
	t.Fatalf("no readme has a block marked %s", mark)
	return ""
}

// Every block is of a language that a test here runs; text is what programs print.
func TestReadmeBlocksHaveATest(t *testing.T) {
	t.Parallel()
	for _, b := range allBlocks(t) {
		if !slices.Contains([]string{"go", "golang", "js", "json", "sh", "text", "ts", "yaml", "yml"}, b.language) {
			t.Errorf("%s: no test runs blocks of %q:\n%s", b.file, b.language, b.text)
		}
	}
}

// The README is what a stranger reads in three minutes.
func TestReadmeIsShort(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("../../README.md")
	if lines := bytes.Count(content, []byte("\n")); err != nil || lines > 250 {
		t.Errorf("README.md has %d lines (%v); what is over 250 belongs to the folder's own", lines, err)
	}
}

// The README's table has every command.
func TestReadmeListsEveryCommand(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	root := rootCommand()
	addCompletion(root)
	for _, c := range root.Commands() {
		if !regexp.MustCompile(`(?m)^\| .*` + "`digakit " + c.Name() + `[` + "`" + ` ].* \|`).Match(content) {
			t.Errorf("README.md's table has no %s", c.CommandPath())
		}
	}
}

// The guide for contributors names folders and files that are there, and every folder with code.
func TestContributingNamesWhatExists(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("../../.github/CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	for _, m := range regexp.MustCompile("`([a-z./_]+)`").FindAllStringSubmatch(string(content), -1) {
		named[m[1]] = true
		if !strings.Contains(m[1], "/") && !strings.Contains(m[1], ".") || strings.HasPrefix(m[1], "/") || strings.HasPrefix(m[1], "mockserver.") {
			continue // a word of Go, or a target
		}
		if found, err := filepath.Glob("../../" + m[1]); err != nil || len(found) == 0 {
			t.Errorf("there is no %s (%v)", m[1], err)
		}
	}
	out, err := exec.CommandContext(t.Context(), "go", "list", "-f", "{{.ImportPath}}", "../../...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for path := range strings.Lines(string(out)) {
		folder := strings.TrimPrefix(strings.TrimSpace(path), "github.com/digakit/digakit/")
		if !named[folder] && !strings.Contains(folder, "internal") && !strings.HasSuffix(folder, "/spectest") && !strings.HasSuffix(folder, "/write") {
			t.Errorf("nothing is said of the folder %s", folder)
		}
	}
}

// Links between the documents lead to files, and to headings that are there.
func TestReadmeLinks(t *testing.T) {
	t.Parallel()
	for _, file := range append([]string{".github/CONTRIBUTING.md", ".github/SECURITY.md"}, readmes...) {
		content, err := os.ReadFile("../../" + file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`\]\(([^)#:]*)(?:#([^)]*))?\)`).FindAllStringSubmatch(string(content), -1) {
			target := filepath.Join("../..", filepath.Dir(file), m[1])
			if m[1] == "" {
				target = "../../" + file
			}
			linked, err := os.ReadFile(target)
			if err != nil {
				t.Errorf("%s: %v", file, err)
				continue
			}
			anchors := map[string]bool{"": true}
			for _, heading := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(string(linked), -1) {
				anchors[strings.ReplaceAll(regexp.MustCompile(`[^\w -]`).ReplaceAllString(strings.ToLower(heading[1]), ""), " ", "-")] = true
			}
			if !anchors[m[2]] {
				t.Errorf("%s: %s has no heading #%s", file, target, m[2])
			}
		}
	}
}

// What is shown as YAML is what it is said to be.
func TestReadmeYAML(t *testing.T) {
	t.Parallel()
	for _, b := range readmeBlocks(t, "yaml") {
		switch {
		case b.mark == "overrides":
			if overrides, err := mockserver.ParseOverrides(b.file, []byte(b.text)); err != nil || len(overrides) != 2 {
				t.Errorf("%d overrides, %v", len(overrides), err)
			}
		case b.mark == "settings":
			path := filepath.Join(t.TempDir(), configName)
			if err := os.WriteFile(path, []byte(b.text), 0o600); err != nil {
				t.Fatal(err)
			}
			if c, err := openConfig(path); err != nil || len(c.own) != 3 {
				t.Errorf("settings of %d commands, %v", len(c.own), err)
			}
		case strings.HasPrefix(b.text, "projects:"):
			projects, err := seed.Parse(b.file, []byte(b.text))
			if err != nil {
				t.Error(err)
			} else if len(projects) != 1 || len(projects[0].Keys) != 102 {
				t.Errorf("it makes %d projects", len(projects))
			}
		case strings.Contains(b.text, "- fingerprint:"):
			if known, err := report.ParseKnown(b.file, []byte(b.text)); err != nil || len(known) != 1 {
				t.Errorf("%d known findings, %v", len(known), err)
			}
		default:
			isQuoted(t, b, "testdata/*/*.yaml")
		}
	}
}

// Examples in languages whose tools a test here lacks are parts of files that others run.
func TestReadmeQuotes(t *testing.T) {
	t.Parallel()
	for language, files := range map[string]string{"golang": "testdata/deploy/*.txt", "ts": "testdata/node/*.ts"} {
		for _, b := range readmeBlocks(t, language) {
			isQuoted(t, b, files)
		}
	}
}

func isQuoted(t *testing.T, b readmeBlock, pattern string) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if content, err := os.ReadFile(file); err == nil && bytes.Contains(content, []byte(b.text)) {
			return
		}
	}
	t.Errorf("%s: none of %s has this:\n%s", b.file, pattern, b.text)
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
	if err := json.Unmarshal([]byte(readmeBlocks(t, "json")[0].text), &shown); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(got, shown); diff != "" {
		t.Errorf("README.md does not show the answer (-real +shown):\n%s", diff)
	}
}

var update = flag.Bool("update", false, "write the tables that are made from code into the readmes")

// Tables that are printed from code; `go test ./cmd/digakit -run ReadmeTables -update`
// writes them.
func TestReadmeTables(t *testing.T) {
	t.Parallel()
	for _, table := range []struct {
		file, name string
		print      func() string
	}{
		{"mockserver/README.md", "behaviours", behaviourTable},
		{"mockserver/README.md", "permissions", permissionTable},
		{"contract/README.md", "checks", checkTable},
	} {
		path := "../../" + table.file
		readme, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		m := regexp.MustCompile(`(?s)<!-- ` + table.name + `: .*? -->\n(.*?)<!-- end of ` + table.name + ` -->`).FindSubmatchIndex(readme)
		if m == nil {
			t.Fatalf("%s has no place for the %s", table.file, table.name)
		}
		want := slices.Concat(readme[:m[2]], []byte(table.print()), readme[m[3]:])
		if *update {
			if err := os.WriteFile(path, want, 0o600); err != nil {
				t.Fatal(err)
			}
		} else if diff := cmp.Diff(string(want), string(readme)); diff != "" {
			t.Errorf("the %s in %s are not those of the code; -update writes them (-code +readme):\n%s", table.name, table.file, diff)
		}
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

func permissionTable() string {
	var b strings.Builder
	b.WriteString("| operations | one of | rests on |\n|---|---|---|\n")
	for _, n := range mockserver.Needs() {
		permissions, basis := "none", "guessed"
		if len(n.Permissions) > 0 {
			permissions = "`" + strings.Join(n.Permissions, "` `") + "`"
		}
		if n.Sure {
			basis = "sure"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", strings.TrimSpace(n.Method+" "+n.Path), permissions, basis)
	}
	return b.String()
}

func checkTable() string {
	var b strings.Builder
	b.WriteString("| id | at most | rests on | why |\n|---|---|---|---|\n")
	for _, c := range suite.Checks() {
		basis := string(c.Basis)
		if c.Assumption != "" {
			basis = "assumption `" + c.Assumption + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", c.ID, c.Severity, basis, c.Explanation)
	}
	return b.String()
}

// The readmes' tests run in a module of their own, as in another repo. Offline: it
// requires what this one requires, as `go mod tidy` would have it do, so that no
// module is looked up that this one has not needed.
func TestReadmeTestsInAnotherModule(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("not run with -short: it compiles a module of its own, without the race detector")
	}
	if !bytes.Equal(gen.OpenAPI(), spectest.Seed()) {
		t.Skip("not run: the tests in the readmes are written for the document of one operation, and this module is built from another")
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
	update := "" // writes the recorded runs, as the readme says
	run := func(args ...string) string {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), "go", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOPROXY=off", "GOFLAGS=", "GOWORK=off", "DIGAKIT_UPDATE="+update)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("go %v: %v\n%s", args, err, out)
		}
		return string(out)
	}
	want := map[string]bool{}
	for i, block := range readmeBlocks(t, "go") {
		write(fmt.Sprintf("readme%d_test.go", i), block.text)
		for _, m := range regexp.MustCompile(`func (Test\w+)\(`).FindAllStringSubmatch(block.text, -1) {
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
	update = "1"
	run("test", "-mod=mod", ".")
	update = ""
	out := run("test", "-mod=mod", "-v", ".")
	for line := range want {
		if !strings.Contains(out, line) {
			t.Errorf("no %q in\n%s", line, out)
		}
	}
	if len(want) < 2 {
		t.Errorf("the readmes have %d tests", len(want))
	}
}

// The document of another API that a readme shows is served as it says.
func TestReadmeServesAnotherDocument(t *testing.T) {
	t.Parallel()
	document, err := spec.Parse([]byte(markedBlock(t, "other")))
	if err != nil {
		t.Fatal(err)
	}
	srv := mockserver.Start(t, mockserver.WithDocument(document))
	resp, err := http.Get(srv.URL() + "/trains")
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
