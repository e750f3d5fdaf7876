// Command digakit mocks the Diga API and checks servers, clients and specs
// against it. Run `digakit --help`.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/digakit/digakit/client"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/suite"
	"github.com/digakit/digakit/mockserver/recording"
)

func main() {
	os.Exit(withSignals())
}

// Exit codes. Other repos script against them.
const (
	exitOK          = 0
	exitFindings    = 1 // what was looked at is not as it should be
	exitUsage       = 2 // wrong usage or unreadable input
	exitUnreachable = 3 // the target never answered
)

// run executes one command line. Machine output goes to stdout, everything else
// to stderr.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := rootCommand()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	addCompletion(root)
	cmd, err := root.ExecuteContextC(ctx)
	if err == nil {
		return exitOK
	}
	exit, ok := errors.AsType[*exitError](err)
	if ok && exit.told {
		return exit.code
	}
	fmt.Fprintf(stderr, "%s: %v\n", cmd.CommandPath(), err)
	if slices.ContainsFunc(unreachable, func(kind error) bool { return errors.Is(err, kind) }) {
		return exitUnreachable
	}
	if ok {
		return exit.code
	}
	u, ok := errors.AsType[*usageError](err)
	if ok && u.hint != "" {
		fmt.Fprintf(stderr, "Did you mean %s?\n", u.hint)
	}
	if ok || errors.Is(err, suite.ErrTarget) {
		fmt.Fprintf(stderr, "Run '%s --help' for usage.\n", cmd.CommandPath())
	}
	return exitUsage
}

// unreachable are the errors of a target, or of a source, that never answered.
var unreachable = []error{suite.ErrUnreachable, spec.ErrUnreachable, recording.ErrUnreachable, client.ErrTransport, context.DeadlineExceeded}

// exitError is an error with an exit code other than exitUsage.
type exitError struct {
	code int
	err  error
	told bool // whoever reads stderr has read it
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

// offerBuild lets the template of --version ask for the build: cobra keeps templates' functions
// for the whole process.
var offerBuild = sync.OnceFunc(func() { cobra.AddTemplateFunc("build", buildLines) })

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "digakit",
		Short: "Mock the Diga API, check servers and traffic against its OpenAPI document, and notice when it changes",
		Example: `  digakit mock                      # serve the mock on http://127.0.0.1:4010
  digakit mock --help               # all there is to set
  digakit keys --url http://127.0.0.1:4010 --key diga-mock-unrestricted-0001
  digakit spec import page.md       # make openapi.json of a saved docs page
  digakit help verify               # all there is to say of a command
  digakit completion bash --help    # how to switch on completion`,
		Args:              cobra.ArbitraryArgs, // so that an unknown command gets our error
		Version:           version(),
		SilenceErrors:     true, // run prints them
		SilenceUsage:      true,
		PersistentPreRunE: setFromSettings,
		RunE:              helpOrUnknown,
	}
	root.PersistentFlags().String("config", "", "YAML `file` with flags; digakit.yaml, looked for upwards, when left out [$DIGAKIT_CONFIG]")
	root.SetFlagErrorFunc(flagError)
	root.SetHelpFunc(showHelp)
	offerBuild()
	root.SetVersionTemplate("{{build}}")
	root.AddCommand(mockCommand(), verifyCommand(), calibrateCommand(), proxyCommand(), replayCommand(), driftCommand(), keysCommand(), mcpCommand(), skillCommand(), specCommand(), configCommand(), manCommand(), versionCommand())
	nameVariables(root)
	return root
}

// helpOrUnknown shows help, or names the command nearest to an unknown one.
func helpOrUnknown(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return cmd.Help()
	}
	u := &usageError{message: fmt.Sprintf("there is no command %q", args[0])}
	var names []string
	for _, c := range cmd.Commands() {
		names = append(names, c.Name())
	}
	if near := nearest(cmd.CommandPath()+" ", args[0], names); near != "" {
		u.hint = "'" + near + "'"
	}
	return u
}

