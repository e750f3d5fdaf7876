package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"

	"github.com/digakit/digakit/mockserver"
)

// agentSession runs `digakit mcp` as an agent does, from its own binary. It returns what
// it wrote to stdout so far, and end, which waits for it.
func agentSession(t *testing.T, args ...string) (session *mcp.ClientSession, cmd *exec.Cmd, stdout, stderr *bytes.Buffer) {
	t.Helper()
	dir := readmeDirectory(t)
	cmd = exec.CommandContext(t.Context(), filepath.Join(dir, "bin", "digakit"), append([]string{"mcp"}, args...)...)
	cmd.Dir = dir
	stdout, stderr = new(bytes.Buffer), new(bytes.Buffer)
	cmd.Stderr = stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	session, err = mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil).Connect(t.Context(), &mcp.IOTransport{Reader: io.NopCloser(io.TeeReader(out, stdout)), Writer: in}, nil)
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr)
	}
	return session, cmd, stdout, stderr
}

// Over stdio, stdout carries JSON-RPC alone, one message a line; closing stdin ends the
// program, and so does SIGTERM, with exit code 0.
func TestMCPOverStdio(t *testing.T) {
	t.Parallel()
	running := mockserver.Start(t)
	for _, tc := range []struct {
		name string
		args []string
		end  func(*mcp.ClientSession, *exec.Cmd) error
	}{
		{"a mock of its own, until stdin ends", []string{"whole.json"}, func(s *mcp.ClientSession, _ *exec.Cmd) error { return s.Close() }},
		{"a mock that runs, until it is told to end", []string{"--url", running.URL()}, func(_ *mcp.ClientSession, cmd *exec.Cmd) error { return cmd.Process.Signal(syscall.SIGTERM) }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			session, cmd, stdout, stderr := agentSession(t, tc.args...)
			for tool, arguments := range map[string]map[string]any{
				"call_operation": {"operation": "GET /v1/api_key/", "parameters": map[string]any{"limit": 1}}, "verify": {"only": "page_*"}, "drift": {"revision": "new.json"},
			} {
				result, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: tool, Arguments: arguments})
				if err != nil || result.IsError {
					t.Errorf("%s: %v %+v", tool, err, result)
				}
			}
			if err := tc.end(session, cmd); err != nil {
				t.Error(err)
			}
			if err := cmd.Wait(); err != nil {
				t.Errorf("it ends with %v:\n%s", err, stderr)
			}
			lines := 0
			for line := range strings.Lines(stdout.String()) {
				var message struct{ JSONRPC string }
				if err := json.Unmarshal([]byte(line), &message); err != nil || message.JSONRPC != "2.0" {
					t.Errorf("no message of JSON-RPC on stdout: %q", line)
				}
				lines++
			}
			if lines < 4 {
				t.Errorf("%d messages were sent", lines)
			}
		})
	}
}

// Who closes stdin right after the last request gets an answer to each all the same.
func TestMCPAnswersAllBeforeItEnds(t *testing.T) {
	t.Parallel()
	asked := `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}
{"jsonrpc":"2.0","method":"notifications/initialized"}
{"jsonrpc":"2.0","id":"verify","method":"tools/call","params":{"name":"verify","arguments":{"only":"page_*"}}}
{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"plan","arguments":{}}}
{"jsonrpc":"2.0","id":4,"method":"no/such"}
`
	cmd := exec.CommandContext(t.Context(), filepath.Join(readmeDirectory(t), "bin", "digakit"), "mcp")
	cmd.Stdin = strings.NewReader(asked)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	answered := map[any]bool{}
	for line := range strings.Lines(string(out)) {
		var answer struct {
			ID     any
			Result struct{ IsError bool }
			Error  *struct{ Message string }
		}
		if err := json.Unmarshal([]byte(line), &answer); err != nil || answer.Result.IsError || (answer.Error != nil) != (answer.ID == 4.0) {
			t.Errorf("answered %q (%v)", line, err)
		}
		answered[answer.ID] = true
	}
	if diff := cmp.Diff(map[any]bool{1.0: true, "verify": true, 3.0: true, 4.0: true}, answered); diff != "" {
		t.Errorf("answered (-want +got):\n%s", diff)
	}
}

