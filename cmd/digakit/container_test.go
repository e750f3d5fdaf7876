//go:build container && linux

package main

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/digakit/digakit/mockserver"
)

const containerToken = "token-of-the-container-check"

// TestContainer takes the Dockerfile's steps without Docker: it builds as the
// Dockerfile says from what .dockerignore leaves, then runs the binary alone in
// an empty root, as the Dockerfile's user. `make container-check` runs it.
func TestContainer(t *testing.T) {
	c := buildContainer(t)

	t.Run("version", func(t *testing.T) {
		out, err := c.command(t, nil, []string{"/digakit", "version"}).Output()
		if err != nil || !strings.HasPrefix(string(out), "digakit container-check go") {
			t.Fatalf("%q, %v", out, err)
		}
	})
	t.Run("no host allowed, token as flag", func(t *testing.T) {
		m := c.start(t, nil, "mock", "--token", containerToken)
		m.wantStatus(t, "mock:"+c.port, "/v1/api_key/", mockserver.ReadOnlyKey, http.StatusForbidden, "host-not-allowed")
		m.checkControl(t)
		m.stop(t)
	})
	t.Run("host allowed, token as variable", func(t *testing.T) {
		m := c.start(t, []string{"DIGAKIT_TOKEN=" + containerToken}, "mock", "--allow-host", "mock")
		m.wantStatus(t, "mock:"+c.port, "/v1/api_key/", mockserver.ReadOnlyKey, http.StatusOK, `"total_pages"`)
		m.wantStatus(t, "mock", "/v1/api_key/", mockserver.ReadOnlyKey, http.StatusOK, `"total_pages"`)
		m.wantStatus(t, "other:"+c.port, "/v1/api_key/", mockserver.ReadOnlyKey, http.StatusForbidden, "host-not-allowed")
		m.wantStatus(t, "mock:"+c.port, "/_mock/projects", containerToken, http.StatusOK, `"demo"`)
		m.checkControl(t)
		m.stop(t)
	})
	t.Run("the image's own command, a token made up", func(t *testing.T) {
		m := c.start(t, nil, c.cmd...)
		m.wantStatus(t, "localhost:"+c.port, "/_mock/projects", "", http.StatusForbidden, "token")
		m.stop(t)
		if log := m.stderr.String(); !strings.Contains(log, "Token of the control API") {
			t.Errorf("no token was shown:\n%s", log)
		}
	})
}

// container is the image with a free port in place of its own: it shares this
// machine's network.
type container struct {
	image
	root string
}

func buildContainer(t *testing.T) container {
	t.Helper()
	im := readDockerfile(t)
	context, root := t.TempDir(), filepath.Join(t.TempDir(), "root")
	copyContext(t, context)
	if err := os.Mkdir(root, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, run := range im.runs {
		sh := exec.CommandContext(t.Context(), "sh", "-ec", strings.ReplaceAll(run, im.built, filepath.Join(root, "digakit")))
		sh.Dir = context
		sh.Env = append(os.Environ(), "VERSION=container-check", "GOWORK=off")
		if out, err := sh.CombinedOutput(); err != nil {
			t.Fatalf("RUN %s: %v\n%s", run, err, out)
		}
	}
	l, err := net.Listen("tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	_, free, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	for i := range im.env {
		im.env[i] = strings.ReplaceAll(im.env[i], ":"+im.port, ":"+free)
	}
	im.port = free
	return container{image: im, root: root}
}

// copyContext copies what Docker would send: the checkout without what
// .dockerignore names, either NAME at the top or **/NAME anywhere.
func copyContext(t *testing.T, to string) {
	t.Helper()
	content, err := os.ReadFile("Dockerfile.dockerignore")
	if err != nil {
		t.Fatal(err)
	}
	ignored := strings.Fields(string(content))
	err = fs.WalkDir(os.DirFS("../.."), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if slices.Contains(ignored, path) || slices.Contains(ignored, "**/"+d.Name()) {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		target := filepath.Join(to, path)
		if d.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		if !d.Type().IsRegular() {
			return nil
		}
		data, err := os.ReadFile(filepath.Join("../..", path))
		if err != nil {
			return err
		}
		return os.WriteFile(target, data, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// command runs args in the root as the image's user, with the image's
// environment and nothing else.
func (c container) command(t *testing.T, env, args []string) *exec.Cmd {
	cmd := exec.CommandContext(t.Context(), args[0], args[1:]...)
	cmd.Dir = "/"
	cmd.Env = slices.Concat(c.env, env)
	cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: c.root}
	if os.Getuid() == 0 {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(c.uid), Gid: uint32(c.gid)}
		return cmd
	}
	// Others may change the root in a user namespace of their own, where they can
	// be the image's user.
	cmd.SysProcAttr.Cloneflags = syscall.CLONE_NEWUSER
	cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: c.uid, HostID: os.Getuid(), Size: 1}}
	cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: c.gid, HostID: os.Getgid(), Size: 1}}
	return cmd
}

