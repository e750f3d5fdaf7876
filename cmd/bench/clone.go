package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/digakit/digakit/mockserver"
)

// measureClone does what the README begins with, in a fresh clone with empty caches:
// build, run, ask. It takes minutes, and fetches all modules.
func measureClone(b *bench) {
	clone := filepath.Join(b.dir, "clone")
	s := seconds(func() {
		command(b, "", nil, "git", "clone", "-q", ".", clone)
		command(b, clone, append(os.Environ(), "GOMODCACHE="+filepath.Join(b.dir, "modules"), "GOCACHE="+filepath.Join(b.dir, "build"),
			"GOFLAGS=-modcacherw"), "make", "build") // or it could not be removed
		// `make run` is the same, and leaves no process behind that could be ended here.
		mock := startMock(b, filepath.Join(clone, "bin", "digakit"))
		defer mock.stop()
		check(fetch(b, mock.url+listPath+"?limit=2", mockserver.UnrestrictedKey))
	})
	b.atMost("fresh clone to first answer, empty caches", fmt.Sprintf("%.0f s", s), s, 120, " s")
}
