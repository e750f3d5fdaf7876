package main

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/digakit/digakit/contract/spec"
)

const configName = "digakit.yaml"

// config is a digakit.yaml. Its lines are flags: for every command that has them, or
// below a command's name for that one.
type config struct {
	path string // empty: there is none
	*spec.Settings
	shared map[string]spec.Setting            // by the name of their variable
	own    map[string]map[string]spec.Setting // by command and flag
}

// openConfig reads the file that is given, else the one that is found upwards.
func openConfig(given string) (*config, error) {
	c := &config{path: given, Settings: &spec.Settings{}, shared: map[string]spec.Setting{}, own: map[string]map[string]spec.Setting{}}
	if given == "" {
		if c.path = findUpwards(configName); c.path == "" {
			return c, nil
		}
	}
	text, err := readFlagged("config", c.path)
	if err != nil {
		return nil, err
	}
	c.Settings = spec.ReadSettings(c.path, text, "write `flag: value` lines, and those for one command below its name")
	shared, own := configurable(rootCommand(), nil, map[string][]string{})
	for _, line := range c.All() {
		if !line.Mapping() {
			c.take(c.shared, line, shared)
			continue
		}
		flags, known := own[line.Key]
		if !known {
			c.unknown(line, "command", slices.Sorted(maps.Keys(own)))
			continue
		}
		c.own[line.Key] = map[string]spec.Setting{}
		for _, below := range line.Below() {
			c.take(c.own[line.Key], below, flags)
		}
	}
	return c, c.err()
}

func (c *config) err() error {
	if err := c.Err("the settings cannot be read"); err != nil {
		return &usageError{message: err.Error()}
	}
	return nil
}

// take keeps a line whose name is known.
func (c *config) take(lines map[string]spec.Setting, line spec.Setting, known []string) {
	if !slices.Contains(known, line.Key) {
		c.unknown(line, "flag", known)
		return
	}
	lines[line.Key] = line
}

func (c *config) unknown(line spec.Setting, what string, names []string) {
	remedy := "`digakit config --help` tells what can be set"
	if near := nearest("", line.Key, names); near != "" {
		remedy = "did you mean " + near + "?"
	}
	c.Mistake(line, fmt.Sprintf("there is no %s %q to set", what, line.Key), remedy)
}

// configurable returns the lines that a file may have: the flags of all commands by the
// name of their variables, and those of each command by their own.
func configurable(cmd *cobra.Command, shared []string, own map[string][]string) ([]string, map[string][]string) {
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if hasVariable(f) {
			shared = append(shared, sharedName(cmd, f))
			own[commandName(cmd)] = append(own[commandName(cmd)], f.Name)
		}
	})
	for _, c := range cmd.Commands() {
		shared, own = configurable(c, shared, own)
	}
	return shared, own
}

// commandName is a command's path below the root: "spec import".
func commandName(cmd *cobra.Command) string {
	_, name, _ := strings.Cut(cmd.CommandPath(), " ")
	return name
}

// sharedName is the name of a flag's variable as a line writes it: addr for DIGAKIT_ADDR.
func sharedName(cmd *cobra.Command, f *pflag.Flag) string {
	return strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(variableOf(cmd, f), "DIGAKIT_"), "_", "-"))
}

// set gives a flag what the file says of it, and returns the place; empty when it says
// nothing. What is wrong is a mistake of the file.
func (c *config) set(cmd *cobra.Command, f *pflag.Flag) (place string) {
	line, ok := c.own[commandName(cmd)][f.Name]
	if !ok {
		if line, ok = c.shared[sharedName(cmd, f)]; !ok {
			return ""
		}
	}
	entries := []spec.Setting{line}
	if _, isList := f.Value.(pflag.SliceValue); isList && len(line.Below()) > 0 {
		entries = line.Below()
	}
	for _, entry := range entries {
		text, ok := entry.Text()
		if !ok {
			c.Mistake(line, line.Key+" has no value that a flag can have", "write text, a number, true or false; and a list only for a flag that may be repeated")
		} else if err := cmd.Flags().Set(f.Name, c.relative(f, text)); err != nil {
			c.Mistake(line, flagError(cmd, err).Error(), "")
		}
	}
	return line.Position.String()
}

// relative has a file that a line names begin where the settings are, not where the
// command is run. What kind of value a flag takes is in its usage.
func (c *config) relative(f *pflag.Flag, value string) string {
	beside := func(path string) string {
		if path == "-" || filepath.IsAbs(path) {
			return path
		}
		return filepath.Join(filepath.Dir(c.path), path)
	}
	switch kind, _ := pflag.UnquoteUsage(f); kind {
	case "file", "directory":
		return beside(value)
	case "document": // or an address, or REV:path
		if _, err := os.Stat(beside(value)); err == nil {
			return beside(value)
		}
	case "secret", "token", "credential":
		if path, isFile := strings.CutPrefix(value, "@"); isFile {
			return "@" + beside(path)
		}
	}
	return value
}

// findUpwards returns the path of a file in the working directory or the nearest one
// above it; empty when there is none up to the top of the git repository.
func findUpwards(name string) string {
	at, err := os.Getwd()
	if err != nil {
		return "" // removed meanwhile: nothing is in it
	}
	for way := ""; ; way = filepath.Join(way, "..") {
		if info, err := os.Stat(filepath.Join(way, name)); err == nil && !info.IsDir() {
			return filepath.Join(way, name)
		}
		if _, err := os.Stat(filepath.Join(way, ".git")); err == nil || filepath.Dir(at) == at {
			return ""
		}
		at = filepath.Dir(at)
	}
}

