package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/spf13/cobra"

	"github.com/digakit/digakit/cmd/digakit/internal/agent"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/mockserver"
	"github.com/digakit/digakit/mockserver/guard"
)

// mcpFlags are the flags of `digakit mcp`.
type mcpFlags struct {
	spec            specFlag
	addr            address
	url, key, token string
}

func mcpCommand() *cobra.Command {
	f := mcpFlags{addr: "127.0.0.1:0"}
	cmd := &cobra.Command{
		Use:   "mcp [DOCUMENT]",
		Short: "Let coding agents work with a mock, as tools of the Model Context Protocol",
		Long: `Offer a mock to a coding agent as tools of the Model Context Protocol (MCP), over
stdin and stdout: say what operations are for and what they take, call them, set
any state, projects, faults and clock, tell what was asked and what was wrong
with it, verify a server, compare documents.

With --url it is the mock that runs there. Without, it is one of its own, of
DOCUMENT or --spec, on a free port of loopback unless --addr says which; the
agent is told the address. It ends when the agent closes stdin.

'digakit skill' prints what an agent should know, with the settings for this.

Exit codes: 0 the agent is done, 2 wrong usage or unreadable input, 3 the mock
of --url does not answer.`,
		Example: `  digakit mcp                               # a mock of its own
  digakit mcp whole.json --addr 4010        # of the whole API, where a frontend looks for it
  digakit mcp --url http://127.0.0.1:4010   # the one that runs there
  claude mcp add digakit -- digakit mcp     # as Claude Code is told of it`,
		Args: asFlag(func(string) string { return "spec" }),
		RunE: func(cmd *cobra.Command, _ []string) error { return f.serve(cmd) },
	}
	f.spec.add(cmd)
	cmd.Flags().Var(&f.addr, "addr", "`HOST:PORT` of loopback for a mock of its own, or the port alone; port 0 picks a free one")
	cmd.Flags().StringVar(&f.url, "url", "", "`URL` of a mock that runs; one of its own when left out")
	cmd.Flags().StringVar(&f.key, "key", mockserver.UnrestrictedKey, "`secret` that operations are called with unless a call gives another, or @FILE")
	cmd.Flags().StringVar(&f.token, "token", "", "`token` that the control API at --url wants, or @FILE")
	return cmd
}

func (f *mcpFlags) serve(cmd *cobra.Command) (err error) {
	config := agent.Config{URL: f.url, Version: version(), Load: func(_ context.Context, source string) (*spec.Loaded, error) {
		return loadSpec(cmd, source, func(line string) { fmt.Fprintln(cmd.ErrOrStderr(), line) })
	}}
	if config.Key, err = readSecret(f.key); err != nil {
		return err
	}
	if config.Token, err = readSecret(f.token); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(cmd.Context())
	defer stop()
	if f.url == "" {
		end, err := f.own(ctx, cmd, &config)
		if err != nil {
			return err
		}
		defer func() { stop(); err = errors.Join(err, end()) }()
	}
	server, err := agent.New(ctx, config)
	if unreachable, ok := errors.AsType[*url.Error](err); ok && unreachable.Op != "parse" {
		return &exitError{code: exitUnreachable, err: err}
	}
	if err != nil {
		return err
	}
	err = server.Run(ctx, &mcp.IOTransport{Reader: io.NopCloser(cmd.InOrStdin()), Writer: unclosed{cmd.OutOrStdout()}})
	if cmd.Context().Err() != nil {
		return nil // it was asked to end
	}
	return err
}

// own starts a mock of the session's own, which end ends.
func (f *mcpFlags) own(ctx context.Context, cmd *cobra.Command, config *agent.Config) (end func() error, err error) {
	document, err := f.spec.document(cmd)
	if err != nil {
		return nil, err
	}
	if !guard.Loopback(string(f.addr)) {
		return nil, usagef("--addr %s is not loopback; `digakit mock` serves others, and --url takes its address", f.addr)
	}
	log, err := newLogger("text", cmd.ErrOrStderr())
	if err != nil {
		return nil, err
	}
	srv, err := mockserver.New(mockserver.WithDocument(document), mockserver.WithVersion(version()), mockserver.WithLogger(log), mockserver.WithGuard(guard.Config{Addr: string(f.addr)}))
	if err != nil {
		return nil, err
	}
	l, err := listen(ctx, f.addr)
	if err != nil {
		return nil, err
	}
	config.URL = "http://" + openable(l)
	fmt.Fprintln(cmd.ErrOrStderr(), "the mock listens on", config.URL)
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(ctx, l) }()
	return func() error { return <-ended }, nil
}

// unclosed is a writer that others do not close.
type unclosed struct{ io.Writer }

func (unclosed) Close() error { return nil }
