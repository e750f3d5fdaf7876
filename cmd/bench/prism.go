package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"time"

	"github.com/digakit/digakit/gen"
	"github.com/digakit/digakit/mockserver"
)

// prism is where `make node` installs the Prism mock server; PRISM names another.
// requirePrism is the variable that makes it a failure when there is none.
const (
	prism        = "cmd/digakit/testdata/node/node_modules/.bin/prism"
	requirePrism = "DIGAKIT_REQUIRE_PRISM"
)

// measurePrism compares the mock with Prism: on a list of 50, which Prism has as
// an example in its document, so that both send the same bytes, and at the start
// on a whole document.
func measurePrism(b *bench, whole string) {
	binary := cmp.Or(os.Getenv("PRISM"), prism)
	if _, err := os.Stat(binary); err != nil { //nolint:gosec // G703: the program that $PRISM names
		if os.Getenv(requirePrism) != "" {
			check(fmt.Errorf("%s is set, and there is no Prism to compare with: %w", requirePrism, err))
		}
		b.show("list of 50, against Prism", "not measured: no Prism here, `make node` installs it")
		return
	}
	mock := must(mockserver.New())
	document := withExample(gen.OpenAPI(), answerOf(b, mock, keys.path+"1", keys.key))
	theirs, _ := startPrism(b, binary, b.file("prism.json", document))
	defer theirs.stop()
	ours, stopOurs, err := serve(b, mock)
	check(err)
	defer stopOurs()
	c := compareServers(b, theirs.url, ours, keys, keys.repeated)

	others, took := startPrism(b, binary, whole)
	others.stop()
	b.show(fmt.Sprintf("start of Prism on %d operations", operations), fmt.Sprintf("%.0f ms", 1e3*took))
	b.want("list of 50, against Prism, same bytes", fmt.Sprintf("%.0f times Prism (%.0f requests/s)", c.ratio(), c.base), "≥ 10", c.ratio() >= 10)
}

// withExample returns a document whose list has an answer as its example.
func withExample(document, answer []byte) []byte {
	var root map[string]any
	check(json.Unmarshal(document, &root))
	at := root
	for _, name := range []string{"paths", listPath, "get", "responses", "200", "content", "application/json"} {
		next, ok := at[name].(map[string]any)
		if !ok {
			check(fmt.Errorf("the document has no %q", name))
		}
		at = next
	}
	at["example"] = json.RawMessage(bytes.TrimSpace(answer))
	return must(json.Marshal(root))
}

// startPrism starts Prism with a document on a free port, and returns its address as URL, and
// how many seconds it took to its first answer.
func startPrism(b *bench, binary, document string) (p process, took float64) {
	var lc net.ListenConfig
	free := must(lc.Listen(b, "tcp", "127.0.0.1:0"))
	addr := free.Addr().String()
	check(free.Close())
	_, port, err := net.SplitHostPort(addr)
	check(err)
	p = process{exec.CommandContext(b, binary, "mock", "--host", "127.0.0.1", "--port", port, "--verboseLevel", "error", document), addr} //nolint:gosec // G702: the program that $PRISM names
	var said bytes.Buffer
	p.Stderr = &said
	took = seconds(func() {
		check(p.Start())
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for end := time.Now().Add(time.Minute); fetch(b, "http://"+addr+listPath, keys.key) != nil; <-tick.C {
			if time.Now().After(end) {
				p.stop()
				check(fmt.Errorf("prism does not answer: %s", said.String()))
			}
		}
	})
	return p, took
}

// fetch asks a server of another process once; it must answer, with a success.
func fetch(ctx context.Context, url, key string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+key)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s is answered %s", url, resp.Status)
	}
	return nil
}
