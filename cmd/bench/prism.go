package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
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
func measurePrism(ctx context.Context, dir, whole string) ([]row, error) {
	binary := prism
	if named := os.Getenv("PRISM"); named != "" {
		binary = named
	}
	if _, err := os.Stat(binary); err != nil { //nolint:gosec // G703: the program that $PRISM names
		if os.Getenv(requirePrism) != "" {
			return nil, fmt.Errorf("%s is set, and there is no Prism to compare with: %w", requirePrism, err)
		}
		return []row{{what: "list of 50, against Prism", measured: "not measured: no Prism here, `make node` installs it"}}, nil
	}
	mock, err := mockserver.New()
	if err != nil {
		return nil, err
	}
	document, err := withExample(gen.OpenAPI(), answerOf(ctx, mock, keys.path+"1", keys.key))
	if err != nil {
		return nil, err
	}
	exemplary := filepath.Join(dir, "prism.json")
	if err := os.WriteFile(exemplary, document, 0o600); err != nil {
		return nil, err
	}
	theirs, _, stop, err := startPrism(ctx, binary, exemplary)
	if err != nil {
		return nil, err
	}
	defer stop()
	ours, stopOurs, err := serve(ctx, mock)
	if err != nil {
		return nil, err
	}
	defer stopOurs()
	c, err := compareServers(ctx, theirs, ours, keys, keys.repeated)
	if err != nil {
		return nil, err
	}
	_, took, stopWhole, err := startPrism(ctx, binary, whole)
	if err != nil {
		return nil, err
	}
	stopWhole()
	return []row{
		{what: fmt.Sprintf("start of Prism on %d operations", operations), measured: fmt.Sprintf("%.0f ms", took)},
		{
			what: "list of 50, against Prism, same bytes", measured: fmt.Sprintf("%.0f times Prism (%.0f requests/s)", c.ratio(), c.base),
			target: "≥ 10", met: c.ratio() >= 10,
		},
	}, nil
}

// withExample returns a document whose list has an answer as its example.
func withExample(document, answer []byte) ([]byte, error) {
	var root map[string]any
	if err := json.Unmarshal(document, &root); err != nil {
		return nil, err
	}
	at := root
	for _, name := range []string{"paths", listPath, "get", "responses", "200", "content", "application/json"} {
		next, ok := at[name].(map[string]any)
		if !ok {
			return nil, fmt.Errorf("the document has no %q", name)
		}
		at = next
	}
	at["example"] = json.RawMessage(bytes.TrimSpace(answer))
	return json.Marshal(root)
}

// startPrism starts Prism with a document on a free port, and returns how many
// milliseconds it took to its first answer.
func startPrism(ctx context.Context, binary, document string) (addr string, milliseconds float64, stop func(), err error) {
	var lc net.ListenConfig
	free, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", 0, nil, err
	}
	addr = free.Addr().String()
	_, port, err := net.SplitHostPort(addr)
	if err := errors.Join(err, free.Close()); err != nil {
		return "", 0, nil, err
	}
	cmd := exec.CommandContext(ctx, binary, "mock", "--host", "127.0.0.1", "--port", port, "--verboseLevel", "error", document) //nolint:gosec // G702: the program that $PRISM names
	var said bytes.Buffer
	cmd.Stderr = &said
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return "", 0, nil, err
	}
	stop = func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // killed
	}
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for end := began.Add(time.Minute); ; <-tick.C {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+listPath, nil)
		if err != nil {
			stop()
			return "", 0, nil, err
		}
		r.Header.Set("Authorization", "Bearer "+keys.key)
		if answer, err := http.DefaultClient.Do(r); err == nil {
			_ = answer.Body.Close() // nothing was read of it
			return addr, since(began), stop, nil
		}
		if time.Now().After(end) {
			stop()
			return "", 0, nil, fmt.Errorf("prism does not answer: %s", said.String())
		}
	}
}
