package main

import (
	"runtime/debug"
	"slices"
	"testing"
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
