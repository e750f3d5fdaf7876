package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/mod/module"

	"github.com/digakit/digakit/gen"
)

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print version, commit and document of this digakit",
		Example: `  digakit version`,
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprint(cmd.OutOrStdout(), buildLines())
			return err
		},
	}
}

// stamped is the version that a build gives with -ldflags "-X main.stamped=…":
// releases and the Dockerfile do, where the Go tool may find no repository.
var stamped string

// version is the stamped version, or else the module's as the Go tool recorded
// it: a tag, a pseudo-version made from the commit, or "(devel)".
func version() string {
	info, _ := debug.ReadBuildInfo()
	return versionOf(info)
}

func versionOf(info *debug.BuildInfo) string {
	if info == nil {
		return cmp.Or(stamped, "(devel)")
	}
	return cmp.Or(stamped, info.Main.Version, "(devel)")
}

// commitOf tells the commit that a build was made from and when that was, as the Go
// tool recorded it: of a repository, or in the pseudo-version that `go install` was
// given. A tag names its commit itself.
func commitOf(info *debug.BuildInfo) string {
	if info == nil {
		return "not recorded"
	}
	recorded := map[string]string{}
	for _, s := range info.Settings {
		recorded[s.Key] = s.Value
	}
	commit, at := recorded["vcs.revision"], recorded["vcs.time"]
	if v := info.Main.Version; commit == "" && module.IsPseudoVersion(v) {
		commit, _ = module.PseudoVersionRev(v) // it is one
		if t, err := module.PseudoVersionTime(v); err == nil {
			at = t.Format(time.RFC3339)
		}
	}
	switch {
	case commit != "" && recorded["vcs.modified"] == "true":
		return commit + " of " + at + ", with changes"
	case commit != "":
		return commit + " of " + at
	case info.Main.Sum != "":
		return "that of tag " + info.Main.Version
	}
	return "not recorded"
}

// buildLines says what this is: version and platform on the first line.
func buildLines() string {
	info, _ := debug.ReadBuildInfo()
	var document struct {
		Info  struct{ Title, Version string }
		Paths map[string]json.RawMessage
	}
	if err := json.Unmarshal(gen.OpenAPI(), &document); err != nil {
		panic(err) // what is embedded was read when it was imported
	}
	return fmt.Sprintf("digakit %s %s %s/%s\ncommit   %s\ndocument %s %s, paths: %d, imported on %s\n",
		versionOf(info), runtime.Version(), runtime.GOOS, runtime.GOARCH, commitOf(info),
		document.Info.Title, document.Info.Version, len(document.Paths), gen.Imported())
}
