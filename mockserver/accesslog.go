package mockserver

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/digakit/digakit/contract"
)

// logAccess writes the one record of a request.
func (s *Server) logAccess(x *exchange, w *recorder) {
	attrs := []slog.Attr{slog.Int("status", w.status), slog.Duration("took", time.Since(x.start).Round(time.Microsecond)), slog.Int64("bytes", w.size)}
	add := func(name, text string) {
		if text != "" {
			attrs = append(attrs, slog.String(name, text))
		}
	}
	if x.project != nil {
		add("project", x.project.Name())
	}
	if x.key != nil {
		add("key", "…"+x.key.LastFour)
	}
	if w.status == http.StatusTemporaryRedirect && x.advice != "" {
		to, _, _ := strings.Cut(w.Header().Get("Location"), "?")
		x.advice = "the document has the path as " + to
	}
	var lines []string
	for _, v := range x.allViolations() {
		lines = append(lines, v.String())
	}
	add("fault", x.faultID)
	add("departure", x.allDepartures())
	add("refused", x.badKey)
	add("advice", x.advice)
	add("violations", strings.Join(lines, "; "))
	level := slog.LevelInfo
	switch {
	case w.status >= 500 || w.status == 0:
		level = slog.LevelError
	case w.status >= 400:
		level = slog.LevelWarn
	}
	s.access.LogAttrs(context.WithoutCancel(x.request.Context()), level, x.request.Method+" "+loggedTarget(x.request.URL, x.operation), attrs...)
}

// logRefused writes the record of a request that the guard refused.
func (s *Server) logRefused(r *http.Request, why string) {
	if s.access != nil {
		s.access.LogAttrs(context.WithoutCancel(r.Context()), slog.LevelWarn, r.Method+" "+loggedTarget(r.URL, nil),
			slog.Int("status", http.StatusForbidden), slog.String("refused", why))
	}
}

// loggedTarget returns path and query as they may be logged: somebody may put a
// key where it does not belong, so the values of undeclared parameters are left
// out, and of those that name a credential.
func loggedTarget(u *url.URL, op *contract.Operation) string {
	target := u.EscapedPath()
	if u.RawQuery == "" {
		return target
	}
	pairs := strings.Split(u.RawQuery, "&")
	for i, pair := range pairs {
		name, _, given := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(name); given && (op == nil || err != nil || !declaresQuery(op, plain) || contract.HoldsSecret(plain)) {
			pairs[i] = name + "=…"
		}
	}
	return target + "?" + strings.Join(pairs, "&")
}
