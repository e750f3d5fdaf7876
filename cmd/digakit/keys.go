package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/digakit/digakit/client"
	"github.com/digakit/digakit/gen"
)

const (
	keyPageBytes = 4 << 20   // bounds one page: 1000 keys with every permission are below 2 MiB
	mostKeys     = 2_000_000 // ends --all on a server whose pages never end
)

type keysFlags struct {
	url, key, format string
	all, assumeUTC   bool
	timeout          time.Duration
}

func keysCommand() *cobra.Command {
	var f keysFlags
	cmd := &cobra.Command{
		Use:   "keys [URL]",
		Short: "List the API keys of a project",
		Long: `List the API keys of the project that the given key belongs to, newest first:
the first page, or with --all every key, written page by page as they come. What
was written before an error stays; a JSON array is then not closed.

The key can come from DIGAKIT_KEY or, as --key @FILE, from a file, so that it
need not stand in a process list.

Bounds: a page of more than 4 MiB is refused, and --all ends with an error after
2,000,000 keys, so memory stays small whatever the server sends.

Exit codes: 0 listed, 1 the server refused the key or answered with something that
is not the API's, 2 wrong usage, 3 the server never answered.`,
		Example: `  digakit keys http://127.0.0.1:4010 --key diga-mock-unrestricted-0001 --all
  DIGAKIT_KEY=@key.txt digakit keys --url http://127.0.0.1:4010 --format json`,
		Args: asFlag(func(string) string { return "url" }),
		RunE: func(cmd *cobra.Command, _ []string) error {
			show := map[string]func(io.Writer) keyWriter{"table": newKeyTable, "json": newKeyArray}[f.format]
			if show == nil {
				return usagef("--format is table or json, not %q", f.format)
			}
			if f.timeout <= 0 {
				return usagef("--timeout is a time such as 10s, not %v", f.timeout)
			}
			secret, err := readSecret(f.key)
			if err != nil {
				return err
			}
			if f.url == "" {
				return usagef("--url is needed: where the API is")
			}
			if secret == "" {
				return usagef("--key is needed: the secret of an API key, or @FILE")
			}
			opts := []client.Option{client.WithUserAgent("digakit-keys"), client.WithMaxBody(keyPageBytes), client.WithAttemptTimeout(f.timeout)}
			if f.assumeUTC {
				opts = append(opts, client.WithAssumedUTC())
			}
			api, err := client.New(f.url, secret, opts...)
			if err != nil {
				return &usageError{message: err.Error()}
			}
			return listKeys(cmd.Context(), api, f, show(cmd.OutOrStdout()))
		},
	}
	cmd.Flags().StringVar(&f.url, "url", "", "`URL` of the API")
	cmd.Flags().StringVar(&f.key, "key", "", "`secret` of an API key, or @FILE")
	cmd.Flags().BoolVar(&f.all, "all", false, "every key, not the first page alone")
	cmd.Flags().StringVar(&f.format, "format", "table", "`format` of the output: table or json")
	cmd.Flags().DurationVar(&f.timeout, "timeout", 10*time.Second, "`time` that one page may take, repeated requests included")
	cmd.Flags().BoolVar(&f.assumeUTC, "assume-utc", false, "take dates without time zone as UTC, not as an error")
	return cmd
}

// listKeys writes the keys page by page, each within the timeout.
func listKeys(ctx context.Context, api *client.Client, f keysFlags, w keyWriter) error {
	list := func(ctx context.Context, p *gen.ListAPIKeysParams, edit ...gen.RequestEditorFn) (*gen.ListAPIKeysResponse, error) {
		ctx, cancel := context.WithTimeoutCause(ctx, f.timeout, fmt.Errorf("no page within %s; --timeout allows more", f.timeout))
		defer cancel()
		return api.API().ListAPIKeysWithResponse(ctx, p, edit...)
	}
	var opts []client.ListOption
	if f.all {
		opts = append(opts, client.PageSize(1000))
	}
	listed := 0
	for page, err := range client.Pages(ctx, list, nil, opts...) {
		if err != nil {
			return &exitError{code: exitFindings, err: err}
		}
		if err := w.page(page.Data); err != nil {
			return err
		}
		if listed += len(page.Data); listed > mostKeys {
			return &exitError{code: exitFindings, err: fmt.Errorf("stopped after %d keys; the server's pages may never end", listed)}
		}
		if !f.all {
			break
		}
	}
	return w.end()
}

// keyWriter prints keys page by page in one of the formats.
type keyWriter struct {
	page func(keys []gen.APIKey) error
	end  func() error
}

// newKeyArray prints a JSON array.
func newKeyArray(w io.Writer) keyWriter {
	begin, end := "[\n  ", "[]\n"
	return keyWriter{
		page: func(keys []gen.APIKey) error {
			for _, key := range keys {
				text, err := json.MarshalIndent(key, "  ", "  ")
				if err != nil {
					return err
				}
				if _, err := fmt.Fprintf(w, "%s%s", begin, text); err != nil {
					return err
				}
				begin, end = ",\n  ", "\n]\n"
			}
			return nil
		},
		end: func() error {
			_, err := io.WriteString(w, end)
			return err
		},
	}
}

// newKeyTable prints lines, aligned page by page.
func newKeyTable(w io.Writer) keyWriter {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	header := "NAME\tID\tKEY\tCREATED\tACCESS\n"
	return keyWriter{end: t.Flush, page: func(keys []gen.APIKey) error {
		fmt.Fprint(t, header)
		header = ""
		for _, k := range keys {
			access := "unrestricted"
			if k.Restricted {
				permissions, _ := k.Permissions.Get() // null and absent are none
				access = fmt.Sprintf("restricted (%d)", len(permissions))
			}
			fmt.Fprintf(t, "%s\t%s\t…%s\t%s\t%s\n",
				printable(k.Name), k.ID, printable(k.LastFourDigits), k.CreatedDate.UTC().Format(time.RFC3339), access)
		}
		return t.Flush()
	}}
}

// printable keeps what a server sends from steering the terminal.
func printable(s string) string {
	if quoted := strconv.Quote(s); quoted != `"`+s+`"` {
		return quoted
	}
	return s
}
