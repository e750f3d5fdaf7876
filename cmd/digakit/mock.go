package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/digakit/digakit/mockserver"
	"github.com/digakit/digakit/mockserver/diga"
	"github.com/digakit/digakit/mockserver/guard"
)

// mockFlags are the flags of `digakit mock`.
type mockFlags struct {
	spec        specFlag
	addr        address
	keys, items int
	latency     time.Duration

	seed, plan, override, prefix, profile, state, record, log, token, certFile, keyFile string

	selfSigned, health       bool
	allowHosts, allowOrigins []string
	credentials              []string
}

func mockCommand() *cobra.Command {
	var f mockFlags
	cmd := &cobra.Command{
		Use:   "mock [DOCUMENT]",
		Short: "Serve the mock of the Diga API",
		Long: `Serve the mock of the Diga API: a project "demo" with keys that are the same on
every start, some of them with known secrets; or the projects of a seed file.

With a DOCUMENT, or --spec, it serves that OpenAPI document: requests are routed
and judged by it, and answered from state as 'digakit spec plan' tells: what is
created is listed, read, changed, and gone when deleted.

Once ready it prints one line to stdout, 'listening on http://HOST:PORT', and a
request to try to stderr, where each request is then logged. SIGINT, SIGTERM,
SIGQUIT and a closed terminal let requests under way finish, for up to 5 seconds.

Under /_mock/ is the control API: projects of your own, keys, faults, what was
asked, the clock; GET /_mock/control.json describes it. Bound beyond loopback it
wants a token.`,
		Example: `  digakit mock
  digakit mock --addr 127.0.0.1:0     # any free port; read it from the ready line
  digakit mock openapi.yaml           # another document; also as --spec
  digakit mock --keys 100000          # a large project
  digakit mock --seed seed.yaml       # your own projects; an edit shows at once
  digakit mock --state world.json     # what changes survives a restart
  digakit mock --record run.ndjson    # what is asked and answered, for digakit replay
  digakit mock --override fixed.yaml  # what single operations answer; an edit shows
  digakit mock --prefix /api          # for a frontend that calls /api/v1/…
  digakit mock --latency 300ms --log json
  digakit mock --addr 0.0.0.0:4010 --allow-host mock --token @token.txt
  digakit mock --health               # is the one that runs well? for health checks
  DIGAKIT_ADDR=127.0.0.1:8080 digakit mock`,
		Args: asFlag(func(string) string { return "spec" }),
		RunE: func(cmd *cobra.Command, _ []string) error { return f.serve(cmd) },
	}
	f.spec.add(cmd)
	f.addr = "127.0.0.1:4010"
	cmd.Flags().Var(&f.addr, "addr", "`HOST:PORT` to listen on, or a port of 127.0.0.1; port 0 picks a free one")
	cmd.Flags().IntVar(&f.keys, "keys", diga.DemoKeys, "`number` of keys in the demo project, 0 to 1000000")
	cmd.Flags().IntVar(&f.items, "items", mockserver.DefaultItems, "`number` of items that each other collection begins with, 0 to 100000")
	cmd.Flags().StringVar(&f.plan, "plan", "", "YAML `file` that says what operations are for where that cannot be inferred")
	cmd.Flags().StringVar(&f.override, "override", "", "YAML `file` with what operations answer in place of what they would; followed")
	cmd.Flags().StringVar(&f.seed, "seed", "", "YAML `file` with the projects, members, keys and faults to start with; followed")
	cmd.Flags().StringVar(&f.prefix, "prefix", "", "`path` that the API is served and redirected below, such as /api")
	cmd.Flags().StringArrayVar(&f.credentials, "key", nil, "`credential` to accept, or @FILE: a token, an API key or USER:PASSWORD; may be repeated")
	cmd.Flags().StringVar(&f.profile, "profile", "", "YAML `file` with 'id: alternative' lines where Diga's documents leave behaviour open")
	cmd.Flags().StringVar(&f.state, "state", "", "JSON `file` that keeps what changes over a restart")
	cmd.Flags().StringVar(&f.record, "record", "", "`file` to write what is asked and answered to, keys included, for digakit replay")
	cmd.Flags().DurationVar(&f.latency, "latency", 0, "`time` that every answer waits, such as 300ms")
	cmd.Flags().StringVar(&f.log, "log", "text", "`format` of the log on stderr: text or json")
	cmd.Flags().BoolVar(&f.selfSigned, "tls", false, "serve https with a certificate made at the start")
	cmd.Flags().StringVar(&f.certFile, "tls-cert", "", "serve https with the certificate in this PEM `file`")
	cmd.Flags().StringVar(&f.keyFile, "tls-key", "", "PEM `file` with the key of --tls-cert")
	cmd.Flags().StringArrayVar(&f.allowHosts, "allow-host", nil, "`host` name to answer to besides loopback: NAME or *.NAME; may be repeated")
	cmd.Flags().StringArrayVar(&f.allowOrigins, "allow-origin", nil, "`origin` whose pages may use the control API, such as http://localhost:3000; may be repeated")
	cmd.Flags().StringVar(&f.token, "token", "", "`token` that the control API wants, or @FILE; made up when bound beyond loopback")
	cmd.Flags().BoolVar(&f.health, "health", false, "ask the mock that listens on --addr whether it is well, and end")
	cmd.MarkFlagsMutuallyExclusive("keys", "seed")
	return cmd
}