// usageError is a mistake on the command line.
type usageError struct {
	message string
	hint    string // what was probably meant; may be empty
}

func (u *usageError) Error() string { return u.message }

// usageErrors tells several mistakes at once; nil when there are none.
func usageErrors(errs []error, hint string) error {
	if err := errors.Join(errs...); err != nil {
		return &usageError{message: err.Error(), hint: hint}
	}
	return nil
}

func usagef(format string, args ...any) error {
	return &usageError{message: fmt.Sprintf(format, args...)}
}

// flagError makes a usage error of pflag's, with the flag that an unknown one resembles.
func flagError(cmd *cobra.Command, err error) error {
	if invalid, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return &usageError{message: invalidValue(invalid)}
	}
	u := &usageError{message: err.Error()}
	unknown, ok := errors.AsType[*pflag.NotExistError](err)
	if !ok {
		return u
	}
	name := unknown.GetSpecifiedName()
	if addr := cmd.Flags().Lookup("addr"); addr != nil && (name == "port" || name == "p") {
		u.hint = "--addr PORT, or --addr HOST:PORT"
		return u
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	u.hint = nearest("--", name, names)
	return u
}

// invalidValue says in words of the command line what a flag takes.
func invalidValue(e *pflag.InvalidValueError) string {
	f := e.GetFlag()
	takes, known := map[string]string{
		"int": "takes a whole number", "float64": "takes a number", "bool": "takes true or false",
		"duration": "takes a time with its unit, such as 300ms, 10s or 2m",
	}[f.Value.Type()]
	if !known {
		takes = e.Unwrap().Error()
	}
	return fmt.Sprintf("--%s %s, not %q", f.Name, takes, e.GetValue())
}

// noArguments is cobra.NoArgs as a usage error.
func noArguments(_ *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef("unexpected argument %q: this command takes flags only", args[0])
	}
	return nil
}

// takes refuses other numbers of arguments, and says so with theirs.
func takes(least, most int, says string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) < least || len(args) > most {
			return usagef(says, len(args))
		}
		return nil
	}
}

// asFlag takes at most one argument, and sets the flag that flagOf names with it.
func asFlag(flagOf func(arg string) string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return nil
		}
		name := flagOf(args[0])
		switch {
		case len(args) > 1:
			return usagef("unexpected argument %q: this command takes one, and flags", args[1])
		case cmd.Flags().Changed(name):
			return usagef("argument %q stands for --%s, which is given too: leave one out", args[0], name)
		}
		return cmd.Flags().Set(name, args[0])
	}
}

// variableOf returns a flag's environment variable: DIGAKIT_ADDR for --addr. But --format
// and --output of commands without report have the command's name in it.
func variableOf(cmd *cobra.Command, f *pflag.Flag) string {
	name := f.Name
	if (name == "format" || name == "output") && cmd.Flags().Lookup("fail-on") == nil {
		name = cmd.Name() + "-" + name
	}
	return "DIGAKIT_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

// hasVariable leaves out what nobody sets from the environment.
func hasVariable(f *pflag.Flag) bool {
	return f.Name != "help" && f.Name != "version" && f.Name != "config"
}

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

// setFromSettings sets the flags that the command line leaves out.
func setFromSettings(cmd *cobra.Command, _ []string) error {
	settings := 0
	cmd.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
		if hasVariable(f) {
			settings++
		}
	})
	if settings == 0 || cmd.Name() == "config" {
		return nil // such as version, which no mistake in a file shall stop
	}
	c, err := openConfig(configOf(cmd))
	if err == nil {
		_, err = settle(cmd, c)
		err = errors.Join(err, c.err())
	}
	return err
}

// readSecrets is readSecret for several.
func readSecrets(values []string) (secrets []string, err error) {
	for _, value := range values {
		secret, failed := readSecret(value)
		secrets, err = append(secrets, secret), errors.Join(err, failed)
	}
	return secrets, err
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
