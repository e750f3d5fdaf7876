package mockserver

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/digakit/digakit/contract"
)

// countingWriter notes what was answered.
type countingWriter struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (w *countingWriter) WriteHeader(status int) {
	if w.status == 0 && status >= 200 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *countingWriter) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(p)
	w.bytes += int64(n)
	return n, err
}

// Unwrap lets [http.ResponseController] reach the connection.
func (w *countingWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// logAccess writes the one record of a request.
func (s *Server) logAccess(r *http.Request, x *exchange, w *countingWriter, took time.Duration) {
	attrs := []slog.Attr{slog.Int("status", w.status), slog.Duration("took", took.Round(time.Microsecond)), slog.Int64("bytes", w.bytes)}
	if x.project != nil {
		attrs = append(attrs, slog.String("project", x.project.Name()))
	}
	if x.key != nil {
		attrs = append(attrs, slog.String("key", "…"+x.key.LastFour))
	}
	if x.departure != "" {
		attrs = append(attrs, slog.String("departure", x.departure))
	}
	if list := slices.Concat(x.violations, x.broken); len(list) > 0 {
		lines := make([]string, len(list))
		for i, v := range list {
			lines[i] = v.String()
		}
		attrs = append(attrs, slog.String("violations", strings.Join(lines, "; ")))
	}
	level := slog.LevelInfo
	switch {
	case w.status >= 500 || w.status == 0:
		level = slog.LevelError
	case w.status >= 400:
		level = slog.LevelWarn
	}
	s.access.LogAttrs(context.WithoutCancel(r.Context()), level, r.Method+" "+loggedTarget(r.URL, x.operation), attrs...)
}

// loggedTarget returns path and query as they may be logged: somebody may put a
// key where it does not belong, so the values of undeclared parameters are left
// out.
func loggedTarget(u *url.URL, op *contract.Operation) string {
	target := u.EscapedPath()
	if u.RawQuery == "" {
		return target
	}
	pairs := strings.Split(u.RawQuery, "&")
	for i, pair := range pairs {
		name, _, given := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(name); given && (op == nil || err != nil || !declaresQuery(op, plain)) {
			pairs[i] = name + "=…"
		}
	}
	return target + "?" + strings.Join(pairs, "&")
}
