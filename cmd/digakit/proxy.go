package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"

	"github.com/spf13/cobra"

	"github.com/digakit/digakit/contract/proxy"
	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/mockserver/guard"
)

// proxyFlags are the flags of `digakit proxy`.
type proxyFlags struct {
	reportFlags
	spec       specFlag
	upstream   string
	addr       address
	enforce    bool
	allowHosts []string

	target *url.URL // upstream, taken apart
}

func proxyCommand() *cobra.Command {
	var f proxyFlags
	cmd := &cobra.Command{
		Use:   "proxy URL",
		Short: "Judge the traffic between clients and a real server",
		Long: `Stand between clients and a server of the Diga API, and judge what passes against
the API's document, or that of --spec. Point clients at the proxy in place of the
server.

By default it observes: requests and answers pass as they are and when they come.
With --enforce, a request that breaks the document is answered 422 and not passed
on, and an answer that breaks it becomes a 502; both say why.

Once ready it prints one line, 'listening on http://HOST:PORT': to stdout, or to
stderr when the report goes to stdout in another format than text. Each finding
is told on stderr when it first comes. SIGINT and SIGTERM let requests under way
finish; then the report is written: each distinct finding with how often it came
and the curl that repeats the first, and what of the document was exercised.

Exit codes: 0 no findings at or above --fail-on, 1 such findings, or nothing was
judged, 2 wrong usage, 3 the upstream never answered.`,
		Example: `  digakit proxy https://api.example.test
  digakit proxy --upstream https://api.example.test --spec openapi.yaml
  digakit proxy --upstream http://127.0.0.1:4010 --addr 127.0.0.1:0   # any free port; read it from the ready line
  digakit proxy --upstream http://127.0.0.1:8080 --enforce
  digakit proxy --upstream http://127.0.0.1:8080 --format json --output findings.json --fail-on error`,
		Args: asFlag(func(string) string { return "upstream" }),
		RunE: func(cmd *cobra.Command, _ []string) error { return f.serve(cmd) },
	}
	cmd.Flags().StringVar(&f.upstream, "upstream", "", "`URL` of the server, http or https; required, here or as argument")
	f.addr = "127.0.0.1:4011"
	cmd.Flags().Var(&f.addr, "addr", "`HOST:PORT` to listen on, or a port of 127.0.0.1; port 0 picks a free one")
	cmd.Flags().BoolVar(&f.enforce, "enforce", false, "refuse what breaks the document in place of only telling it")
	cmd.Flags().StringArrayVar(&f.allowHosts, "allow-host", nil, "`host` name to answer to besides loopback: NAME or *.NAME; may be repeated")
	f.spec.add(cmd)
	f.add(cmd)
	return cmd
}

// serve runs the proxy until the command's context ends, then reports.
func (f *proxyFlags) serve(cmd *cobra.Command) error {
	if err := f.begin(); err != nil {
		return err
	}
	log, err := newLogger("text", cmd.ErrOrStderr())
	if err != nil {
		return err
	}
	p, err := f.proxy(cmd, log)
	if err != nil {
		return err
	}
	handler, err := guard.CheckHost(string(f.addr), f.allowHosts, p)
	if err != nil {
		return &usageError{message: err.Error()}
	}
	l, err := listen(cmd.Context(), f.addr)
	if err != nil {
		return err
	}
	defer l.Close() // for the ways out before it is served
	if l.Addr().String() == f.target.Host {
		return &usageError{message: "--upstream is the proxy's own address: every request would go round for ever"}
	}
	ready := cmd.OutOrStdout()
	if f.output == "" && f.format != report.Text {
		ready = cmd.ErrOrStderr()
	}
	if _, err := fmt.Fprintf(ready, "listening on http://%s\n", openable(l)); err != nil {
		return err
	}
	finishes(cmd.Context())
	if err := serveUntil(cmd.Context(), l, handler, log); err != nil {
		return err
	}
	err = f.end(cmd, p.Report())
	if verdict, told := errors.AsType[*exitError](err); !p.Reached() && (err == nil || told) {
		message := fmt.Sprintf("the upstream %s never answered: is it there, and --upstream right?", f.target)
		if told && verdict != nil {
			message += " " + verdict.Error()
		}
		return &exitError{code: exitUnreachable, err: errors.New(message)}
	}
	return err
}

// proxy makes the handler, which tells each finding when it first comes.
func (f *proxyFlags) proxy(cmd *cobra.Command, log *slog.Logger) (*proxy.Proxy, error) {
	if f.upstream == "" {
		return nil, &usageError{message: "--upstream is missing: the URL of the server to stand in front of, such as https://api.example.test"}
	}
	var err error
	if f.target, err = url.Parse(f.upstream); err != nil { // which the error repeats, with any password in it
		return nil, &usageError{message: "--upstream is not a URL; give one such as https://api.example.test"}
	}
	_, v, err := f.spec.validator(cmd)
	if err != nil {
		return nil, err
	}
	opts := []proxy.Option{proxy.OnFinding(func(found report.Finding) {
		attributes := []any{"check", found.Check, "finding", found.Message}
		if found.Status != 0 {
			attributes = append([]any{"status", found.Status}, attributes...)
		}
		log.Log(context.Background(), levels[found.Severity], found.Method+" "+found.Path, attributes...)
	})}
	if f.enforce {
		opts = append(opts, proxy.Enforce())
	}
	p, err := proxy.New(f.target, v, opts...)
	if err != nil {
		return nil, usagef("--upstream: %v", err)
	}
	return p, nil
}

// levels are those of the log for findings.
var levels = map[report.Severity]slog.Level{
	report.Error: slog.LevelError, report.Warning: slog.LevelWarn, report.Info: slog.LevelInfo,
}
