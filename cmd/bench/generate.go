package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/gen/overlay"
)

// measureGenerate imports a document of 136 operations, and builds a copy of this
// module from it, with all it depends on built before. It runs at the module's root.
func measureGenerate(b *bench) {
	// What digakit spec import does with a file.
	source := []string{b.file("document.json", spectest.Document(operations))}
	s := medianOf(rounds, func() float64 {
		return seconds(func() { must(overlay.Make(must(spec.Load(b, source)).Document.Canonical(), nil)) })
	})
	b.atMost("importing 136 operations", fmt.Sprintf("%.2f s", s), s, 0.5, " s")

	module := filepath.Join(b.dir, "module")
	for _, folder := range []string{"gen", "client", "mockserver", "contract"} {
		check(os.CopyFS(filepath.Join(module, folder), os.DirFS(folder)))
	}
	for _, name := range []string{"go.mod", "go.sum", "oapi-codegen.yaml"} {
		b.file(filepath.Join("module", name), must(os.ReadFile(name)))
	}
	for _, n := range []int{operations - 1, operations} { // the first warms caches
		b.file("module/openapi.json", spectest.Document(n))
		s = seconds(func() {
			command(b, module, nil, "go", "generate", "./gen")
			command(b, module, nil, "go", "build", "./...")
		})
	}
	b.atMost("regenerating and building from 136 operations, warm", fmt.Sprintf("%.1f s", s), s, 20, " s")
}
