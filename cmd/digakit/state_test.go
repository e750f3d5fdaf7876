package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/mockserver"
)

// startMock starts the command and returns its address.
func startMock(t *testing.T, args ...string) (*exec.Cmd, string) {
	t.Helper()
	return startMockAs(t, append([]string{"digakit", "mock", "--addr", "127.0.0.1:0"}, args...)...)
}

// startMockAs starts a command line that starts a mock.
func startMockAs(t *testing.T, line ...string) (*exec.Cmd, string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), line[0], line[1:]...)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ready, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatalf("no ready line but %q: %v", ready, cmd.Wait())
	}
	return cmd, strings.TrimSpace(strings.TrimPrefix(ready, "listening on "))
}

// answered is what a mock has answered: made or deleted for sure, or perhaps.
type answered struct {
	mu      sync.Mutex
	there   map[string]bool // ids; false: perhaps
	gone    map[string]bool
	answers int
}

func (a *answered) note(f func()) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	f()
	a.answers++
	return a.answers
}

// ask sends a request and decodes what comes; false without an answer.
func ask(t *testing.T, method, url, body string, into any) bool {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Error(err)
		return false
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+mockserver.UnrestrictedKey)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return false
	}
	if resp.StatusCode >= 300 {
		t.Errorf("%s %s: %s %s", method, url, resp.Status, text)
	}
	if into != nil {
		if err := json.Unmarshal(text, into); err != nil {
			t.Errorf("%s %s: %v in %s", method, url, err, text)
		}
	}
	return true
}

// What was answered survives the death of the process at any moment: keys and items that
// were made are there, those that were deleted are not, and no file is left over.
func TestStateSurvivesSIGKILL(t *testing.T) {
	t.Parallel()
	files, rounds := 4, 50
	if testing.Short() {
		files, rounds = 1, 3
	}
	for range files {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			killed(t, rounds)
		})
	}
}

// killed kills a mock under load so many times, each with the state of the one before.
func killed(t *testing.T, rounds int) {
	t.Helper()
	const writers, enough = 4, 60
	dir := t.TempDir()
	document, state := filepath.Join(dir, "openapi.json"), filepath.Join(dir, "state", "world.json")
	if err := os.Mkdir(filepath.Dir(state), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(document, spectest.Document(30), 0o600); err != nil {
		t.Fatal(err)
	}
	all := &answered{there: map[string]bool{}, gone: map[string]bool{}}
	for round := range rounds {
		cmd, url := startMock(t, "--spec", document, "--items", "2", "--state", state)
		all.check(t, round, url)
		begin := all.answers
		died := make(chan struct{})
		var once sync.Once
		var writing sync.WaitGroup
		for w := range writers {
			writing.Go(func() {
				for {
					var made struct{ ID string }
					path := "/_mock/projects/demo/collections/vessel"
					if w%2 == 0 {
						path = "/_mock/projects/demo/api_keys"
					}
					if !ask(t, http.MethodPost, url+path, `{"name": "Kept"}`, &made) {
						return
					}
					n := all.note(func() { all.there[made.ID] = true })
					if n%3 == 0 {
						all.note(func() { all.there[made.ID] = false })
						if !ask(t, http.MethodDelete, url+path+"/"+made.ID, "", nil) {
							return
						}
						all.note(func() { all.gone[made.ID] = true; delete(all.there, made.ID) })
					}
					if n-begin > enough {
						once.Do(func() { close(died) })
					}
				}
			})
		}
		<-died
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // killed
		writing.Wait()
	}
	cmd, url := startMock(t, "--spec", document, "--items", "2", "--state", state)
	all.check(t, rounds, url)
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	left, err := os.ReadDir(filepath.Dir(state))
	if err != nil || len(left) != 1 {
		t.Errorf("left over are %v, %v", left, err)
	}
}

func (a *answered) check(t *testing.T, round int, url string) {
	t.Helper()
	have := map[string]bool{}
	var shot struct {
		Project struct{ Keys []struct{ ID string } }
	}
	var items struct{ Items []struct{ ID string } }
	if !ask(t, http.MethodGet, url+"/_mock/projects/demo/snapshot", "", &shot) || !ask(t, http.MethodGet, url+"/_mock/projects/demo/collections/vessel", "", &items) {
		t.Fatal("no answer")
	}
	for _, one := range append(shot.Project.Keys, items.Items...) {
		have[one.ID] = true
	}
	for id, sure := range a.there {
		if sure && !have[id] {
			t.Errorf("round %d: %s was made and is lost", round, id)
		}
	}
	for id := range a.gone {
		if have[id] {
			t.Errorf("round %d: %s was deleted and is back", round, id)
		}
	}
}

// Of two mocks on one state file the second refuses; and what the last version wrote is
// read, whatever another release wrote is not, with the way out.
func TestStateFilesOfOthers(t *testing.T) {
	t.Parallel()
	state := filepath.Join(t.TempDir(), "world.json")
	old := `{"schema_version":1,"projects":[{"id":"00000000-0000-4000-8000-000000000001","name":"shop","created":1,
		"members":[{"id":"00000000-0000-4000-8000-000000000003","name":"Ada","role":"administrator"}],"keys":[{"id":"00000000-0000-4000-8000-000000000002","name":"CRM","created":"2025-06-07T08:00:00Z","last_four_digits":"0001"}]}]}`
	if err := os.WriteFile(state, []byte(old), 0o600); err != nil {
		t.Fatal(err)
	}
	first, url := startMock(t, "--state", state)
	var keys struct{ Total int }
	if ask(t, http.MethodGet, url+"/_mock/projects/shop/api_keys", "", &keys); keys.Total != 1 {
		t.Errorf("of the old file there are %d keys, want 1", keys.Total)
	}
	refused := func(says string) {
		t.Helper()
		var stderr bytes.Buffer
		cmd := exec.CommandContext(t.Context(), "digakit", "mock", "--addr", "127.0.0.1:0", "--state", state)
		cmd.Stderr = &stderr
		if err := cmd.Run(); err == nil || !strings.Contains(stderr.String(), says) {
			t.Errorf("it ended with %v and said %s, want %q", err, stderr.String(), says)
		}
	}
	refused("is kept by another mock; end that one")
	if err := first.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := first.Wait(); err != nil {
		t.Error(err)
	}
	for _, tc := range []struct{ content, says string }{
		{`{"schema_version":99}`, "of another release of digakit"},
		{`{"schema_version":2,"projects":[]`, "not a whole state file"},
		{`{"projects":[]}`, "no schema_version"},
		{fmt.Sprintf(`{"schema_version":2,"generation":1,"created":0,"saved":"2026-01-01T00:00:00Z","projects":[%s]}`,
			`{"schema_version":1,"project":{"id":"00000000-0000-4000-8000-000000000001","name":"","created":0,"members":[],"keys":[]},"faults":{"created":0},"clock":{"now":"2026-01-01T00:00:00Z","frozen":true}}`), "a project's name"},
	} {
		if err := os.WriteFile(state, []byte(tc.content), 0o600); err != nil {
			t.Fatal(err)
		}
		refused(tc.says)
		refused("move the file away")
	}
}
