package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/digakit/digakit/mockserver"
)

// measureClone does what the README begins with, in a fresh clone with empty caches:
// build, run, ask. It takes minutes, and fetches all modules.
func measureClone(ctx context.Context) ([]row, error) {
	dir, err := os.MkdirTemp("", "digakit-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	began := time.Now()
	clone := filepath.Join(dir, "digakit")
	if out, err := exec.CommandContext(ctx, "git", "clone", "-q", ".", clone).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("git clone: %w\n%s", err, out)
	}
	env := append(os.Environ(), "GOMODCACHE="+filepath.Join(dir, "modules"), "GOCACHE="+filepath.Join(dir, "build"),
		"GOFLAGS=-modcacherw") // or it could not be removed
	build := exec.CommandContext(ctx, "make", "-C", clone, "build")
	build.Env = env
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("make build: %w\n%s", err, out)
	}
	// `make run` is the same, and leaves no process behind that could be ended here.
	mock := exec.CommandContext(ctx, filepath.Join(clone, "bin", "digakit"), "mock", "--addr", "127.0.0.1:0")
	stdout, err := mock.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := mock.Start(); err != nil {
		return nil, err
	}
	defer func() {
		_ = mock.Process.Kill() // what was measured is known
		_ = mock.Wait()
	}()
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("no ready line: %w", err)
	}
	url := strings.TrimSpace(strings.TrimPrefix(line, "listening on "))
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/v1/api_key/?limit=2", nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+mockserver.UnrestrictedKey)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the first answer is %s", resp.Status)
	}
	took := time.Since(began)
	return []row{{what: "fresh clone to first answer, empty caches", measured: fmt.Sprintf("%.0f s", took.Seconds()), target: "≤ 120 s", met: took <= 2*time.Minute}}, nil
}
