package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/mockserver"
)

const actionDirectory = "../../.github/actions/digakit"

// step is a step of a workflow or of a composite action.
type step struct {
	Uses, Run, Shell string
	With, Env        map[string]string
}

// action is what action.yml says.
type action struct {
	Inputs map[string]struct{ Description, Default string }
	Runs   struct{ Steps []step }
}

func readAction(t *testing.T) action {
	t.Helper()
	var a action
	readYAML(t, actionDirectory+"/action.yml", &a)
	return a
}

func readYAML(t *testing.T, path string, into any) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err == nil {
		err = yaml.Unmarshal(content, into)
	}
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// environment is a step's, as the runner makes it of the action's inputs.
func (a action) environment(t *testing.T, s step, inputs map[string]string) []string {
	t.Helper()
	var list []string
	for name, value := range s.Env {
		list = append(list, name+"="+regexp.MustCompile(`\$\{\{ *([\w.-]+) *\}\}`).ReplaceAllStringFunc(value, func(expression string) string {
			name, isInput := strings.CutPrefix(strings.Trim(expression, "${} "), "inputs.")
			input, known := a.Inputs[name]
			if isInput && !known {
				t.Fatalf("the action has no input %s", name)
			}
			if given, ok := inputs[name]; ok {
				return given
			}
			return input.Default
		}))
	}
	return list
}

// The workflows shown, and the project's own, give inputs that the action has.
func TestActionInputs(t *testing.T) {
	t.Parallel()
	inputs := readAction(t).Inputs
	uses := 0
	for _, path := range []string{"testdata/ci/watch.yaml", "../../.github/workflows/watch.yaml"} {
		var workflow struct {
			Jobs map[string]struct{ Steps []step }
		}
		readYAML(t, path, &workflow)
		for _, job := range workflow.Jobs {
			for _, s := range job.Steps {
				if !strings.Contains(s.Uses, ".github/actions/digakit") {
					continue
				}
				uses++
				for name := range s.With {
					if _, known := inputs[name]; !known {
						t.Errorf("%s: the action has no input %s", path, name)
					}
				}
			}
		}
	}
	if uses != 2 {
		t.Errorf("%d uses of the action", uses)
	}
}

// fakeHub answers as gh does: with the number of what was told before, if anything
// was. It notes how it was called, and what it was given to tell.
const fakeHub = `#!/bin/sh
echo "$1 $2" >> gh.log
case "$1 $2" in
"issue list") printf '%s' "$TOLD" ;;
"api repos/o/r/issues/7/comments") printf '%s' "$TOLD" ;;
esac
for argument; do [ ! -f "${argument#body=@}" ] || cat "${argument#body=@}" >> told; done
`

