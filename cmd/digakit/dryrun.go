package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/suite"
	"github.com/digakit/digakit/mockserver"
)

// wouldSend prints what verify would send. Answers decide what is asked next: they are
// those of a mock, so that ids are not those of the server.
func (f *verifyFlags) wouldSend(cmd *cobra.Command, document *spec.Document, validator *contract.Validator) error {
	profile, assume, err := readProfile(f.profile)
	if err != nil {
		return err
	}
	target, err := url.Parse(cmp.Or(f.url, "http://localhost"))
	if err != nil {
		return usagef("--url: %v", err)
	}
	options := []mockserver.Option{mockserver.WithDocument(document), mockserver.WithKeys(ownKeys), mockserver.WithProfile(profile), mockserver.WithoutJournal()}
	if prefix := strings.TrimSuffix(target.Path, "/"); prefix != "" {
		options = append(options, mockserver.WithPrefix(prefix))
	}
	mock, err := mockserver.New(options...)
	if err != nil {
		return err
	}
	printing := &printingTransport{base: mock.Transport(), w: cmd.OutOrStdout(), host: target.Host, seen: map[string]bool{}}
	_, err = suite.Check(cmd.Context(), suite.Target{
		URL: target.String(), Validator: validator, Key: mockserver.UnrestrictedKey, DeniedKey: mockserver.NoAccessKey, Transport: printing,
		Assume: assume, Only: f.only, Skip: f.skip, Unsafe: f.unsafe, Rate: -1, Writes: f.writes || f.url == "", Disposable: f.url == "",
	})
	if errors.Is(err, suite.ErrTarget) {
		return err
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "digakit verify: nothing was sent; %d requests would be, %d of them different, with the server's ids in place of these\n", printing.sent, len(printing.seen))
	return err
}

// printingTransport prints requests, each once, and has them answered by a mock.
type printingTransport struct {
	base http.RoundTripper
	w    io.Writer
	host string // of the target
	sent int
	seen map[string]bool
}

// maxPrinted is how much of a request's line is printed, in bytes.
const maxPrinted = 200

func (t *printingTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	line := r.Method + " " + r.URL.String()
	if len(line) > maxPrinted {
		line = fmt.Sprintf("%s… (%d bytes)", line[:maxPrinted], len(line))
	}
	if r.ContentLength > 0 {
		line += fmt.Sprintf("  %s, %d bytes", r.Header.Get("Content-Type"), r.ContentLength)
	}
	t.sent++
	if line = strings.ToValidUTF8(line, "?"); !t.seen[line] {
		t.seen[line] = true
		if _, err := fmt.Fprintln(t.w, line); err != nil {
			return nil, err
		}
	}
	asked := r.Clone(r.Context())
	asked.Host, asked.URL.Host, asked.URL.Scheme = "localhost", "localhost", "http"
	asked.URL.Opaque = strings.Replace(r.URL.Opaque, "//"+t.host, "//localhost", 1)
	return t.base.RoundTrip(asked)
}
