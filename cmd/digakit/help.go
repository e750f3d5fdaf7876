package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

// showHelp prints what fits a screen for --help, which has arguments here, and all there
// is to say for `digakit help COMMAND`. Examples come first.
func showHelp(cmd *cobra.Command, args []string) {
	w := cmd.OutOrStdout()
	about := cmd.Long
	if len(args) > 0 || about == "" {
		about = cmd.Short
	}
	fmt.Fprintf(w, "%s\n", about)
	if cmd.HasExample() {
		fmt.Fprintf(w, "\nExamples:\n%s\n", cmd.Example)
	}
	fmt.Fprintf(w, "\nUsage:\n  %s\n", cmd.UseLine())
	if cmd.HasAvailableSubCommands() {
		fmt.Fprint(w, "\nCommands:\n")
		for _, c := range cmd.Commands() {
			if c.IsAvailableCommand() {
				fmt.Fprintf(w, "  %-*s %s\n", cmd.Commands()[0].NamePadding(), c.Name(), c.Short)
			}
		}
	}
	fmt.Fprintf(w, "\nFlags:\n%s\n", strings.TrimRight(cmd.LocalFlags().FlagUsages(), "\n"))
	if cmd.HasParent() {
		fmt.Fprintf(w, "\n%s and variables set flags too: '%s config --help'.\n", configName, cmd.Root().Name())
	}
	if about != cmd.Long && cmd.Long != "" {
		path := strings.TrimPrefix(cmd.CommandPath(), cmd.Root().Name()+" ")
		fmt.Fprintf(w, "\n'%s help %s' says more, exit codes among it.\n", cmd.Root().Name(), path)
	}
}

func manCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "man DIRECTORY",
		Short: "Write a man page of each command",
		Example: `  digakit man /usr/local/share/man/man1
  SOURCE_DATE_EPOCH=0 digakit man .   # the same bytes every time`,
		Args: takes(1, 1, "give one DIRECTORY for the pages; there are %d"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil { //nolint:gosec // man pages are for everybody to read
				return err
			}
			root := cmd.Root()
			root.DisableAutoGenTag = true
			return doc.GenManTree(root, &doc.GenManHeader{Section: "1", Source: "digakit " + version(), Manual: "digakit"}, args[0])
		},
	}
}

// addCompletion adds cobra's own command, with examples. It writes to what root writes to by now.
func addCompletion(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	examples := map[string]string{
		"completion": "source <(digakit completion bash)   # for this shell; for all: digakit help completion bash",
		"bash":       "source <(digakit completion bash)",
		"zsh":        "source <(digakit completion zsh)",
		"fish":       "digakit completion fish | source",
		"powershell": "digakit completion powershell | Out-String | Invoke-Expression",
	}
	for _, c := range root.Commands() {
		if c.Name() == "completion" {
			c.Args, c.RunE = cobra.ArbitraryArgs, helpOrUnknown // cobra shows help for a shell it does not know, as if that were well
			for _, c := range append(c.Commands(), c) {
				c.Example = "  " + examples[c.Name()]
			}
		}
	}
}

// oneOf has a flag completed with the values it takes.
func oneOf(cmd *cobra.Command, flag string, values ...string) {
	if err := cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)); err != nil {
		panic(err) // the flag is added before
	}
}