// The action keeps findings, a server that is not there, and bad input apart, and tells
// what it found once.
func TestAction(t *testing.T) {
	t.Parallel()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash here") // the runner has it
	}
	a := readAction(t)
	last := a.Runs.Steps[len(a.Runs.Steps)-1]
	seed := string(spectest.Seed())
	drifted := strings.Replace(seed, `"default": 50`, `"default": 20`, 1)
	const gone = "http://127.0.0.1:1"
	for _, tc := range []struct {
		name, why string
		inputs    map[string]string // url: a mock where it is "mock"; spec: a server's address, with this content
		event     string
		told      string // number of the issue, or comment, there is
		code      int
		says      string
		calls     string // of gh
	}{
		{"all is well", "nothing is told", map[string]string{"url": "mock", "base": "base", "spec": seed}, "push", "", 0, "digakit verify: passed", ""},
		{"all is well, no issue", "nothing is to be closed", map[string]string{"url": "mock", "comment": "issue"}, "push", "", 0, "passed", "issue list"},
		{"all is well again", "an open issue would be a lie", map[string]string{"url": "mock", "comment": "issue"}, "push", "12", 0, "passed", "issue list, issue close"},
		{"the secret is not set", "a green job would be a lie", map[string]string{"url": "mock", "key": "", "comment": "issue"}, "schedule", "", 1, "--key is empty", "issue list, issue create"},
		{"the key has expired", "a green job would be a lie", map[string]string{"url": "mock", "key": "sk-expired"}, "schedule", "", 1, "401 or 403 to --key", ""},
		{"drift", "somebody should look at it", map[string]string{"base": "base", "spec": drifted, "comment": "issue"}, "schedule", "", 1, "::error title=digakit drift", "issue list, issue create"},
		{"drift, told of before", "one issue is enough", map[string]string{"base": "base", "spec": drifted, "comment": "issue"}, "schedule", "12", 1, "limit changed from 50 to 20", "issue list, issue edit"},
		{"drift, on a pull request", "who reviews it sees it", map[string]string{"base": "base", "spec": drifted, "comment": "pull-request"}, "pull_request", "", 1, "limit changed", "api repos/o/r/issues/7/comments, pr comment"},
		{"drift, told on the pull request", "one comment is enough", map[string]string{"base": "base", "spec": drifted, "comment": "pull-request"}, "pull_request", "3", 1, "limit changed", "api repos/o/r/issues/7/comments, api -X"},
		{"drift that counts for nothing", "fail-on says so", map[string]string{"base": "base", "spec": drifted, "fail-on": "none"}, "push", "", 0, "limit changed", ""},
		{"not there, on a schedule", "nothing is known, and it is asked again", map[string]string{"url": gone, "comment": "issue"}, "schedule", "", 0, "::warning::", ""},
		{"not there", "the server was to be there", map[string]string{"url": gone}, "push", "", 3, "::error::", ""},
		{"drift, and not there", "what is known counts", map[string]string{"url": gone, "base": "base", "spec": drifted}, "schedule", "", 1, "limit changed", ""},
		{"not a document", "the workflow itself is wrong", map[string]string{"base": "base", "spec": "<html><body>moved</body></html>"}, "schedule", "", 2, "::error::", ""},
		{"nothing to do", "an empty run is never a pass", map[string]string{"spec": seed}, "push", "", 2, "give url", ""},
		{"base alone", "there is nothing to compare it with", map[string]string{"base": "base"}, "push", "", 2, "base needs spec", ""},
		{"an unknown comment", "nobody would be told", map[string]string{"url": "mock", "comment": "mail"}, "push", "", 2, "not mail", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			dir := readmeDirectory(t)
			inputs := map[string]string{"key": mockserver.UnrestrictedKey, "denied-key": mockserver.NoAccessKey}
			for name, value := range tc.inputs {
				switch {
				case value == "mock":
					value = mockserver.Start(t, mockserver.WithDocument(spectest.SeedDocument())).URL()
				case name == "base":
					value = "HEAD:openapi.json"
				case name == "spec":
					source := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
						if _, err := w.Write([]byte(tc.inputs["spec"])); err != nil {
							t.Error(err)
						}
					}))
					t.Cleanup(source.Close)
					value = source.URL
				}
				inputs[name] = value
			}
			if err := os.WriteFile(filepath.Join(dir, "bin", "gh"), []byte(fakeHub), 0o700); err != nil {
				t.Fatal(err)
			}
			script, err := filepath.Abs(actionDirectory)
			if err != nil {
				t.Fatal(err)
			}
			cmd := exec.CommandContext(t.Context(), bash, "-e", "-c", last.Run)
			cmd.Dir = dir
			cmd.Env = slices.Concat(os.Environ(), a.environment(t, last, inputs), []string{
				"PATH=" + filepath.Join(dir, "bin") + ":" + os.Getenv("PATH"), "TOLD=" + tc.told,
				"GITHUB_ACTION_PATH=" + script, "GITHUB_STEP_SUMMARY=" + filepath.Join(dir, "summary"), "RUNNER_TEMP=" + dir,
				"GITHUB_WORKFLOW=Diga API", "GITHUB_REPOSITORY=o/r", "GITHUB_SERVER_URL=https://github.example", "GITHUB_RUN_ID=1",
				"GITHUB_REF=refs/pull/7/merge", "GITHUB_EVENT_NAME=" + tc.event,
			})
			out, err := cmd.CombinedOutput()
			if code := cmd.ProcessState.ExitCode(); code != tc.code {
				t.Errorf("%s: exit code %d (%v), want %d:\n%s", tc.why, code, err, tc.code, out)
			}
			if !strings.Contains(string(out), tc.says) {
				t.Errorf("%s: %q is not said:\n%s", tc.why, tc.says, out)
			}
			read := func(name string) string {
				content, err := os.ReadFile(filepath.Join(dir, name))
				if err != nil && !os.IsNotExist(err) {
					t.Fatal(err)
				}
				return string(content)
			}
			if calls := strings.ReplaceAll(strings.TrimSpace(read("gh.log")), "\n", ", "); calls != tc.calls {
				t.Errorf("%s: gh was called %q, want %q", tc.why, calls, tc.calls)
			}
			if summary := read("summary"); tc.code < 2 && tc.says != "::warning::" && !strings.Contains(summary, "## digakit ") {
				t.Errorf("the job's summary is %q", summary)
			}
			if tc.code == 1 && tc.calls != "" && !strings.Contains(read("told"), "### Findings") {
				t.Errorf("%s: told was %q", tc.why, read("told"))
			}
		})
	}
}

