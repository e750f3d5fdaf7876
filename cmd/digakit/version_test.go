package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

// The commit comes from what the Go tool recorded, however the binary was made.
func TestCommitOf(t *testing.T) {
	t.Parallel()
	const commit, at = "0123456789abcdef0123456789abcdef01234567", "2026-01-15T09:30:00Z"
	vcs := []debug.BuildSetting{{Key: "vcs", Value: "git"}, {Key: "vcs.revision", Value: commit}, {Key: "vcs.time", Value: at}, {Key: "vcs.modified", Value: "false"}}
	changed := slices.Concat(vcs[:3], []debug.BuildSetting{{Key: "vcs.modified", Value: "true"}})
	for _, tc := range []struct {
		name                  string
		info                  *debug.BuildInfo
		wantVersion, wantLine string
	}{
		{"built in a checkout", &debug.BuildInfo{Main: debug.Module{Version: "(devel)"}, Settings: vcs}, "(devel)", commit + " of " + at},
		{"built in a changed checkout", &debug.BuildInfo{Main: debug.Module{Version: "v1.2.3+dirty"}, Settings: changed}, "v1.2.3+dirty", commit + " of " + at + ", with changes"},
		{"go install of a commit", &debug.BuildInfo{Main: debug.Module{Version: "v0.0.0-20260115093000-0123456789ab", Sum: "h1:x"}}, "v0.0.0-20260115093000-0123456789ab", "0123456789ab of " + at},
		{"go install of a tag", &debug.BuildInfo{Main: debug.Module{Version: "v1.2.3", Sum: "h1:x"}}, "v1.2.3", "that of tag v1.2.3"},
		{"built without a repository", &debug.BuildInfo{}, "(devel)", "not recorded"},
		{"without build information", nil, "(devel)", "not recorded"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if got := versionOf(tc.info); got != tc.wantVersion {
				t.Errorf("version %q, want %q", got, tc.wantVersion)
			}
			if got := commitOf(tc.info); got != tc.wantLine {
				t.Errorf("commit %q, want %q", got, tc.wantLine)
			}
		})
	}
}

// After `go install …@latest`, the way of somebody who has no checkout, version and commit are
// those of the module. The proxy is files: what git has here, and the modules that this one
// was built with.
func TestVersionAfterGoInstall(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("not run with -short: it compiles all anew")
	}
	git := func(args ...string) string {
		out, err := exec.CommandContext(t.Context(), "git", args...).Output()
		if err != nil {
			t.Skip("not run: no git repository here: ", err)
		}
		return strings.TrimSpace(string(out))
	}
	modules, err := exec.CommandContext(t.Context(), "go", "env", "GOMODCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	commit := git("rev-parse", "HEAD")
	at, err := time.Parse(time.RFC3339, git("log", "-1", "--format=%cI"))
	if err != nil {
		t.Fatal(err)
	}
	v := module.Version{Path: "github.com/digakit/digakit", Version: module.PseudoVersion("v0", "", at.UTC(), commit[:12])}
	dir := t.TempDir()
	served := filepath.Join(dir, "proxy", filepath.FromSlash(v.Path), "@v")
	if err := os.MkdirAll(served, 0o750); err != nil {
		t.Fatal(err)
	}
	archive, err := os.Create(filepath.Join(served, v.Version+".zip"))
	if err != nil {
		t.Fatal(err)
	}
	if err := zip.CreateFromVCS(archive, v, git("rev-parse", "--show-toplevel"), "HEAD", ""); err != nil {
		t.Fatal(err)
	}
	archive.Close()
	info := fmt.Sprintf(`{"Version": %q, "Time": %q}`, v.Version, at.UTC().Format(time.RFC3339))
	for name, content := range map[string]string{v.Version + ".info": info, "../@latest": info, "list": "", v.Version + ".mod": git("show", "HEAD:go.mod")} {
		if err := os.WriteFile(filepath.Join(served, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), "go", "install", v.Path+"/cmd/digakit@latest")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOENV=off", "CGO_ENABLED=0", "GOFLAGS=-modcacherw -trimpath", "GOSUMDB=off", "GOBIN="+dir, "GOMODCACHE="+filepath.Join(dir, "modules"),
		"GOPROXY=file://"+filepath.Join(dir, "proxy")+",file://"+filepath.Join(strings.TrimSpace(string(modules)), "cache", "download"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := exec.CommandContext(t.Context(), filepath.Join(dir, "digakit"), "version").Output()
	want := fmt.Sprintf("digakit %s go1\\.\\S+ \\S+\ncommit   %s of %s\n", regexp.QuoteMeta(v.Version), commit[:12], at.UTC().Format(time.RFC3339))
	if err != nil || !regexp.MustCompile(want).Match(out) {
		t.Errorf("%v: %s\nwant %s", err, out, want)
	}
}
