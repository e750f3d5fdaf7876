package client_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/client"
)

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, why string
		url, key  string
		opts      []client.Option
		want      string
	}{
		{"no scheme", "net/http would fail on every request", "api.diga.io", key, nil, "must start with http"},
		{"other scheme", "only HTTP is spoken", "ftp://h", key, nil, "must start with http"},
		{"no host", "a port is not a host", "http://:80", key, nil, "no host"},
		{"userinfo", "it would compete with the key, and show in errors", "https://u:pw@h", key, nil, "user name"},
		{"query", "it would be lost", "https://h/?a=1", key, nil, "query"},
		{"fragment", "it is never sent", "https://h/#", key, nil, "fragment"},
		{"not a URL", "", "https://h\x7f", key, nil, "not a URL"},
		{"empty key", "the API would answer 403 to everything", "https://h", "", nil, "key is empty"},
		{"pasted header", "the scheme is ours to add", "https://h", "Bearer x", nil, "at byte 6"},
		{"line end", "read from a file; header injection otherwise", "https://h", "x\n", nil, "at byte 1"},
		{"non-ASCII", "a header cannot carry it", "https://h", "kéy", nil, "at byte 1"},
		{"nil option", "", "https://h", key, []client.Option{nil}, "option is nil"},
		{"nil client", "", "https://h", key, []client.Option{client.WithHTTPClient(nil)}, "WithHTTPClient"},
		{"user agent", "header injection", "https://h", key, []client.Option{client.WithUserAgent("a\r\nb")}, "WithUserAgent"},
		{"attempts", "", "https://h", key, []client.Option{client.WithMaxAttempts(-1)}, "WithMaxAttempts"},
		{"backoff", "base above longest", "https://h", key, []client.Option{client.WithBackoff(2, 1)}, "WithBackoff"},
		{"retry after", "", "https://h", key, []client.Option{client.WithMaxRetryAfter(-1)}, "WithMaxRetryAfter"},
		{"jitter", "", "https://h", key, []client.Option{client.WithJitter(nil)}, "WithJitter"},
		{"timeout", "zero would fail every attempt", "https://h", key, []client.Option{client.WithAttemptTimeout(0)}, "WithAttemptTimeout"},
		{"body", "", "https://h", key, []client.Option{client.WithMaxBody(0)}, "WithMaxBody"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c, err := client.New(test.url, test.key, test.opts...)
			if c != nil || err == nil || !errors.Is(err, client.ErrInvalidOption) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("New: %v, want an ErrInvalidOption with %q (%s)", err, test.want, test.why)
			}
		})
	}
}

func TestNewReportsAllMistakesAtOnce(t *testing.T) {
	t.Parallel()
	_, err := client.New("ftp://h?q", "", client.WithMaxBody(0), client.WithMaxAttempts(-1))
	for _, want := range []string{"http://", "query", "key is empty", "WithMaxBody", "WithMaxAttempts"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %q does not mention %q", err, want)
		}
	}
}

func TestArgumentsMixedUpDoNotShowTheKey(t *testing.T) {
	t.Parallel()
	for _, url := range []string{key, key + "\x7f", "://" + key, "https://u:s3cr3t@h"} {
		_, err := client.New(url, "https://api.diga.io")
		if err == nil || strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), "s3cr3t") {
			t.Errorf("New(%q): %v", url, err)
		}
	}
}

func TestBaseURLForms(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, suffix, want string }{
		{"plain", "", "/v1/api_key/"},
		{"slash", "/", "/v1/api_key/"},
		{"prefix", "/diga", "/diga/v1/api_key/"},
		{"prefix with slash", "/diga/", "/diga/v1/api_key/"},
		{"escaped prefix", "/a%2Fb", "/a%2Fb/v1/api_key/"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got string
			handler := func(w http.ResponseWriter, r *http.Request) {
				got = r.RequestURI
				writePage(w, nil, false)
			}
			c := dial(t, "http://diga.test"+test.suffix, inProcess(func(w http.ResponseWriter, r *http.Request) {
				r.RequestURI = r.URL.RequestURI()
				handler(w, r)
			}))
			if _, err := c.ListAPIKeys(t.Context(), nil); err != nil || got != test.want {
				t.Errorf("%s, %v; want %s", got, err, test.want)
			}
		})
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	var got http.Header
	c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		got = r.Header.Clone()
		writePage(w, nil, false)
	}, client.WithUserAgent("sync/2.1"))
	if _, err := c.ListAPIKeys(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	want := http.Header{
		"Accept":          {"application/json"},
		"Accept-Encoding": {"gzip"},
		"Authorization":   {"Bearer " + key},
		"User-Agent":      {"sync/2.1 digakit/devel (" + runtime.Version() + ")"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
}

func TestNoPrintShowsTheKey(t *testing.T) {
	t.Parallel()
	c := dial(t, "https://api.diga.io/v2", client.WithMaxBody(5))
	raw := c.Raw()
	for _, v := range []any{c, *c, &c, raw, *raw, raw.Client, []*client.Client{c}, map[string]any{"c": *c}} {
		asJSON, _ := json.Marshal(v)
		for _, text := range []string{
			fmt.Sprint(v), fmt.Sprintf("%v %s %q %x", v, v, v, v), fmt.Sprintf("%+v", v), fmt.Sprintf("%#v", v), string(asJSON),
		} {
			if strings.Contains(text, "s3cr3t") || strings.Contains(text, fmt.Sprintf("%x", key)) {
				t.Errorf("the key shows in %q", text)
			}
		}
	}
	if got, want := fmt.Sprintf("%v|%#v", c, c), "client.Client(https://api.diga.io/v2/)|client.Client(https://api.diga.io/v2/)"; got != want {
		t.Errorf("printed %s, want %s", got, want)
	}
}

func TestCallersHTTPClientIsUsedAndNotChanged(t *testing.T) {
	t.Parallel()
	calls := 0
	mine := &http.Client{
		Timeout: time.Hour,
		Transport: roundTripper(func(req *http.Request) (*http.Response, error) {
			calls++
			return http.DefaultTransport.RoundTrip(req)
		}),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	before := fmt.Sprintf("%p %p %v %v", mine.Transport, mine.CheckRedirect, mine.Jar, mine.Timeout)
	c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
	}, client.WithHTTPClient(mine))
	_, err := c.ListAPIKeys(t.Context(), nil)
	if !errors.Is(err, client.ErrUndocumentedStatus) || calls != 1 {
		t.Errorf("%d calls, %v; want one, and the redirect as the answer", calls, err)
	}
	if after := fmt.Sprintf("%p %p %v %v", mine.Transport, mine.CheckRedirect, mine.Jar, mine.Timeout); after != before {
		t.Errorf("the http.Client was changed: %s, was %s", after, before)
	}
}