// The action builds digakit from its own checkout and puts it on the path.
func TestActionBuilds(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("not run with -short: it compiles digakit, without the race detector")
	}
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash here") // the runner has it
	}
	a := readAction(t)
	build := a.Runs.Steps[slices.IndexFunc(a.Runs.Steps, func(s step) bool { return strings.Contains(s.Run, "go build") })]
	script, err := filepath.Abs(actionDirectory)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), bash, "-e", "-c", build.Run)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GITHUB_ACTION_PATH="+script, "RUNNER_TEMP="+dir, "GITHUB_PATH="+filepath.Join(dir, "path"), "VERSION=v1.2.3")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	path, err := os.ReadFile(filepath.Join(dir, "path"))
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), filepath.Join(strings.TrimSpace(string(path)), "digakit"), "version").Output()
	if err != nil || !strings.HasPrefix(string(out), "digakit v1.2.3 ") {
		t.Errorf("%q, %v", out, err)
	}
}

// The hooks of pre-commit do in a repository what they say, and the job for GitLab ends
// as the worst of its commands.
func TestHooksAndGitLab(t *testing.T) {
	t.Parallel()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash here")
	}
	var hooks []struct{ ID, Entry, Files string }
	readYAML(t, "../../.pre-commit-hooks.yaml", &hooks)
	var asked struct {
		Repos []struct{ Hooks []struct{ ID string } }
	}
	readYAML(t, "testdata/ci/pre-commit.yaml", &asked)
	scripts := map[string]string{}
	for _, h := range hooks {
		scripts[h.ID] = h.Entry + " openapi.json new.json" // one in HEAD, one that is new
		if !regexp.MustCompile(h.Files).MatchString("api/openapi.json") {
			t.Errorf("%s is not for openapi.json", h.ID)
		}
	}
	for _, h := range asked.Repos[0].Hooks {
		if scripts[h.ID] == "" {
			t.Errorf("there is no hook %s", h.ID)
		}
	}
	var gitlab struct{ Digakit struct{ Script []string } }
	readYAML(t, "testdata/ci/gitlab.yaml", &gitlab)
	scripts["gitlab"] = "set -e\n" + strings.Join(gitlab.Digakit.Script, "\n")
	drifted := strings.Replace(string(spectest.Seed()), `"default": 50`, `"default": 20`, 1)
	for _, tc := range []struct {
		script, why, document string
		code                  int
		says                  string
	}{
		{"digakit-drift", "nothing changed", string(spectest.Seed()), 0, "no drift"},
		{"digakit-drift", "callers break", drifted, 1, "limit changed from 50 to 20"},
		{"digakit-drift", "it is no document", "{}", 2, "openapi.json"},
		{"digakit-import", "it is read", drifted, 0, "wrote openapi.json"},
		{"digakit-import", "it is no document", "{}", 2, "openapi.json"},
		{"gitlab", "all is well", string(spectest.Seed()), 0, "digakit verify: passed"},
		{"gitlab", "drift, though verify passes", drifted, 1, "digakit verify: passed"},
	} {
		t.Run(tc.script+": "+tc.why, func(t *testing.T) {
			t.Parallel()
			dir := readmeDirectory(t)
			document := strings.Replace(tc.document, "{\n", "{ \n", 1) // not in its canonical form
			for path, content := range map[string]string{"openapi.json": document, "bin/go": "#!/bin/sh\n"} {
				if err := os.WriteFile(filepath.Join(dir, path), []byte(content), 0o700); err != nil {
					t.Fatal(err)
				}
			}
			cmd := exec.CommandContext(t.Context(), bash, "-c", scripts[tc.script])
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), "PATH="+filepath.Join(dir, "bin")+":"+os.Getenv("PATH"), "SPEC=whole.json",
				"URL="+mockserver.Start(t, mockserver.WithDocument(spectest.SeedDocument())).URL(), "DIGAKIT_KEY="+mockserver.UnrestrictedKey)
			out, err := cmd.CombinedOutput()
			if code := cmd.ProcessState.ExitCode(); code != tc.code || !strings.Contains(string(out), tc.says) {
				t.Errorf("%s: exit code %d (%v), want %d and %q:\n%s", tc.why, code, err, tc.code, tc.says, out)
			}
		})
	}
}