// running is a mock in the container.
type running struct {
	container
	proc   *exec.Cmd
	stdout *bufio.Reader
	stderr strings.Builder // to be read after stop
}

// start runs the image with the given command in place of its own, as `docker
// run IMAGE args` does, and waits for the ready line.
func (c container) start(t *testing.T, env []string, args ...string) *running {
	t.Helper()
	m := &running{container: c, proc: c.command(t, env, slices.Concat(c.entrypoint, args))}
	m.proc.Stderr = &m.stderr
	pipe, err := m.proc.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := m.proc.Start(); err != nil {
		t.Fatalf("cannot run in a root of its own: %v; that takes root, or user namespaces for everyone (sysctl kernel.unprivileged_userns_clone and kernel.apparmor_restrict_unprivileged_userns)", err)
	}
	t.Cleanup(func() {
		if m.proc.ProcessState == nil { // the test has failed; its context has killed it
			_ = m.proc.Wait()
			t.Logf("stderr:\n%s", m.stderr.String())
		}
	})
	m.stdout = bufio.NewReader(pipe)
	line, err := m.stdout.ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "listening on http://") || !strings.HasSuffix(line, ":"+c.port+"\n") {
		t.Fatalf("not the ready line: %q, %v", line, err)
	}
	m.checkConfined(t)
	if code := c.health(t); code != exitOK {
		t.Fatalf("HEALTHCHECK ended with %d", code)
	}
	return m
}

// checkConfined asks the kernel, not us, whose the process is and what it sees.
func (m *running) checkConfined(t *testing.T) {
	t.Helper()
	proc := "/proc/" + strconv.Itoa(m.proc.Process.Pid)
	status, err := os.ReadFile(proc + "/status")
	if err != nil {
		t.Fatal(err)
	}
	uid := m.uid
	if os.Getuid() != 0 {
		uid = os.Getuid() // as seen from outside its user namespace
	}
	if want := "\nUid:\t" + strings.Repeat(strconv.Itoa(uid)+"\t", 3); !strings.Contains(string(status), want) {
		t.Errorf("not user %d:\n%s", uid, status)
	}
	if !strings.Contains(string(status), "\nCapEff:\t0000000000000000\n") {
		t.Errorf("it may do more than a plain user:\n%s", status)
	}
	if root, err := os.Readlink(proc + "/root"); err != nil || root != m.root {
		t.Errorf("its root is %q, %v", root, err)
	}
	if names, err := os.ReadDir(m.root); err != nil || len(names) != 1 {
		t.Errorf("its root holds %v, %v", names, err)
	}
}

// health runs the image's health check in the container and returns its exit code.
func (c container) health(t *testing.T) int {
	t.Helper()
	out, err := c.command(t, nil, c.image.health).CombinedOutput()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.ExitCode()
	}
	if err != nil || len(out) > 0 {
		t.Fatalf("HEALTHCHECK: %q, %v", out, err)
	}
	return 0
}

// checkControl asks from outside, as a published port lets one.
func (m *running) checkControl(t *testing.T) {
	t.Helper()
	host := "localhost:" + m.port
	m.wantStatus(t, host, "/_mock/health", "", http.StatusOK, `"ok"`)
	m.wantStatus(t, host, "/_mock/projects", "", http.StatusForbidden, "token")
	m.wantStatus(t, host, "/_mock/projects", "wrong", http.StatusForbidden, "token")
	m.wantStatus(t, host, "/_mock/projects", containerToken, http.StatusOK, `"demo"`)
}

func (m *running) wantStatus(t *testing.T, host, path, bearer string, status int, part string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1:"+m.port+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = host
	if bearer != "" {
		r.Header.Set("Authorization", "Bearer "+bearer)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != status || !strings.Contains(string(body), part) {
		t.Errorf("GET %s of %s with %q: %s, %v; want %d with %q\n%s", path, host, bearer, resp.Status, err, status, part, body)
	}
}

// stop ends it as `docker stop` does.
func (m *running) stop(t *testing.T) {
	t.Helper()
	if err := m.proc.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(m.stdout)
	if err != nil || len(rest) > 0 {
		t.Errorf("more than the ready line on stdout: %q, %v", rest, err)
	}
	if err := m.proc.Wait(); err != nil {
		t.Errorf("SIGTERM: %v\n%s", err, m.stderr.String())
	}
	if code := m.health(t); code != exitUnreachable {
		t.Errorf("HEALTHCHECK of a stopped mock ended with %d, want %d", code, exitUnreachable)
	}
}
