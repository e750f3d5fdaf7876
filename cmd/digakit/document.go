package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/gen"
)

// embedded is what reports call the document this binary was made from.
const embedded = "openapi.json (embedded)"

// specFlag is the flag --spec of the commands that work with a document.
type specFlag struct{ source string }

func (f *specFlag) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.source, "spec", "", "OpenAPI `document`: a file, an address, REV:path in git, or - for stdin; the one this binary was made from when left out")
}

// name is what reports call the document.
func (f *specFlag) name() string {
	if f.source == "" {
		return embedded
	}
	return f.source
}

// read returns the document as JSON, as it was published, and tells its warnings
// on stderr. What the embedded one makes questionable is known.
func (f *specFlag) read(cmd *cobra.Command) ([]byte, error) {
	if f.source == "" {
		return gen.OpenAPI(), nil
	}
	say := func(line string) { fmt.Fprintln(cmd.ErrOrStderr(), line) }
	loaded, err := loadSpec(cmd, f.source, say)
	if err != nil {
		return nil, err
	}
	for _, line := range grouped(loaded.Warnings) {
		say("warning: " + line)
	}
	return loaded.Document.JSON(), nil
}

// loadSpec reads a document from where source says.
func loadSpec(cmd *cobra.Command, source string, say func(string), opts ...spec.LoadOption) (*spec.Loaded, error) {
	opts = append(opts, spec.Stdin(cmd.InOrStdin()), spec.Progress(say), spec.Open(func(name string) (io.ReadCloser, error) {
		return openSource(cmd.Context(), name)
	}))
	loaded, err := spec.Load(cmd.Context(), []string{source}, opts...)
	if errors.Is(err, spec.ErrUnreachable) || errors.Is(err, context.DeadlineExceeded) {
		return nil, &exitError{code: exitUnreachable, err: err}
	}
	return loaded, err
}

// grouped writes warnings in a line for each kind: a document of hundreds of
// operations has the same thing hundreds of times. A kind is what one remedy
// mends.
func grouped(warnings []spec.Warning) []string {
	var kinds []string
	first, more := map[string]spec.Warning{}, map[string]int{}
	for _, w := range warnings {
		if slices.Contains(kinds, w.HowToFix) {
			more[w.HowToFix]++
			continue
		}
		kinds = append(kinds, w.HowToFix)
		first[w.HowToFix] = w
	}
	lines := make([]string, len(kinds))
	for i, kind := range kinds {
		lines[i] = first[kind].String()
		if n := more[kind]; n > 0 {
			lines[i] += fmt.Sprintf(" (and %d more of this kind)", n)
		}
	}
	return lines
}