// inForce is a flag's value and where it comes from.
type inForce struct {
	Command string `json:"command"`
	Flag    string `json:"flag"`
	Value   string `json:"value"`
	Source  string `json:"source"` // a variable, FILE:LINE:COLUMN, or default
}

// settle sets the flags that the command line leaves out: from their variables, else
// from the file. It returns all that are not given on the command line. The mistakes of
// the file are those of c, when all commands are settled; the error is that of variables.
func settle(cmd *cobra.Command, c *config) ([]inForce, error) {
	var list []inForce
	var errs []error
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Changed || !hasVariable(f) {
			return
		}
		var source string
		if value, ok := os.LookupEnv(variableOf(cmd, f)); ok {
			source = variableOf(cmd, f)
			if err := cmd.Flags().Set(f.Name, value); err != nil {
				errs = append(errs, fmt.Errorf("variable %s: %w", source, flagError(cmd, err)))
			}
		} else {
			source = c.set(cmd, f)
		}
		list = append(list, inForce{commandName(cmd), f.Name, shownValue(f), cmp.Or(source, "default")})
	})
	return list, usageErrors(errs, "")
}

// shownValue is a flag's value; of a secret the last four characters.
func shownValue(f *pflag.Flag) string {
	list, isList := f.Value.(pflag.SliceValue)
	if !isList {
		return shownSecret(f, f.Value.String())
	}
	var shown []string
	for _, value := range list.GetSlice() {
		shown = append(shown, shownSecret(f, value))
	}
	return strings.Join(shown, ", ")
}

func shownSecret(f *pflag.Flag, value string) string {
	hide := func(secret string) string {
		if len(secret) < 12 { // four of them would be much of it
			return "…"
		}
		return "…" + secret[len(secret)-4:]
	}
	switch kind, _ := pflag.UnquoteUsage(f); {
	case kind == "'Name: value'":
		name, secret, _ := strings.Cut(value, ":")
		return name + ": " + hide(strings.TrimSpace(secret))
	case kind == "URL":
		if u, err := url.Parse(value); err == nil {
			return u.Redacted()
		}
	case (kind == "secret" || kind == "token" || kind == "credential") && value != "" && value[0] != '@':
		return hide(value)
	}
	return value
}

func configCommand() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "config [COMMAND]",
		Short: "Print what variables and " + configName + " set, and of one command all flags",
		Long: `Print the flags that variables and ` + configName + ` set, with the place each value
comes from; of one COMMAND all of them, with the defaults. Of a secret only the last
four characters are shown.

` + configName + ` is looked for in the working directory and above it, up to the top of the
git repository; --config names another. A line is a flag without its dashes, for every
command that has it, or below a command's name for that one:

  spec: whole.json
  mock:
    items: 100
    allow-origin: [http://localhost:3000]
  verify:
    key: "@key.txt"
  spec import:
    cache: .cache

Flag beats variable, variable beats file, and a command's own line beats one for all.
Files are looked for beside ` + configName + `. A line that no command has is a mistake.

Exit codes: 0, 2 wrong usage or a mistake in the file.`,
		Example: `  digakit config                            # what is set, and where
  digakit config verify                     # every flag of verify
  digakit config --config ci/digakit.yaml --format json`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if format != "text" && format != "json" {
				return usagef("--format is text or json, not %q", format)
			}
			root := rootCommand()
			of := root
			if len(args) > 0 {
				found, rest, err := root.Find(args)
				if err != nil || found == root || len(rest) > 0 {
					return helpOrUnknown(root, args)
				}
				of = found
			}
			c, err := openConfig(configOf(cmd))
			if err != nil {
				return err
			}
			list, err := allInForce(of, c, nil, len(args) > 0)
			if err = errors.Join(err, c.err()); err != nil {
				return err
			}
			if format == "json" {
				return writeJSON(cmd.OutOrStdout(), map[string]any{"file": c.path, "flags": append([]inForce{}, list...)})
			}
			w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
			fmt.Fprintln(w, "COMMAND\tFLAG\tVALUE\tFROM")
			for _, one := range list {
				fmt.Fprintf(w, "%s\t--%s\t%s\t%s\n", one.Command, one.Flag, one.Value, one.Source)
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "settings: %s\n", cmp.Or(c.path, "no "+configName+" from here upwards"))
			return w.Flush()
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "`format` of the output: text or json")
	oneOf(cmd, "format", "text", "json")
	return cmd
}

// allInForce settles a command and those below it, and returns what is set; with
// defaults, too.
func allInForce(cmd *cobra.Command, c *config, list []inForce, defaults bool) ([]inForce, error) {
	settled, err := settle(cmd, c)
	for _, one := range settled {
		if defaults || one.Source != "default" {
			list = append(list, one)
		}
	}
	for _, below := range cmd.Commands() {
		var failed error
		list, failed = allInForce(below, c, list, defaults)
		err = cmp.Or(err, failed)
	}
	return list, err
}

// configOf is the file that --config or its variable gives; empty: none.
func configOf(cmd *cobra.Command) string {
	return cmp.Or(cmd.Flags().Lookup("config").Value.String(), os.Getenv("DIGAKIT_CONFIG"))
}
