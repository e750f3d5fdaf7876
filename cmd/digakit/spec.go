package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/digakit/digakit/contract/spec"
)

func specCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "spec",
		Short: "Work with the OpenAPI document all else is made from",
		Example: `  digakit spec import https://docs.example.com/reference/list-things.md
  digakit spec import --help`,
		Args: cobra.ArbitraryArgs,
		RunE: helpOrUnknown,
	}
	cmd.AddCommand(specImportCommand(), specPlanCommand())
	return cmd
}

func specImportCommand() *cobra.Command {
	var output, cache string
	cmd := &cobra.Command{
		Use:   "import SOURCE…",
		Short: "Build openapi.json from a document, a docs page, or several of them",
		Long: `Build openapi.json from one or more sources and say what was taken, what was
left, and what is questionable in it.

A SOURCE is a file, an address, or - for standard input. It holds an OpenAPI 3.0
or 3.1 document in JSON or YAML, or a docs page in Markdown that shows a part of
one in a fence. An address ending in llms.txt is an index of such pages; those
of its own host are fetched one by one. Several sources are merged; where two
say different things of the same component or operation, nothing is written.

The document is written as it was published: its own key order and digits, two
spaces, ASCII. Written files are replaced in one step, or not at all; one that
would not change is left alone.

Exit codes: 0 written or unchanged, 2 wrong usage or bad input, 3 a source
cannot be fetched.`,
		Example: `  digakit spec import list-api-keys.md                # a saved docs page; writes openapi.json
  digakit spec import https://docs.example.com/llms.txt -o api.json
  digakit spec import openapi.json new-page.md        # adds a page's operation to what is there
  curl -s https://example.com/openapi.yaml | digakit spec import - -o -`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return &usageError{message: "no SOURCE: name a file, an address, or - for standard input"}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, sources []string) error {
			say := func(line string) { fmt.Fprintln(cmd.ErrOrStderr(), line) }
			loaded, err := spec.Load(cmd.Context(), sources, spec.Stdin(cmd.InOrStdin()), spec.CacheDir(cache), spec.Progress(say))
			if errors.Is(err, spec.ErrUnreachable) {
				return &exitError{code: exitUnreachable, err: err}
			}
			if err != nil {
				return err
			}
			tell(loaded, say)
			document := loaded.Document.Canonical()
			if output == "-" {
				_, err := cmd.OutOrStdout().Write(document)
				return err
			}
			return writeSpec(output, document, say)
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "openapi.json", "`file` to write, or - for standard output")
	cmd.Flags().StringVar(&cache, "cache", "", "`directory` that keeps fetched sources, so that what has not changed is not sent again")
	return cmd
}

// tell says what was made of the sources.
func tell(loaded *spec.Loaded, say func(string)) {
	for _, line := range loaded.Taken {
		say("taken: " + line)
	}
	for _, line := range loaded.Left {
		say("left: " + line)
	}
	for _, w := range loaded.Warnings {
		say("warning: " + w.String())
	}
	if loaded.Partial {
		say("note: made of docs pages alone, so it shows some operations of the API, perhaps not all")
	}
}

// writeSpec writes the document unless the file holds it already.
func writeSpec(path string, document []byte, say func(string)) error {
	old, err := os.ReadFile(path)
	if err == nil && bytes.Equal(old, document) {
		say(path + " is unchanged")
		return nil
	}
	if err := replaceFile(path, document); err != nil {
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	say(fmt.Sprintf("wrote %s (%d bytes)", path, len(document)))
	return nil
}
