package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/digakit/digakit/contract/spec/spectest"
)

// keysOf runs digakit keys on a server.
func keysOf(t *testing.T, handler http.HandlerFunc, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	srv := httptest.NewServer(handler)
	t.Cleanup(srv.Close)
	var out, errs bytes.Buffer
	code = run(t.Context(), append([]string{"keys", "--url", srv.URL, "--key", "k-0001"}, args...), &out, &errs)
	return code, out.String(), errs.String()
}

// keyPage is a page of n keys, the first of them with the number from.
func keyPage(from, n int, name, date string, more bool) string {
	id := func(i int) string { return fmt.Sprintf("aa000000-0000-4000-8000-%012d", i) }
	keys := make([]string, n)
	for i := range keys {
		keys[i] = fmt.Sprintf(`{"id":%q,"name":%q,"created_date":%q,"creator_id":%q,"last_four_digits":"1234","restricted":false,"permissions":null}`,
			id(from+i), name, date, id(0))
	}
	return fmt.Sprintf(`{"data":[%s],"first_id":%q,"last_id":%q,"has_more":%v}`, strings.Join(keys, ","), id(from), id(from+n-1), more)
}

func answerJSON(w http.ResponseWriter, body string) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, body)
}

func TestKeysEndOnServersThatDoNotAnswer(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		handler http.HandlerFunc
		want    string
	}{
		{"never", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "within 300ms"},
		{"a byte now and then", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			tick := time.NewTicker(20 * time.Millisecond)
			defer tick.Stop()
			for r.Context().Err() == nil {
				_, _ = io.WriteString(w, " ")
				w.(http.Flusher).Flush()
				<-tick.C
			}
		}, "within 300ms"},
		{"another protocol", func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			defer func() { _ = conn.Close() }()
			_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n")
			_, _ = conn.Read(make([]byte, 1)) // until the client goes away
		}, "another protocol"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			code, stdout, stderr := keysOf(t, test.handler, "--timeout", "300ms")
			if code != exitUnreachable || stdout != "" || !strings.Contains(stderr, test.want) {
				t.Errorf("exit code %d, %q, %q; want %d and %q", code, stdout, stderr, exitUnreachable, test.want)
			}
		})
	}
}

func TestKeysReadDatesWithoutTimeZone(t *testing.T) {
	t.Parallel()
	naive := func(w http.ResponseWriter, _ *http.Request) {
		answerJSON(w, keyPage(1, 1, "n", "2025-01-31T10:07:40", false))
	}
	code, stdout, stderr := keysOf(t, naive)
	if code != exitFindings || stdout != "" || !strings.Contains(stderr, "/data/0/created_date") || !strings.Contains(stderr, "time zone") {
		t.Errorf("exit code %d, %q, %q; want the field named", code, stdout, stderr)
	}
	if code, stdout, _ := keysOf(t, naive, "--assume-utc"); code != 0 || !strings.Contains(stdout, "2025-01-31T10:07:40Z") {
		t.Errorf("--assume-utc: exit code %d, %q", code, stdout)
	}
}

func TestKeysBoundAPage(t *testing.T) {
	t.Parallel()
	code, stdout, stderr := keysOf(t, func(w http.ResponseWriter, _ *http.Request) {
		answerJSON(w, keyPage(1, 1, strings.Repeat("n", keyPageBytes), "2025-01-31T10:07:40Z", false))
	})
	if code != exitFindings || stdout != "" || !strings.Contains(stderr, "larger than the 4194304 bytes") {
		t.Errorf("exit code %d, %q, %q; want the bound", code, stdout, stderr)
	}
}

// Pages that grow, up to the bound and then without end: what was written is
// not kept.
func TestKeysOfPagesThatGrowDoNotFillTheMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 50 MB")
	}
	from := 1
	handler := func(w http.ResponseWriter, _ *http.Request) {
		size := min(from, 4000)
		body := keyPage(from, size, strings.Repeat("n", 500), "2025-01-31T10:07:40Z", from < 60_000)
		from += size
		answerJSON(w, body)
	}
	srv := httptest.NewServer(http.HandlerFunc(handler))
	defer srv.Close()
	most := &heapWatcher{}
	if code := run(t.Context(), []string{"keys", "--url", srv.URL, "--key", "k-0001", "--all", "--format", "json"}, most, io.Discard); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if most.written < 40<<20 || most.heap > 32<<20 {
		t.Errorf("%d MB written with a heap of up to %d MB, want at most 32", most.written>>20, most.heap>>20)
	}
}

// heapWatcher counts what is written and looks at what is alive now and then.
type heapWatcher struct {
	written int
	heap    uint64
}

func (h *heapWatcher) Write(p []byte) (int, error) {
	if before := h.written; (before+len(p))>>23 != before>>23 {
		runtime.GC()
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		h.heap = max(h.heap, stats.HeapAlloc)
	}
	h.written += len(p)
	return len(p), nil
}

func TestKeysAsJSONAreOneArray(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 3} {
		page := 0
		code, stdout, stderr := keysOf(t, func(w http.ResponseWriter, _ *http.Request) {
			if page++; n == 0 {
				answerJSON(w, `{"data":[],"has_more":false}`)
				return
			}
			answerJSON(w, keyPage(page, 1, "<n>", "2025-01-31T10:07:40Z", page < n))
		}, "--all", "--format", "json")
		var keys []map[string]any
		if err := json.Unmarshal([]byte(stdout), &keys); err != nil || code != 0 || len(keys) != n {
			t.Errorf("%d keys: exit code %d, %v, %q, %q", n, code, err, stdout, stderr)
		}
		var indented bytes.Buffer
		if err := json.Indent(&indented, []byte(strings.TrimSpace(stdout)), "", "  "); err != nil || indented.String()+"\n" != stdout {
			t.Errorf("%d keys are not indented as encoding/json does: %q", n, stdout)
		}
	}
}

// The script prints the exit code and what digakit keys wrote about one page.
func TestKeysReadLegalDatesOfTheSharedCase(t *testing.T) {
	t.Parallel()
	script := filepath.Join(t.TempDir(), "case.py")
	if err := os.WriteFile(script, spectest.Shared(t, "cases/field/client-date-time-legal-forms.py"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("needs python3")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	digakit := filepath.Join(t.TempDir(), "digakit") // under this name the test's program is the command
	if err := os.Symlink(self, digakit); err != nil {
		t.Skip(err)
	}
	for _, args := range [][]string{{}, {"2016-12-31T23:59:60Z", "null"}, {"2025-01-31T10:07:40Z", "2.0"}} {
		out, err := exec.CommandContext(t.Context(), "python3", append([]string{script, digakit}, args...)...).CombinedOutput()
		if err != nil || !strings.HasPrefix(string(out), "0 NAME") || strings.Count(string(out), "…1234") != 1 {
			t.Errorf("%q: %v, %s; want exit code 0 and one key", args, err, out)
		}
	}
}

// A server that refuses has answered: what must be mended is the key.
func TestKeysSayThatTheKeyIsRefused(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusUnauthorized, http.StatusForbidden} {
		code, stdout, stderr := keysOf(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, `{"status":"error","error_code":"INTERNAL_SERVER_ERROR","message":"Invalid API key"}`)
		})
		if code != exitFindings || stdout != "" || !strings.Contains(stderr, "Invalid API key") {
			t.Errorf("%d: exit code %d, %q, %q", status, code, stdout, stderr)
		}
	}
}
