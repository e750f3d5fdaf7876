package main

import (
	"bufio"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/digakit/digakit/contract/spec/spectest"
)

func TestMain(m *testing.M) {
	builtIn = spectest.Seed
	testscript.Main(m, map[string]func(){"digakit": main})
}

// TestScript runs the command line as users see it: testdata/script/*.txtar.
func TestScript(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"serve":     serve,
			"halt":      halt,
			"get":       get,
			"logged":    logged,
			"published": published,
			"proxy":     startProxy,
			"end":       endProxy,
			"exits":     exits,
			"specs":     specs,
		},
		Setup: func(env *testscript.Env) error {
			env.Values[serverKey{}] = new(server)
			env.Values[proxyKey{}] = new(server)
			return nil
		},
	})
}

type serverKey struct{}

// server is the mock, or the proxy, that a script has started.
type server struct {
	cmd    *exec.Cmd
	stdout *bufio.Reader
	stderr *logWatcher
}

// logWatcher keeps what is written to it and lets others wait for a line.
type logWatcher struct {
	mu    sync.Mutex
	text  strings.Builder
	wrote chan struct{} // closed and replaced at every write
}

func newLogWatcher() *logWatcher { return &logWatcher{wrote: make(chan struct{})} }

func (w *logWatcher) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	close(w.wrote)
	w.wrote = make(chan struct{})
	return w.text.Write(p)
}

func (w *logWatcher) read() (text string, next <-chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String(), w.wrote
}

// logged waits until the mock has written what matches a pattern to stderr.
func logged(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: logged PATTERN")
	}
	ts.Value(serverKey{}).(*server).waitFor(ts, args[0])
}

// waitFor waits until what was written to stderr matches a pattern, and returns
// the match and its groups.
func (s *server) waitFor(ts *testscript.TestScript, expression string) []string {
	pattern, err := regexp.Compile(expression)
	ts.Check(err)
	giveUp := time.After(30 * time.Second)
	for {
		text, next := s.stderr.read()
		if match := pattern.FindStringSubmatch(text); match != nil {
			return match
		}
		select {
		case <-next:
		case <-giveUp:
			ts.Fatalf("%q was not logged, but:\n%s", expression, text)
		}
	}
}

// serve starts `digakit mock` with the given arguments, waits for the ready
// line and sets $URL and $ADDR.
func serve(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("serve cannot be negated")
	}
	s := ts.Value(serverKey{}).(*server)
	s.start(ts, append([]string{"mock"}, args...))
	line, err := s.stdout.ReadString('\n')
	if err != nil {
		ts.Fatalf("no ready line: %v", err)
	}
	url, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "listening on ")
	if !ok {
		ts.Fatalf("the first line is %q, not the ready line", line)
	}
	ts.Setenv("URL", url)
	ts.Setenv("ADDR", regexp.MustCompile(`^https?://`).ReplaceAllString(url, ""))
}

// start runs the command line in the background, until the script ends.
func (s *server) start(ts *testscript.TestScript, args []string) {
	path, err := os.Executable()
	ts.Check(err)
	// testscript.Main runs main for a binary of that name.
	s.stderr = newLogWatcher()
	s.cmd = &exec.Cmd{
		Path: path, Args: append([]string{"digakit"}, args...),
		Dir: ts.MkAbs("."), Env: os.Environ(), Stderr: s.stderr,
	}
	pipe, err := s.cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(s.cmd.Start())
	ts.Defer(func() {
		if s.cmd.ProcessState == nil {
			_ = s.cmd.Process.Kill() // the script has failed; nothing to report
			_ = s.cmd.Wait()
		}
	})
	s.stdout = bufio.NewReader(pipe)
}

// halt sends SIGTERM to the server and checks that it ends with exit code 0,
// having written nothing but the ready line to stdout.
func halt(ts *testscript.TestScript, neg bool, _ []string) {
	if neg {
		ts.Fatalf("halt cannot be negated")
	}
	s := ts.Value(serverKey{}).(*server)
	ts.Check(s.cmd.Process.Signal(syscall.SIGTERM))
	rest, err := io.ReadAll(s.stdout)
	ts.Check(err)
	ts.Check(s.cmd.Wait())
	if len(rest) > 0 {
		ts.Fatalf("more than the ready line on stdout: %q", rest)
	}
	text, _ := s.stderr.read()
	_, err = io.WriteString(ts.Stdout(), text)
	ts.Check(err)
}

// exits runs a program and checks its exit code, which exec does not tell.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM [ARGUMENT…]")
	}
	code := 0
	err := ts.Exec(args[1], args[2:]...)
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		code = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit code %d", code)
	}
}

// specs writes the API's document in several forms: openapi.json as published,
// openapi.yaml, page.md as a docs page has it, and changed.json with another
// default for limit.
func specs(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: specs")
	}
	document := string(spectest.Seed())
	for name, content := range map[string]string{
		"openapi.json": document,
		"openapi.yaml": "# JSON is YAML\n" + document,
		"page.md":      "# List API keys\n\n````yaml /openapi.json get /v1/api_key/\n" + document + "\n````\n",
		"changed.json": strings.Replace(document, `"default": 50`, `"default": 20`, 1),
	} {
		ts.Check(os.WriteFile(ts.MkAbs(name), []byte(content), 0o600))
	}
}

// get prints the answer to GET $URL+path, asked with a bearer key.
func get(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: get KEY PATH")
	}
	r, err := http.NewRequest(http.MethodGet, ts.Getenv("URL")+args[1], nil)
	ts.Check(err)
	r.Header.Set("Authorization", "Bearer "+args[0])
	resp, err := http.DefaultClient.Do(r)
	ts.Check(err)
	defer resp.Body.Close()
	_, err = io.WriteString(ts.Stdout(), resp.Status+"\n")
	ts.Check(err)
	_, err = io.Copy(ts.Stdout(), resp.Body)
	ts.Check(err)
	if neg != (resp.StatusCode >= 400) {
		ts.Fatalf("answered %s", resp.Status)
	}
}
