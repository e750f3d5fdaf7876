package client

import (
	"runtime"
	"runtime/debug"
	"strings"
)

// modulePath is looked up in the build information of the running program.
const modulePath = "github.com/digakit/digakit"

// userAgent is "PREFIX digakit/VERSION (GO)" (RFC 9110, section 10.1.5). The
// version is the module's own, wherever it stands in the build; "devel" in a
// checkout.
func userAgent(prefix string) string {
	version := "devel"
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, module := range append(info.Deps, &info.Main) {
			if module.Path == modulePath && strings.HasPrefix(module.Version, "v") {
				version = strings.TrimPrefix(module.Version, "v")
			}
		}
	}
	// runtime.Version may go on with experiments or a date: "go1.26 X:…".
	goVersion, _, _ := strings.Cut(runtime.Version(), " ")
	own := "digakit/" + version + " (" + goVersion + ")"
	if prefix == "" {
		return own
	}
	return prefix + " " + own
}
