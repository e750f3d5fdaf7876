package journal_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/mockserver/journal"
)

// spots put a secret where it must be redacted. Text stands for whatever else a
// client may send there.
var spots = []struct {
	name string
	put  func(x *journal.Exchange, secret, text string)
}{
	{"bearer", func(x *journal.Exchange, s, _ string) { x.Request.Header.Set("Authorization", "Bearer "+s) }},
	{"bare", func(x *journal.Exchange, s, _ string) { x.Request.Header.Set("Authorization", s) }},
	{"proxy", func(x *journal.Exchange, s, _ string) { x.Request.Header.Set("Proxy-Authorization", "Basic "+s) }},
	{"x-api-key", func(x *journal.Exchange, s, _ string) { x.Request.Header.Set("X-Api-Key", s) }},
	{"api-key", func(x *journal.Exchange, s, _ string) { x.Request.Header["api-key"] = []string{s} }},
	{"x-auth-token", func(x *journal.Exchange, s, _ string) { x.ResponseHeader.Set("X-Auth-Token", s) }},
	{"cookie", func(x *journal.Exchange, s, text string) { x.Request.Header.Set("Cookie", "a="+text+"; b="+s) }},
	{"set-cookie", func(x *journal.Exchange, s, text string) { x.ResponseHeader.Set("Set-Cookie", "b="+s+"; Path="+text) }},
	{"query", func(x *journal.Exchange, s, _ string) { x.Request.URL.RawQuery = "limit=1&key=" + url.QueryEscape(s) }},
	{"raw query", func(x *journal.Exchange, s, _ string) {
		x.Request.URL.RawQuery = "limit=1&key=" + strings.ReplaceAll(s, "&", "")
	}},
	{"location", func(x *journal.Exchange, s, _ string) {
		x.ResponseHeader.Set("Location", "/v1/?key="+url.QueryEscape(s))
	}},
	{"own, in path", func(x *journal.Exchange, s, text string) {
		x.Request.Header.Set("Authorization", "Bearer "+s)
		x.Request.URL.Path = "/" + text + s
	}},
	{"own, in declared query", func(x *journal.Exchange, s, _ string) {
		x.Request.Header.Set("Authorization", "Bearer "+s)
		x.Request.URL.RawQuery = "limit=" + url.QueryEscape(s)
		x.Violations = []contract.Violation{{Name: s}}
	}},
	{"own, in text body", func(x *journal.Exchange, s, text string) {
		x.Request.Header.Set("Authorization", "Bearer "+s)
		x.RequestBody = []byte(text + s)
	}},
	{"body", func(x *journal.Exchange, s, text string) { x.RequestBody = object("secret", s, text) }},
	{"answer", func(x *journal.Exchange, s, text string) { x.ResponseBody = object("admin_key", s, text) }},
	{"nested", func(x *journal.Exchange, s, text string) {
		x.ResponseBody = fmt.Appendf(nil, `{"data":[{"x":%s},%s]}`, object("secret", text, text), object("secret", s, text))
	}},
	{"after anything", func(x *journal.Exchange, s, text string) {
		x.ResponseBody = append([]byte(text), object("secret", s, text)...)
	}},
	{"cut", func(x *journal.Exchange, s, text string) {
		b := object("secret", s, text)
		x.ResponseBody, x.ResponseSize = b[:len(b)*3/4], int64(len(b))
	}},
	{"value nested in secret", func(x *journal.Exchange, s, text string) {
		x.ResponseBody = fmt.Appendf(nil, `{"secret":{"a":[%s,1]},"b":0}`, object("c", s, text))
	}},
	{"form", func(x *journal.Exchange, s, text string) {
		x.Request.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
		x.RequestBody = []byte(url.Values{"a": {text}, "secret": {s}}.Encode())
	}},
}

// object is JSON in which a property stands among others.
func object(name, value, text string) []byte {
	b, err := json.Marshal([]any{map[string]any{"a": text, name: value, "z": 1}})
	if err != nil {
		return nil
	}
	return b
}

