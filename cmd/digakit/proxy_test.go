package main

import (
	"io"
	"strconv"
	"strings"
	"syscall"

	"github.com/rogpeppe/go-internal/testscript"
)

type proxyKey struct{}

// startProxy runs `digakit proxy` with the given arguments, waits for the ready
// line, on stdout, or with -stderr as the first argument there, and sets $PROXY
// to its URL.
func startProxy(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: proxy [-stderr] ARGUMENT...")
	}
	s := ts.Value(proxyKey{}).(*server)
	onStderr := args[0] == "-stderr"
	if onStderr {
		args = args[1:]
	}
	s.start(ts, append([]string{"proxy"}, args...))
	if onStderr {
		ts.Setenv("PROXY", s.waitFor(ts, `(?m)^listening on (http://\S+)$`)[1])
		return
	}
	line, err := s.stdout.ReadString('\n')
	url, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "listening on ")
	if err != nil || !ok {
		text, _ := s.stderr.read()
		ts.Fatalf("the first line is %q, %v, not the ready line; stderr: %s", line, err, text)
	}
	ts.Setenv("PROXY", url)
}

// endProxy sends SIGTERM to the proxy, checks its exit code and prints what it
// wrote: the report and all of stderr.
func endProxy(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: end EXIT-CODE")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	s := ts.Value(proxyKey{}).(*server)
	ts.Check(s.cmd.Process.Signal(syscall.SIGTERM))
	report, err := io.ReadAll(s.stdout)
	ts.Check(err)
	_ = s.cmd.Wait() // the exit code is looked at below
	_, err = ts.Stdout().Write(report)
	ts.Check(err)
	text, _ := s.stderr.read()
	_, err = io.WriteString(ts.Stderr(), text)
	ts.Check(err)
	if got := s.cmd.ProcessState.ExitCode(); got != want {
		ts.Fatalf("exit code %d, want %d\n%s%s", got, want, report, text)
	}
}
