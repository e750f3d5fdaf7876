package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/digakit/digakit/client"
	"github.com/digakit/digakit/gen"
)

func keysCommand() *cobra.Command {
	var url, key, format string
	var all bool
	cmd := &cobra.Command{
		Use:   "keys",
		Short: "List the API keys of a project",
		Long: `List the API keys of the project that the given key belongs to, newest first:
the first page, or with --all every key.

The key can come from DIGAKIT_KEY or, as --key @FILE, from a file, so that it
need not stand in a process list.

Exit codes: 0 listed, 1 the server answered with something that is not the API's,
2 wrong usage, 3 the server cannot be reached or refuses the key.`,
		Example: `  digakit keys --url http://127.0.0.1:4010 --key diga-mock-unrestricted-0001 --all
  DIGAKIT_KEY=@key.txt digakit keys --url http://127.0.0.1:4010 --format json`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			show, err := keyWriter(format, cmd.OutOrStdout())
			if err != nil {
				return err
			}
			secret, err := readSecret(key)
			if err != nil {
				return err
			}
			if url == "" || secret == "" {
				return &usageError{message: "--url and --key are needed"}
			}
			api, err := client.New(url, secret, client.WithUserAgent("digakit-keys"))
			if err != nil {
				return &usageError{message: err.Error()}
			}
			keys, err := listKeys(cmd, api, all)
			if err != nil {
				return listingFailed(err)
			}
			return show(keys)
		},
	}
	cmd.Flags().StringVar(&url, "url", "", "`URL` of the API")
	cmd.Flags().StringVar(&key, "key", "", "`secret` of an API key, or @FILE")
	cmd.Flags().BoolVar(&all, "all", false, "every key, not the first page alone")
	cmd.Flags().StringVar(&format, "format", "table", "`format` of the output: table or json")
	return cmd
}

func listKeys(cmd *cobra.Command, api *client.Client, all bool) ([]gen.APIKey, error) {
	if !all {
		page, err := api.ListAPIKeys(cmd.Context(), nil)
		if err != nil {
			return nil, err
		}
		return page.Data, nil
	}
	keys := []gen.APIKey{}
	for k, err := range api.APIKeys(cmd.Context(), client.PageSize(1000)) {
		if err != nil {
			return nil, err
		}
		keys = append(keys, k)
	}
	return keys, nil
}

// listingFailed gives an error of the client its exit code.
func listingFailed(err error) error {
	for _, unreachable := range []error{client.ErrTransport, client.ErrForbidden, client.ErrUnauthorized} {
		if errors.Is(err, unreachable) {
			return &exitError{code: exitUnreachable, err: err}
		}
	}
	return &exitError{code: exitFindings, err: err}
}

// keyWriter returns what prints keys in the given format.
func keyWriter(format string, w io.Writer) (func([]gen.APIKey) error, error) {
	switch format {
	case "table":
		return func(keys []gen.APIKey) error { return writeTable(w, keys) }, nil
	case "json":
		return func(keys []gen.APIKey) error {
			e := json.NewEncoder(w)
			e.SetIndent("", "  ")
			return e.Encode(keys)
		}, nil
	}
	return nil, &usageError{message: fmt.Sprintf("--format is table or json, not %q", format)}
}

func writeTable(w io.Writer, keys []gen.APIKey) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "NAME\tID\tKEY\tCREATED\tACCESS")
	for _, k := range keys {
		access := "unrestricted"
		if k.Restricted {
			n := 0
			if permissions, err := k.Permissions.Get(); err == nil {
				n = len(permissions)
			}
			access = fmt.Sprintf("restricted (%d)", n)
		}
		fmt.Fprintf(t, "%s\t%s\t…%s\t%s\t%s\n",
			printable(k.Name), k.ID, printable(k.LastFourDigits), k.CreatedDate.UTC().Format(time.RFC3339), access)
	}
	return t.Flush()
}

// printable keeps what a server sends from steering the terminal.
func printable(s string) string {
	quoted := strconv.Quote(s)
	if quoted == `"`+s+`"` {
		return s
	}
	return quoted
}
