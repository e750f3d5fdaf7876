package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/gen"
)

// embedded is what reports call the document this binary was made from.
const embedded = "openapi.json (embedded)"

// builtIn is that document. Tests put another in its place, the one that what they
// expect was written for.
var builtIn = gen.OpenAPI

// maxWarnings bounds the lines on a document that a command says before its work.
const maxWarnings = 20

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

// document reads the document and tells its warnings on stderr. What the embedded
// one makes questionable is known.
func (f *specFlag) document(cmd *cobra.Command) (*spec.Document, error) {
	if f.source == "" {
		return spec.Parse(builtIn())
	}
	say := func(line string) { fmt.Fprintln(cmd.ErrOrStderr(), line) }
	loaded, err := loadSpec(cmd, f.source, say)
	if err != nil {
		return nil, err
	}
	warnings := spec.Grouped(loaded.Document.Warnings())
	for _, w := range warnings[:min(len(warnings), maxWarnings)] {
		say("warning: " + w.String())
	}
	if more := len(warnings) - maxWarnings; more > 0 {
		say(fmt.Sprintf("warning: and %d more; `digakit spec import` tells all", more))
	}
	return loaded.Document, nil
}

// loadSpec reads a document from where source says. Its examples are not judged.
func loadSpec(cmd *cobra.Command, source string, say func(string)) (*spec.Loaded, error) {
	loaded, err := spec.Load(cmd.Context(), []string{source}, spec.SkipWarnings(), spec.Stdin(cmd.InOrStdin()), spec.Progress(say),
		spec.Open(func(name string) (io.ReadCloser, error) { return openSource(cmd.Context(), name) }))
	if errors.Is(err, spec.ErrUnreachable) || errors.Is(err, context.DeadlineExceeded) {
		return nil, &exitError{code: exitUnreachable, err: err}
	}
	return loaded, err
}