// FuzzNoSecretIsShown puts a secret everywhere it may come, and looks for it in
// all the journal shows: as it is, and as JSON and URLs escape it.
func FuzzNoSecretIsShown(f *testing.F) {
	f.Add("diga-mock-unrestricted-0001", "text")
	f.Add(`quote"back\slash<&>`, `"secret":`)
	f.Add("ключ-и-ещё-ключ", `it"s {`)
	f.Add("\u2028secret secret secret", "\"secret\" : \"")
	f.Add("%zz%41 + = ; &x&y&z", "\\u0073ecret")
	const around = "Path; secret admin_key Bearer Basic limit"
	f.Fuzz(func(t *testing.T, core, text string) {
		// The end of a secret is shown, so only its beginning is looked for.
		core = strings.Map(func(r rune) rune {
			if r < ' ' || r == 0x7f {
				return -1
			}
			return r
		}, core)
		if strings.ContainsRune(core, utf8.RuneError) || len(core) < 8 || strings.TrimSpace(core) != core || strings.ContainsAny(core, " ;") && len(core) < 12 {
			t.Skip("no secret looks like this")
		}
		// Escaping can make it too: "\x00" and "000" are "\u0000000".
		escaped := string(object("a", text, text)) + url.QueryEscape(text) + fmt.Sprintf("%q", text)
		if strings.Contains(text+escaped, core) || strings.Contains(core, text) || strings.Contains(around, core[:4]) {
			t.Skip("the secret is in the text around it")
		}
		secret := core + "-0123456789"
		for _, spot := range spots {
			j := newJournal(t)
			x := listExchange(nil)
			x.Request.Header = http.Header{}
			x.Request.URL = &url.URL{Path: "/v1/api_key/"}
			x.ResponseHeader = http.Header{}
			spot.put(&x, secret, text)
			j.Record(x)

			var shown bytes.Buffer
			entries := j.Entries(journal.Filter{})
			data, err := json.Marshal(entries)
			if err != nil {
				t.Fatalf("%s: %v", spot.name, err)
			}
			shown.Write(data)
			fmt.Fprintf(&shown, "%+v", entries)
			if b := entries[0].Request.Body; b != nil {
				fmt.Fprintf(&shown, "%s%s%s", b.JSON, b.Text, b.Base64)
			}
			if b := entries[0].Response.Body; b != nil {
				fmt.Fprintf(&shown, "%s%s%s", b.JSON, b.Text, b.Base64)
			}
			if err := journal.Dump(&shown, j); err != nil {
				t.Fatal(err)
			}
			var failures failureLog
			journal.AssertRequested(&failures, j, journal.Want{Path: "/", Query: map[string]string{"key": ""}, Times: 2})
			journal.AssertNoViolations(&failures, j)
			shown.WriteString(failures.text())
			shown.Write(streamOf(t, j))

			for _, form := range []string{core, escapedJSON(core), url.QueryEscape(core), url.PathEscape(core)} {
				if strings.Contains(shown.String(), form) {
					t.Errorf("%s: %q of secret %q, text %q is shown:\n%s", spot.name, form, secret, text, shown.String())
				}
			}
		}
	})
}

func escapedJSON(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		return s
	}
	return strings.Trim(string(b), `"`)
}

// streamOf returns the events of what j holds.
func streamOf(t *testing.T, j *journal.Journal) []byte {
	t.Helper()
	done := make(chan struct{})
	w := &stopAfter{ResponseRecorder: httptest.NewRecorder(), events: int(j.Last()), done: done}
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Last-Event-ID", "0")
	if err := journal.ServeEvents(w, r, j, done); err != nil {
		t.Fatal(err)
	}
	return w.Body.Bytes()
}

// stopAfter ends a stream after a number of events.
type stopAfter struct {
	*httptest.ResponseRecorder
	events int
	done   chan struct{}
}

func (w *stopAfter) Write(p []byte) (int, error) {
	if w.events--; w.events == 0 {
		close(w.done)
	}
	return w.ResponseRecorder.Write(p)
}

// failureLog is a test that notes its failures.
type failureLog struct{ failures []string }

func (*failureLog) Helper() {}

func (l *failureLog) Errorf(format string, args ...any) {
	l.failures = append(l.failures, fmt.Sprintf(format, args...))
}

func (l *failureLog) text() string { return strings.Join(l.failures, "\n") }