// What keeps the command from its work is told on stderr, with the exit code of its kind.
func TestMCPMistakes(t *testing.T) {
	t.Parallel()
	other := httptest.NewServer(http.NotFoundHandler())
	defer other.Close()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	for _, tc := range []struct {
		why  string
		args []string
		code int
		says string
	}{
		{"nothing listens there", []string{"--url", gone.URL}, exitUnreachable, "digakit mock"},
		{"no mock listens there", []string{"--url", other.URL}, exitUsage, "no mock of digakit"},
		{"no URL", []string{"--url", "::"}, exitUsage, "::"},
		{"open to others", []string{"--addr", "0.0.0.0:0"}, exitUsage, "loopback"},
		{"no document", []string{"nowhere.json"}, exitUsage, "nowhere.json"},
	} {
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), append([]string{"mcp"}, tc.args...), &stdout, &stderr); code != tc.code || !strings.Contains(stderr.String(), tc.says) || stdout.Len() > 0 {
			t.Errorf("%s: exit code %d, stdout %q, stderr: %s", tc.why, code, &stdout, &stderr)
		}
	}
}

// The skill names commands, flags, tools and routes that are there, and settings by which
// an agent starts the tools.
func TestSkill(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "SKILL.md")
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), []string{"skill"}, &stdout, &stderr); code != exitOK {
		t.Fatalf("exit code %d: %s", code, &stderr)
	}
	text := stdout.String()
	if code := run(t.Context(), []string{"skill", "-o", path}, io.Discard, &stderr); code != exitOK {
		t.Fatalf("exit code %d: %s", code, &stderr)
	}
	if written, err := os.ReadFile(path); err != nil || string(written) != text {
		t.Errorf("-o writes something else (%v)", err)
	}

	parts := strings.SplitN(text, "---\n", 3)
	var front map[string]string
	if err := yaml.Unmarshal([]byte(parts[1]), &front); err != nil || parts[0] != "" || front["name"] != "digakit" || len(front["description"]) < 100 || len(front["description"]) > 1024 {
		t.Errorf("the front matter: %v %v", front, err)
	}

	var settings struct {
		Servers map[string]struct {
			Command string
			Args    []string
		} `json:"mcpServers"`
	}
	block := regexp.MustCompile("(?s)```json\n(.*?)```").FindStringSubmatch(text)
	if err := json.Unmarshal([]byte(block[1]), &settings); err != nil || settings.Servers["digakit"].Command != "digakit" {
		t.Errorf("the settings: %+v %v", settings, err)
	}
	commands := []string{"digakit " + strings.Join(settings.Servers["digakit"].Args, " ")}
	for _, m := range regexp.MustCompile("(?m)`(digakit [^`]+)`|^(digakit [^#\n]+)").FindAllStringSubmatch(text, -1) {
		commands = append(commands, m[1]+m[2])
	}
	if len(commands) < 9 {
		t.Errorf("%d commands are shown", len(commands))
	}
	for _, line := range commands {
		if err := parsed(rootCommand(), strings.Fields(line)[1:]); err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}

	session, cmd, _, _ := agentSession(t, settings.Servers["digakit"].Args[1:]...)
	var tools []string
	for tool, err := range session.Tools(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		tools = append(tools, tool.Name)
	}
	if err := session.Close(); err != nil {
		t.Error(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	named := regexp.MustCompile("`([a-z]+_[a-z_]+|verify|drift|replay|plan)`").FindAllStringSubmatch(text, -1)
	for _, m := range named {
		if !slices.Contains(tools, m[1]) {
			t.Errorf("there is no tool %s", m[1])
		}
	}
	if len(named) < 12 {
		t.Errorf("%d tools are named", len(named))
	}

	routes := controlOperations(t, mockserver.Start(t))
	for _, m := range regexp.MustCompile("(GET|POST|PUT|PATCH|DELETE) /_mock/[^ `]+").FindAllString(text, -1) {
		if !routes[m] {
			t.Errorf("there is no route %s", m)
		}
	}
}

// parsed says what is wrong with the command and the flags of a command line.
func parsed(root *cobra.Command, args []string) error {
	if args[0] == "help" {
		args = args[1:]
	}
	cmd, rest, err := root.Find(args)
	if err != nil || cmd == root {
		return usagef("there is no such command (%v)", err)
	}
	if err := cmd.ParseFlags(rest); err != nil {
		return err
	}
	given := 0
	cmd.Flags().Visit(func(*pflag.Flag) { given++ })
	if dashes := strings.Count(" "+strings.Join(rest, " "), " --"); given != dashes {
		return usagef("%d of %d flags are read", given, dashes)
	}
	return nil
}
