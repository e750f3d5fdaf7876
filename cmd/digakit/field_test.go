package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/digakit/digakit/contract/spec/spectest"
)

// fieldCase writes a script from the shared cases and returns the command that runs it.
func fieldCase(t *testing.T, name string, args ...string) *exec.Cmd {
	t.Helper()
	interpreter := map[string]string{".sh": "bash", ".py": "python3"}[filepath.Ext(name)]
	for _, program := range []string{interpreter, "curl"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip(program + " is not installed")
		}
	}
	script := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(script, spectest.Shared(t, "cases/field/"+name), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), interpreter, append([]string{script}, args...)...)
	cmd.Env = append(os.Environ(), "DIGAKIT=digakit")
	return cmd
}

func output(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return string(out)
}

// What browsers, editors and clients were seen to send a mock.
func TestFieldCasesOfTheMock(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"mock-path-percent-encoded.sh":          `^200\n200\n$`,
		"mock-cors-tracing-headers.sh":          `(?i)^access-control-allow-headers: authorization,traceparent,x-request-id\r?\n$`,
		"control-integer-with-zero-fraction.sh": `"keys":2,(?s:.*) 201\n.*"times":1,(?s:.*) 201\n$`,
		"control-media-type-case.sh":            ` 201\n$`,
		"control-date-time-legal-forms.sh":      `(?s)^{"count":0}\n 200\n{"count":0}\n 200\n{"frozen":false,"now":"2017-01-01T00:00:00\.\d+Z"}\n 200\n$`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, url := startMock(t)
			if got := output(t, fieldCase(t, name, url)); !regexp.MustCompile(want).MatchString(got) {
				t.Errorf("it printed %q, want %s", got, want)
			}
		})
	}
}

func TestFieldCaseOfTheSeedThatIsAPipe(t *testing.T) {
	t.Parallel()
	if got := output(t, fieldCase(t, "mock-seed-fifo-signal.sh", "digakit")); got != "right\n" {
		t.Errorf("it printed %q", got)
	}
}

// Readers of events that stop reading take little memory, and do not hold up the end.
func TestFieldCaseOfStalledReaders(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("the script reads /proc")
	}
	all := []string{"1", "20", "200"}
	if testing.Short() {
		all = all[:2] // the race detector, which takes the table in part, needs memory of its own for each
	}
	for _, readers := range all {
		got := output(t, fieldCase(t, "mock-stalled-event-reader.py", readers, "300", "stalled"))
		seen := regexp.MustCompile(`RSS MB before (\d+)\n.*RSS MB after (\d+)\nrc (-?\d+) `).FindStringSubmatch(got)
		if seen == nil {
			t.Fatalf("it printed %q", got)
		}
		before, _ := strconv.Atoi(seen[1])
		after, _ := strconv.Atoi(seen[2])
		// The journal may hold 16 MiB, and the runtime as much again.
		if after-before > 40 || seen[3] != "0" {
			t.Errorf("%s readers: %s", readers, strings.ReplaceAll(got, "\n", "; "))
		}
	}
}
