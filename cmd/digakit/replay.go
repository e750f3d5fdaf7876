package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/spf13/cobra"

	"github.com/digakit/digakit/mockserver"
	"github.com/digakit/digakit/mockserver/recording"
)

// replayFlags are the flags of `digakit replay`.
type replayFlags struct {
	reportFlags
	spec                       specFlag
	url, token, plan, override string
	credentials                []string
}

func replayCommand() *cobra.Command {
	var f replayFlags
	cmd := &cobra.Command{
		Use:   "replay FILE",
		Short: "Ask a recorded run of the mock again, and show the first answer that differs",
		Long: `Ask a run again that 'digakit mock --record FILE' or a Go test's Record has kept:
a mock of its own is put into the state that the run began with, and each request
is sent in order, with the clock as it was. Status, headers and JSON body of each
answer are compared with what was recorded, up to the first that differs; it is
shown with the curl that asks for it. Bodies over 1 MiB are not compared.

With --url, a mock that runs is asked: its projects of the same ids are put into
that state and keep what the run leaves, clocks stand still. If the run creates
keys or projects, their secrets are others there, unless it runs with --record.

What the mock was started with besides its document (--plan, --override, --key) is
not in the file; give it again. The file holds the keys that were sent.

Exit codes: 0 all answers are the same, 1 one differs, or the run is empty, 2 wrong
usage or unreadable file, 3 the mock of --url never answered.`,
		Example: `  digakit mock --record run.ndjson     # until you stop it
  digakit replay run.ndjson
  digakit replay run.ndjson --spec new.json --format json
  digakit replay run.ndjson --url http://127.0.0.1:4010`,
		Args: takes(1, 1, "replay takes one argument, the file of a run, not %d"),
		RunE: func(cmd *cobra.Command, args []string) error { return f.replay(cmd, args[0]) },
	}
	cmd.Flags().StringVar(&f.url, "url", "", "`URL` of a mock that runs, without the path of --prefix; a fresh one when left out")
	cmd.Flags().StringVar(&f.token, "token", "", "`token` that the control API of --url wants, or @FILE")
	cmd.Flags().StringVar(&f.plan, "plan", "", "YAML `file` that the mock was started with")
	cmd.Flags().StringVar(&f.override, "override", "", "YAML `file` that the mock was started with")
	cmd.Flags().StringArrayVar(&f.credentials, "key", nil, "`credential` that the mock was started with, or @FILE; may be repeated")
	f.spec.add(cmd)
	f.add(cmd)
	return cmd
}

func (f *replayFlags) replay(cmd *cobra.Command, path string) error {
	if err := f.begin(); err != nil {
		return err
	}
	run, err := recording.Open(path)
	if err != nil {
		return err
	}
	document, validator, err := f.spec.validator(cmd)
	if err != nil {
		return err
	}
	target, err := f.target(cmd.ErrOrStderr(), run, mockserver.WithDocument(document))
	if err != nil {
		return err
	}
	r, err := run.Report(cmd.Context(), target, validator)
	if err != nil {
		return err
	}
	r.Target = path
	return f.end(cmd, r)
}

// target is the mock of --url, or a fresh one.
func (f *replayFlags) target(stderr io.Writer, run *recording.Run, document mockserver.Option) (t recording.Target, err error) {
	if f.url != "" {
		if u, err := url.Parse(f.url); err != nil || u.Host == "" {
			return t, usagef("--url is not a URL; give one such as http://127.0.0.1:4010")
		}
		t = recording.Target{URL: f.url, Transport: http.DefaultTransport, Freeze: true}
		t.Token, err = readSecret(f.token)
		return t, err
	}
	plans, err := readOverrides(f.plan)
	if err != nil {
		return t, err
	}
	_, overrides, err := openOverrides(f.override)
	if err != nil {
		return t, err
	}
	credentials, err := readSecrets(f.credentials)
	if err != nil {
		return t, err
	}
	srv, err := mockserver.New(mockserver.WithRun(run), document, mockserver.WithPlan(plans...), mockserver.WithOverrides(overrides...), mockserver.WithCredentials(credentials...))
	if err != nil {
		return t, err
	}
	if srv.Served() != run.Document {
		fmt.Fprintf(stderr, "digakit: the run was made with %q, and this mock serves %q: give its document with --spec\n", run.Document, srv.Served())
	}
	return recording.Target{URL: "http://127.0.0.1:4010", Transport: srv.Transport()}, nil
}
