package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"slices"
	"sync"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
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
	ctx := cmd.Context()
	if f.url == "" {
		end, err := f.own(ctx, cmd, &config)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, end()) }()
	}
	server, err := agent.New(ctx, config)
	if unreachable, ok := errors.AsType[*url.Error](err); ok && unreachable.Op != "parse" {
		return &exitError{code: exitUnreachable, err: err}
	}
	if err != nil {
		return err
	}
	err = server.Run(ctx, answering{mcp.IOTransport{Reader: io.NopCloser(cmd.InOrStdin()), Writer: unclosed{cmd.OutOrStdout()}}})
	if ctx.Err() != nil {
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
	if config.URL, end, err = serveOwn(ctx, srv, f.addr); err == nil {
		fmt.Fprintln(cmd.ErrOrStderr(), "the mock listens on", config.URL)
	}
	return end, err
}

// unclosed is a writer that others do not close.
type unclosed struct{ io.Writer }

func (unclosed) Close() error { return nil }

// answering is a transport on which input ends only when all that was asked is answered: the
// server drops what it works on when input ends.
type answering struct{ mcp.IOTransport }

func (t answering) Connect(ctx context.Context) (mcp.Connection, error) {
	inner, err := t.IOTransport.Connect(ctx)
	return &answeringConnection{Connection: inner, stopped: ctx.Done(), asked: map[jsonrpc.ID]chan struct{}{}}, err
}

type answeringConnection struct {
	mcp.Connection
	stopped <-chan struct{}
	mu      sync.Mutex
	asked   map[jsonrpc.ID]chan struct{} // closed with the answer
}

func (c *answeringConnection) Read(ctx context.Context) (jsonrpc.Message, error) {
	message, err := c.Connection.Read(ctx)
	c.mu.Lock()
	if call, ok := message.(*jsonrpc.Request); ok && call.IsCall() && c.asked[call.ID] == nil {
		c.asked[call.ID] = make(chan struct{})
	}
	asked := slices.Collect(maps.Values(c.asked))
	c.mu.Unlock()
	if err != nil {
		for _, answered := range asked {
			select {
			case <-answered:
			case <-c.stopped:
			}
		}
	}
	return message, err
}

func (c *answeringConnection) Write(ctx context.Context, message jsonrpc.Message) error {
	err := c.Connection.Write(ctx, message)
	if answer, ok := message.(*jsonrpc.Response); ok {
		c.mu.Lock()
		defer c.mu.Unlock()
		if answered, open := c.asked[answer.ID]; open {
			close(answered)
			delete(c.asked, answer.ID)
		}
	}
	return err
}
