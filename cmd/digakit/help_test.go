package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// What --help prints fits a screen of 50 lines, and begins with how it is done.
func TestHelpFitsAScreen(t *testing.T) {
	t.Parallel()
	var walk func(cmd *cobra.Command)
	walk = func(cmd *cobra.Command) {
		var help bytes.Buffer
		args := slices.Concat(strings.Fields(cmd.CommandPath())[1:], []string{"--help"})
		if code := run(t.Context(), args, &help, &help); code != exitOK {
			t.Errorf("%v: exit code %d", args, code)
		}
		if lines := strings.Count(help.String(), "\n"); lines > 50 {
			t.Errorf("%v prints %d lines", args, lines)
		}
		examples, usage := strings.Index(help.String(), "\nExamples:\n"), strings.Index(help.String(), "\nUsage:\n")
		if examples < 0 || usage < examples {
			t.Errorf("%v does not begin with examples:\n%s", args, &help)
		}
		if !strings.Contains(cmd.Example, cmd.CommandPath()) {
			t.Errorf("%v has no example of its own: %q", args, cmd.Example)
		}
		for _, c := range cmd.Commands() {
			walk(c)
		}
	}
	root := rootCommand()
	addCompletion(root)
	walk(root)
}
