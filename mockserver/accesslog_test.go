package mockserver_test

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/digakit/digakit/mockserver"
)

// lines takes the records of a log, one by one.
type lines chan string

func (l lines) Write(p []byte) (int, error) {
	l <- string(p)
	return len(p), nil
}

// Whoever reads status=403 in the log sees why in one word.
func TestRefusalsSayWhyInTheLog(t *testing.T) {
	t.Parallel()
	written := make(lines, 10)
	srv := mockserver.Start(t, mockserver.WithAccessLog(slog.New(slog.NewTextHandler(written, nil))))
	for _, tc := range []struct {
		why, method, path string
		header            http.Header
		want              string
	}{
		{"no key", http.MethodGet, keysPath, http.Header{}, "refused=missing"},
		{"a key without its scheme", http.MethodGet, keysPath, http.Header{"Authorization": {mockserver.UnrestrictedKey}}, "refused=malformed"},
		{"a key that nobody has", http.MethodGet, keysPath, as("nobody-has-this"), "refused=unknown"},
		{"a key that may not", http.MethodGet, keysPath, as(mockserver.NoAccessKey), "refused=insufficient"},
		{"a page of another origin", http.MethodGet, "/_mock/projects?token=secret", http.Header{"Origin": {"https://evil.example"}}, "refused=cross-site-request"},
		{"a preflight of it", http.MethodOptions, "/_mock/projects", http.Header{"Origin": {"https://evil.example"}, "Access-Control-Request-Method": {"GET"}}, "refused=cross-site-request"},
	} {
		if a := call(t, tc.method, srv.URL()+tc.path, tc.header); a.status != http.StatusForbidden {
			t.Errorf("%s: answered %d", tc.why, a.status)
		}
		if line := <-written; !strings.Contains(line, tc.want) || !strings.Contains(line, "status=403") || strings.Contains(line, "secret") {
			t.Errorf("%s: the log says %q, want %s", tc.why, line, tc.want)
		}
	}
}
