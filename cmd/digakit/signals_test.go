package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/digakit/digakit/contract/spec/spectest"
)

// However a mock is asked to end, it ends well.
func TestSignalsEndTheMock(t *testing.T) {
	t.Parallel()
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGQUIT} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			cmd, _ := startMock(t)
			if err := cmd.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			if err := cmd.Wait(); err != nil {
				t.Errorf("it ended with %v, want exit code 0", err)
			}
		})
	}
}

// Who starts it with nohup wants it to outlive the terminal.
func TestAnIgnoredHangupStaysIgnored(t *testing.T) {
	t.Parallel()
	cmd, url := startMockAs(t, "sh", "-c", `trap '' HUP; exec digakit mock --addr 127.0.0.1:0`)
	if err := cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	for range 20 {
		if !ask(t, "GET", url+"/_mock/health", "", nil) {
			t.Fatal("it is gone")
		}
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}

// Whatever file a command is given, one that never ends does not keep it from ending.
func TestSignalsEndWhatWaitsForInput(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("mkfifo"); err != nil {
		t.Skip("no named pipes here")
	}
	const mock, url = "mock --addr 127.0.0.1:0 ", " --url http://127.0.0.1:9 "
	for i, line := range []string{
		mock + "--seed PIPE", mock + "--spec PIPE", mock + "PIPE", mock + "--override PIPE", mock + "--profile PIPE", mock + "--plan PIPE",
		mock + "--token @PIPE", mock + "--key @PIPE", mock + "--tls-cert PIPE --tls-key PIPE",
		"verify --har PIPE", "verify --spec PIPE", "verify --key @PIPE" + url, "verify --ca PIPE --key k" + url, "verify --known PIPE",
		"calibrate --key @PIPE" + url, "keys --key @PIPE" + url, "proxy --addr 127.0.0.1:0 --upstream http://127.0.0.1:9 --spec PIPE",
		"drift PIPE", "drift DOCUMENT --severity PIPE", "spec import PIPE", "spec plan PIPE",
	} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			pipe, document := filepath.Join(dir, "pipe"), filepath.Join(dir, "openapi.json")
			if err := os.WriteFile(document, spectest.Seed(), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := exec.CommandContext(t.Context(), "mkfifo", pipe).Run(); err != nil {
				t.Fatal(err)
			}
			cmd := exec.CommandContext(t.Context(), "digakit", strings.Fields(strings.NewReplacer("PIPE", pipe, "DOCUMENT", document).Replace(line))...)
			cmd.Dir = dir
			var out bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &out
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			ended, read := make(chan error, 1), make(chan *os.File, 1)
			go func() { ended <- cmd.Wait() }()
			go func() {
				writer, _ := os.OpenFile(pipe, os.O_WRONLY, 0) // waits until the command reads it
				read <- writer
			}()
			select {
			case writer := <-read:
				defer writer.Close()
			case err := <-ended:
				reader, _ := os.OpenFile(pipe, os.O_RDONLY|syscall.O_NONBLOCK, 0) // lets the writer go
				defer reader.Close()
				t.Fatalf("it did not read the pipe, but ended with %v: %s", err, &out)
			}
			signal := []syscall.Signal{syscall.SIGTERM, syscall.SIGINT}[i%2]
			if err := cmd.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			if err := <-ended; err == nil || cmd.ProcessState.ExitCode() != exitUsage {
				t.Errorf("it ended with %v, want exit code %d: %s", cmd.ProcessState, exitUsage, &out)
			}
		})
	}
}
