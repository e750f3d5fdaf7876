package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/mockserver"
)

// openTerminal returns a terminal's two ends: what a person sees, and what a program writes to.
func openTerminal(t *testing.T) (screen, terminal *os.File) {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip("no terminals here: ", err)
	}
	t.Cleanup(func() { screen.Close() })
	fd := int(screen.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	terminal, err = os.OpenFile("/dev/pts/"+strconv.Itoa(n), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { terminal.Close() })
	return screen, terminal
}

// onTerminal runs digakit with one of its outputs on a terminal, and returns what is seen there.
// It tells seeing what is seen so far.
func onTerminal(t *testing.T, args []string, set func(cmd *exec.Cmd, terminal *os.File), seeing func(string)) string {
	t.Helper()
	screen, terminal := openTerminal(t)
	dir := readmeDirectory(t)
	cmd := exec.CommandContext(t.Context(), filepath.Join(dir, "bin", "digakit"), args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "TERM=xterm")
	set(cmd, terminal)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	terminal.Close() // reading ends when the program has closed it, too
	var seen strings.Builder
	for buffer := make([]byte, 4096); ; {
		n, err := screen.Read(buffer)
		seen.Write(buffer[:n])
		seeing(seen.String())
		if err != nil {
			break
		}
	}
	_ = cmd.Wait() // the code tells
	if code := cmd.ProcessState.ExitCode(); code != exitOK && code != exitFindings {
		t.Errorf("exit code %d: %q", code, &seen)
	}
	return seen.String()
}

// On a terminal, what takes over a second says how far it has come, and takes that away in
// the end: the server answers only once it has been said.
func TestProgressOnATerminal(t *testing.T) {
	t.Parallel()
	for line, says := range map[string]string{
		"verify --key x URL": "waiting for", "drift URL/openapi.json": "reading http", "spec import -o new.json URL/openapi.json": "reading http",
	} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			said := make(chan struct{})
			mock := mockserver.Start(t, mockserver.WithDocument(spectest.SeedDocument()))
			slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				select {
				case <-said:
				case <-r.Context().Done():
				}
				if r.URL.Path == "/openapi.json" {
					fmt.Fprint(w, string(spectest.Seed()))
					return
				}
				mock.ServeHTTP(w, r)
			}))
			defer slow.Close()
			var once sync.Once
			seen := onTerminal(t, strings.Fields(strings.ReplaceAll(line, "URL", slow.URL)), func(cmd *exec.Cmd, terminal *os.File) { cmd.Stderr = terminal }, func(seen string) {
				if strings.Contains(seen, eraseLine+says) {
					once.Do(func() { close(said) })
				}
			})
			if !strings.Contains(seen, eraseLine+says) || strings.LastIndex(seen, eraseLine) < strings.LastIndex(seen, says) {
				t.Errorf("seen: %q", seen)
			}
		})
	}
}

// A report is coloured on a terminal, unless NO_COLOR is set.
func TestColoursOnATerminal(t *testing.T) {
	t.Parallel()
	for variable, coloured := range map[string]bool{"NO_COLOR=": true, "NO_COLOR=1": false} {
		seen := onTerminal(t, []string{"drift", "old.json", "new.json"}, func(cmd *exec.Cmd, terminal *os.File) {
			cmd.Stdout, cmd.Env = terminal, append(cmd.Env, variable)
		}, func(string) {})
		if !strings.Contains(seen, "limit changed") || strings.Contains(seen, "\x1b[") != coloured {
			t.Errorf("%s: coloured or not: %q", variable, seen)
		}
	}
}

// A terminal that shows the report says once how the run ended; a report that goes elsewhere
// leaves that to stderr.
func TestTheEndIsToldOnceOnATerminal(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		args []string
		set  func(cmd *exec.Cmd, terminal *os.File)
	}{
		{nil, func(cmd *exec.Cmd, terminal *os.File) { cmd.Stdout, cmd.Stderr = terminal, terminal }},
		{[]string{"--output", "report.txt"}, func(cmd *exec.Cmd, terminal *os.File) { cmd.Stdout, cmd.Stderr = terminal, terminal }},
		{nil, func(cmd *exec.Cmd, terminal *os.File) { cmd.Stderr = terminal }},
		{nil, func(cmd *exec.Cmd, terminal *os.File) { cmd.Stdout = terminal }},
	} {
		seen := onTerminal(t, append([]string{"drift", "old.json", "new.json"}, tc.args...), func(cmd *exec.Cmd, terminal *os.File) {
			tc.set(cmd, terminal)
			cmd.Env = append(cmd.Env, "NO_COLOR=1")
		}, func(string) {})
		if n := strings.Count(seen, "failed: "); n != 1 {
			t.Errorf("%q: the end is told %d times: %q", tc.args, n, seen)
		}
	}
}
