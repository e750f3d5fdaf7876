package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/mockserver"
)

// workflowScript returns the script of the workflow in the readmes and its
// environment, as the runner would see it without the expressions.
func workflowScript(t *testing.T) string {
	t.Helper()
	for _, block := range readmeBlocks(t, "yaml") {
		var workflow struct {
			Jobs map[string]struct {
				Steps []struct {
					Run string
				}
			}
		}
		if yaml.Unmarshal([]byte(block.text), &workflow) != nil || len(workflow.Jobs) == 0 {
			continue
		}
		for _, job := range workflow.Jobs {
			for _, step := range job.Steps {
				if strings.Contains(step.Run, "spec import") {
					return step.Run
				}
			}
		}
	}
	t.Fatal("no readme has a workflow that imports the spec")
	return ""
}

// The workflow keeps drift, an upstream that is not there, and bad input apart.
func TestReadmeWorkflow(t *testing.T) {
	t.Parallel()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash here") // the runner has it
	}
	script := workflowScript(t)
	drifted := strings.Replace(string(spectest.Seed()), `"default": 50`, `"default": 20`, 1)
	for _, tc := range []struct {
		name, why string
		key       string
		spec      string // what the address of the spec answers; empty: nobody is there
		known     string // a finding that was told of before
		code      int
		says      string
		calls     []string // of gh
	}{
		{"nothing new", "all codes are 0", mockserver.UnrestrictedKey, string(spectest.Seed()), "", 0, "", nil},
		{"the secret is not set", "a green job would be a lie", "", string(spectest.Seed()), "", 1, "--key is empty", []string{"issue list", "issue create"}},
		{"the key has expired", "a green job would be a lie", "sk-expired", string(spectest.Seed()), "", 1, "401 or 403 to --key", []string{"issue list", "issue create"}},
		{"drift", "somebody should look at it", mockserver.UnrestrictedKey, drifted, "", 1, "limit changed from 50 to 20", []string{"issue list", "issue create"}},
		{"drift, told of before", "one issue is enough", mockserver.UnrestrictedKey, drifted, "12 OPEN The Diga API departs from its document", 1, "", []string{"issue list"}},
		{"not there", "nothing is known of drift", mockserver.UnrestrictedKey, "", "", 0, "::warning::", nil},
		{"not a spec", "the workflow itself is wrong", mockserver.UnrestrictedKey, "<html><body>moved</body></html>", "", 2, "::error::", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			source := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if _, err := w.Write([]byte(tc.spec)); err != nil {
					t.Error(err)
				}
			}))
			t.Cleanup(source.Close)
			if tc.spec == "" {
				source.Close()
			}
			dir := t.TempDir()
			gh := "#!/bin/sh\necho \"$1 $2\" >> gh.log\n[ \"$2\" != list ] || printf '%s' '" + tc.known + "'\n"
			for path, content := range map[string]string{"bin/gh": gh, "summary": ""} {
				path = filepath.Join(dir, path)
				if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(content), 0o700); err != nil {
					t.Fatal(err)
				}
			}
			// testscript.Main runs main for a binary of that name.
			self, err := os.Executable()
			if err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(self, filepath.Join(dir, "bin", "digakit")); err != nil {
				t.Fatal(err)
			}
			cmd := exec.CommandContext(t.Context(), bash, "-c", script)
			cmd.Dir = dir
			cmd.Env = append(os.Environ(),
				"PATH="+filepath.Join(dir, "bin")+":"+os.Getenv("PATH"), "GITHUB_STEP_SUMMARY="+filepath.Join(dir, "summary"),
				"SPEC="+source.URL, "DIGAKIT_URL="+mockserver.Start(t, mockserver.WithDocument(spectest.SeedDocument())).URL(), "DIGAKIT_FORMAT=markdown",
				"DIGAKIT_KEY="+tc.key, "DIGAKIT_DENIED_KEY="+mockserver.NoAccessKey)
			out, err := cmd.CombinedOutput()
			if code := cmd.ProcessState.ExitCode(); code != tc.code {
				t.Errorf("%s: exit code %d (%v), want %d:\n%s", tc.why, code, err, tc.code, out)
			}
			summary, err := os.ReadFile(filepath.Join(dir, "summary"))
			if err != nil {
				t.Fatal(err)
			}
			if all := string(out) + string(summary); !strings.Contains(all, tc.says) {
				t.Errorf("%s: %q is not said:\n%s", tc.why, tc.says, all)
			}
			called, err := os.ReadFile(filepath.Join(dir, "gh.log"))
			if err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
			if got := strings.Join(strings.Fields(strings.ReplaceAll(string(called), "\n", ", ")), " "); strings.Trim(got, ", ") != strings.Join(tc.calls, ", ") {
				t.Errorf("%s: gh was called %q, want %q", tc.why, got, tc.calls)
			}
		})
	}
}
