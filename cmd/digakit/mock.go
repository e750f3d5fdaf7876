package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/digakit/digakit/mockserver"
	"github.com/digakit/digakit/mockserver/project"
)

func mockCommand() *cobra.Command {
	var addr string
	var keys int
	cmd := &cobra.Command{
		Use:   "mock",
		Short: "Serve the mock of the Diga API",
		Long: `Serve the mock of the Diga API: a project "demo" with keys that are the same on
every start, three of them with known secrets.

Once ready it prints one line to stdout, 'listening on http://HOST:PORT', and a
request to try to stderr. SIGINT and SIGTERM let requests under way finish.`,
		Example: `  digakit mock
  digakit mock --addr 127.0.0.1:0     # any free port; read it from the ready line
  digakit mock --keys 100000          # a large project
  DIGAKIT_ADDR=127.0.0.1:8080 digakit mock`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			srv, err := mockserver.New(mockserver.WithKeys(keys))
			if err != nil {
				return err
			}
			l, err := listen(cmd.Context(), addr)
			if err != nil {
				return err
			}
			url := "http://" + l.Addr().String()
			if _, err := fmt.Fprintln(cmd.OutOrStdout(), "listening on", url); err != nil {
				return errors.Join(err, l.Close())
			}
			welcome(cmd.ErrOrStderr(), url, keys)
			return srv.Serve(cmd.Context(), l)
		},
	}
	cmd.Flags().StringVar(&addr, "addr", "127.0.0.1:4010", "`HOST:PORT` to listen on; port 0 picks a free one")
	cmd.Flags().IntVar(&keys, "keys", project.DemoKeys, "`number` of keys in the demo project, 0 to 1000000")
	return cmd
}

func listen(ctx context.Context, addr string) (net.Listener, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("address %s is taken: stop what listens there, or choose another with --addr (port 0 picks a free one)", addr)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %q: %w; --addr takes HOST:PORT, such as 127.0.0.1:4010", addr, err)
	}
	return l, nil
}

// welcome shows the keys that work and a request to try.
func welcome(w io.Writer, url string, keys int) {
	if keys == 0 {
		fmt.Fprint(w, "The demo project is empty, so no key works: every request is refused.\n")
		return
	}
	fmt.Fprintf(w, "Keys of project demo:\n")
	known := []struct{ secret, can string }{
		{mockserver.UnrestrictedKey, "unrestricted"},
		{mockserver.ReadOnlyKey, "restricted to api_keys.view"},
		{mockserver.NoAccessKey, "restricted to calls.view: gets a 403 here"},
	}
	for _, k := range known[:min(keys, len(known))] {
		fmt.Fprintf(w, "  %-28s %s\n", k.secret, k.can)
	}
	fmt.Fprintf(w, "Try:\n  curl -H 'Authorization: Bearer %s' '%s/v1/api_key/?limit=2'\n", mockserver.UnrestrictedKey, url)
}
