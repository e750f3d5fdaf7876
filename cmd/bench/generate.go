package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/gen/overlay"
)

// measureGenerate imports a document of 136 operations, and builds a copy of this
// module from it, with all it depends on built before. It runs at the module's root.
func measureGenerate(ctx context.Context) ([]row, error) {
	dir, err := os.MkdirTemp("", "digakit-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	imported, err := measureImport(ctx, filepath.Join(dir, "document.json"))
	if err != nil {
		return nil, err
	}
	for _, folder := range []string{"gen", "client", "mockserver", "contract"} {
		if err := os.CopyFS(filepath.Join(dir, folder), os.DirFS(folder)); err != nil {
			return nil, err
		}
	}
	for _, file := range []string{"go.mod", "go.sum", "oapi-codegen.yaml"} {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if err := os.WriteFile(filepath.Join(dir, file), data, 0o600); err != nil { //nolint:gosec // G703: a folder made above
			return nil, err
		}
	}
	var seconds float64
	for _, operations := range []int{135, 136} { // the first warms caches
		if err := os.WriteFile(filepath.Join(dir, "openapi.json"), spectest.Document(operations), 0o600); err != nil {
			return nil, err
		}
		began := time.Now()
		for _, args := range [][]string{{"generate", "./gen"}, {"build", "./..."}} {
			cmd := exec.CommandContext(ctx, "go", args...)
			cmd.Dir = dir
			if out, err := cmd.CombinedOutput(); err != nil {
				return nil, fmt.Errorf("go %v: %w\n%s", args, err, out)
			}
		}
		seconds = time.Since(began).Seconds()
	}
	return []row{imported, {what: "regenerating and building from 136 operations, warm", measured: fmt.Sprintf("%.1f s", seconds), target: "≤ 20 s", met: seconds <= 20}}, nil
}

// measureImport does in this process what digakit spec import does with a file.
func measureImport(ctx context.Context, file string) (row, error) {
	if err := os.WriteFile(file, spectest.Document(136), 0o600); err != nil {
		return row{}, err
	}
	var seconds []float64
	for range rounds {
		began := time.Now()
		loaded, err := spec.Load(ctx, []string{file})
		if err != nil {
			return row{}, err
		}
		if _, err := overlay.Make(loaded.Document.Canonical(), nil); err != nil {
			return row{}, err
		}
		seconds = append(seconds, time.Since(began).Seconds())
	}
	s := median(seconds)
	return row{what: "importing 136 operations", measured: fmt.Sprintf("%.2f s", s), target: "≤ 0.5 s", met: s <= 0.5}, nil
}
