package main

import (
	_ "embed"
	"io"

	"github.com/spf13/cobra"
)

//go:embed skill.md
var skillText string

func skillCommand() *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use:   "skill",
		Short: "Print what coding agents should know of digakit, as a SKILL.md",
		Long: `Print a SKILL.md for coding agents: when to use digakit, its commands, and the
settings for 'digakit mcp'. Put it where your agent looks for skills.`,
		Example: `  digakit skill
  digakit skill --output .claude/skills/digakit/SKILL.md   # the folder must be there`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return writeTo(cmd, output, func(w io.Writer) error { _, err := io.WriteString(w, skillText); return err })
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "", "`file` to write; stdout when left out")
	return cmd
}
