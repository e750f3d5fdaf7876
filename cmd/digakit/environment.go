package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// variableOf returns the environment variable that stands for a flag:
// DIGAKIT_ADDR for --addr. DIGAKIT_FORMAT and DIGAKIT_OUTPUT are those of reports;
// what other commands call so has the command's name in its variable.
func variableOf(cmd *cobra.Command, f *pflag.Flag) string {
	name := f.Name
	if (name == "format" || name == "output") && cmd.Flags().Lookup("fail-on") == nil {
		name = cmd.Name() + "-" + name
	}
	return "DIGAKIT_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

// hasVariable leaves out what nobody sets from the environment.
func hasVariable(f *pflag.Flag) bool { return f.Name != "help" && f.Name != "version" }

// nameVariables mentions each flag's variable in the help text of a command and
// of those below it.
func nameVariables(cmd *cobra.Command) {
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if hasVariable(f) {
			f.Usage += " [$" + variableOf(cmd, f) + "]"
		}
	})
	for _, c := range cmd.Commands() {
		nameVariables(c)
	}
}

// setFromEnvironment sets the flags that the command line leaves out from their
// variables. Cobra has nothing for this, and viper would bring a configuration
// system along.
func setFromEnvironment(cmd *cobra.Command, _ []string) error {
	var errs []error
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		value, set := os.LookupEnv(variableOf(cmd, f))
		if !set || f.Changed || !hasVariable(f) {
			return
		}
		if err := cmd.Flags().Set(f.Name, value); err != nil {
			errs = append(errs, fmt.Errorf("variable %s: %w", variableOf(cmd, f), flagError(cmd, err)))
		}
	})
	if err := errors.Join(errs...); err != nil {
		return &usageError{message: err.Error()}
	}
	return nil
}

// readSecret returns value, or what the file holds when value is @FILE. Space
// around it is left out.
func readSecret(value string) (string, error) {
	path, isFile := strings.CutPrefix(value, "@")
	if !isFile {
		return value, nil
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return "", usagef("cannot read the secret: %v", err)
	}
	return strings.TrimSpace(string(content)), nil
}