// serve runs the mock until the command's context ends.
func (f *mockFlags) serve(cmd *cobra.Command) error {
	if f.health {
		return checkHealth(cmd.Context(), string(f.addr), f.selfSigned || f.certFile != "")
	}
	log, err := newLogger(f.log, cmd.ErrOrStderr())
	if err != nil {
		return err
	}
	profile, _, err := readProfile(f.profile)
	if err != nil {
		return err
	}
	document, err := f.spec.document(cmd)
	if err != nil {
		return err
	}
	plans, err := readOverrides(f.plan)
	if err != nil {
		return err
	}
	answers, overrides, err := openOverrides(f.override)
	if err != nil {
		return err
	}
	world, opts, err := openWorld(f.seed, f.state, document)
	if err != nil {
		return err
	}
	trust, err := f.guard(string(f.addr))
	if err != nil {
		return err
	}
	credentials, err := readSecrets(f.credentials)
	if err != nil {
		return err
	}
	if f.record != "" {
		file, err := os.OpenFile(f.record, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) // it holds keys
		if err != nil {
			return unreadable("record", err)
		}
		defer file.Close()
		opts = append(opts, mockserver.WithRecording(file))
	}
	srv, err := mockserver.New(append(opts, mockserver.WithDocument(document),
		mockserver.WithKeys(f.keys), mockserver.WithItems(f.items), mockserver.WithPlan(plans...), mockserver.WithOverrides(overrides...), mockserver.WithProfile(profile), mockserver.WithPrefix(f.prefix), mockserver.WithCredentials(credentials...), mockserver.WithLatency(f.latency),
		mockserver.WithGuard(trust), mockserver.WithVersion(version()), mockserver.WithLogger(log), mockserver.WithAccessLog(log))...)
	if err != nil {
		return err
	}
	secure, err := serverTLS(f.selfSigned, f.certFile, f.keyFile, string(f.addr))
	if err != nil {
		return err
	}
	// Only now: a mistake in a flag is told whether or not the port is free.
	ctx, stop := context.WithCancel(cmd.Context())
	defer stop()
	l, err := listen(ctx, f.addr)
	if err != nil {
		return err
	}
	defer l.Close() // for the ways out before Serve
	if trust.Token == "" && !guard.Loopback(l.Addr().String()) {
		return fmt.Errorf("--addr %s is not loopback here, but %s: the control API needs a --token", f.addr, l.Addr())
	}
	url := "http://" + openable(l)
	if secure != nil {
		url, l = "https://"+openable(l), tls.NewListener(l, secure)
		if f.selfSigned {
			showCertificate(cmd.ErrOrStderr(), secure)
		}
	}
	if err := world.follow(ctx, srv, log); err != nil {
		return err
	}
	answers.follow(ctx, srv, log)
	if _, err := fmt.Fprintln(cmd.OutOrStdout(), "listening on", url); err != nil {
		return err
	}
	f.welcome(cmd.ErrOrStderr(), url+strings.TrimSuffix(f.prefix, "/"), srv)
	if trust.Token != "" && f.token == "" {
		fmt.Fprintf(cmd.ErrOrStderr(), "Token of the control API, shown this once:\n  %s\n", trust.Token)
	}
	if f.override == "" { // who has overrides knows what they are for
		go srv.Impossible(func(operation string, why error) {
			log.Warn("no answer can be made up: it is a 500; give it one with --override FILE", "operation", operation, "error", why, "line", operation+": {status: 204}")
		})
	}
	finishes(ctx)
	err = srv.Serve(ctx, l)
	stop() // also when serving failed by itself
	return errors.Join(err, world.close())
}

// guard says whom to trust. Bound beyond loopback there is always a token.
func (f *mockFlags) guard(bound string) (guard.Config, error) {
	token, err := readSecret(f.token)
	if err != nil {
		return guard.Config{}, err
	}
	if token == "" && !guard.Loopback(bound) {
		token = guard.NewToken()
	}
	return guard.Config{Addr: bound, AllowHosts: f.allowHosts, AllowOrigins: f.allowOrigins, Token: token}, nil
}

// welcome shows what is served, the well-known keys that work and a request to try.
func (f *mockFlags) welcome(w io.Writer, url string, srv *mockserver.Server) {
	fmt.Fprintf(w, "Served: %s.\n", srv.Served())
	if !srv.Keyed() {
		accepted, key := "Any credential will do, which verify finds as ignored_auth; --key KEY takes that one alone", "any"
		if len(f.credentials) > 0 {
			accepted, key = "A credential of --key will do", "YOUR-KEY"
		}
		if try := srv.Try(url, key); try != "" {
			fmt.Fprintf(w, "%s. Try:\n  %s\n", accepted, try)
		}
		return
	}
	try := ""
	for _, known := range srv.KnownKeys() {
		if try == "" {
			try = known.Secret
			fmt.Fprintf(w, "Keys of project %s:\n", known.Project)
		}
		fmt.Fprintf(w, "  %-28s %s\n", known.Secret, known.Can)
	}
	if try == "" {
		fmt.Fprintln(w, "None of the well-known keys is there; use the secrets of your seed file.")
		try = "YOUR-KEY"
	}
	fmt.Fprintf(w, "Try:\n  curl -H 'Authorization: Bearer %s' '%s/v1/api_key/?limit=2'\n", try, url)
}
