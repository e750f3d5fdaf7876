// Command write writes the overlay that a document and names.yaml make; it is how
// `go generate` does it, before package gen compiles.
//
//	go run ./overlay/write ../openapi.json names.yaml overlay.yaml
package main

import (
	"fmt"
	"os"

	"github.com/digakit/digakit/gen/overlay"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 3 {
		return fmt.Errorf("usage: write DOCUMENT NAMES OVERLAY")
	}
	document, err := os.ReadFile(args[0]) //nolint:gosec // G703: the files that the caller names
	if err != nil {
		return err
	}
	names, err := os.ReadFile(args[1]) //nolint:gosec // G703: the same
	if err != nil {
		return err
	}
	made, err := overlay.Make(document, names)
	if err != nil {
		return err
	}
	return os.WriteFile(args[2], made.YAML(), 0o644) //nolint:gosec // G306, G703: source that is committed
}
