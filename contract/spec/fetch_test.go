package spec_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract/spec"
)

// serve answers with what handlers says for a path; 404 for the rest.
func serve(t *testing.T, handlers map[string]http.HandlerFunc) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	for path, h := range handlers {
		mux.HandleFunc(path, h)
	}
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func textOf(content string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, content) }
}

func to(url string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, url, http.StatusFound) }
}

func gzipped(content []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		defer z.Close()
		_, _ = z.Write(content)
	}
}

func fetch(t *testing.T, source string, opts ...spec.LoadOption) (*spec.Loaded, error) {
	t.Helper()
	return spec.Load(context.Background(), []string{source}, opts...)
}

func TestFetch(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]http.HandlerFunc{
		"/openapi.yaml": textOf(thing),
		"/page.md":      textOf(page("get /v1/things/", thing)),
		"/gzip":         gzipped([]byte(thing)),
		"/moved":        to("/moved/again"),
		"/moved/again":  to("/openapi.yaml"),
	})
	for _, path := range []string{"/openapi.yaml", "/page.md", "/gzip", "/moved", "/openapi.yaml?version=2#top"} {
		l, err := fetch(t, s.URL+path)
		if err != nil {
			t.Fatal(err)
		}
		at, _ := l.Document.Position("/openapi")
		want := strings.Replace(s.URL+path, "version=2#top", "…", 1)
		if at.Source != want {
			t.Errorf("it is from %s, not %s", at.Source, want)
		}
	}
}

func TestFetchUnreachable(t *testing.T) {
	t.Parallel()
	stuck := make(chan struct{})
	s := serve(t, map[string]http.HandlerFunc{
		"/500":  func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
		"/401":  func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusUnauthorized) },
		"/204":  func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) },
		"/304":  func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNotModified) },
		"/loop": to("/loop"),
		"/6":    to("/5"), "/5": to("/4"), "/4": to("/3"), "/3": to("/2"), "/2": to("/1"), "/1": to("/0"),
		"/0":    textOf(thing),
		"/file": to("file:///etc/hostname"),
		"/stuck": func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, "openapi: ")
			_ = http.NewResponseController(w).Flush()
			select {
			case <-stuck:
			case <-r.Context().Done():
			}
		},
		"/cut": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, "openapi: 3.1.0\n")
		},
	})
	t.Cleanup(func() { close(stuck) })
	if _, err := fetch(t, s.URL+"/5"); err != nil {
		t.Errorf("five redirects: %v", err)
	}
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	secure := httptest.NewUnstartedServer(to(s.URL + "/openapi.yaml"))
	secure.Config.ErrorLog = log.New(io.Discard, "", 0) // it is refused on purpose
	secure.StartTLS()
	t.Cleanup(secure.Close)
	for _, c := range []struct {
		name, url, want string
		opts            []spec.LoadOption
	}{
		{"nobody", gone.URL + "/a", "refused", nil},
		{"missing", s.URL + "/404", "404 Not Found", nil},
		{"broken", s.URL + "/500", "500 Internal Server Error", nil},
		{"refused", s.URL + "/401", "401 Unauthorized", nil},
		{"empty", s.URL + "/204", "204 No Content", nil},
		{"not asked for", s.URL + "/304", "304 Not Modified", nil},
		{"round in circles", s.URL + "/loop", "more than 5 redirects", nil},
		{"six redirects", s.URL + "/6", "more than 5 redirects", nil},
		{"a file", s.URL + "/file", `"file"`, nil},
		{"slow", s.URL + "/stuck", "no answer in time", []spec.LoadOption{spec.Timeout(50 * time.Millisecond)}},
		{"cut short", s.URL + "/cut", "unexpected EOF", nil},
		{"from https to http", secure.URL, "from https to http", []spec.LoadOption{spec.HTTPClient(secure.Client())}},
		{"unknown certificate", secure.URL, "certificate", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := fetch(t, c.url, c.opts...)
			if !errors.Is(err, spec.ErrUnreachable) || !strings.Contains(err.Error(), c.want) {
				t.Error(err)
			}
		})
	}
}

func TestFetchIsBounded(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]http.HandlerFunc{"/bomb": gzipped(bytes.Repeat([]byte(" "), 8<<20)), "/a": textOf(thing)})
	_, err := fetch(t, s.URL+"/bomb", spec.MaxBytes(1<<20))
	if err == nil || !strings.Contains(err.Error(), "more than 1048576 bytes") || errors.Is(err, spec.ErrUnreachable) {
		t.Error(err)
	}
	// The bound is for all sources together.
	_, err = spec.Load(context.Background(), []string{s.URL + "/a", s.URL + "/a"}, spec.MaxBytes(int64(len(thing))+1))
	if err == nil || !strings.Contains(err.Error(), "too large") {
		t.Error(err)
	}
}

func TestFetchKeepsSecrets(t *testing.T) {
	t.Parallel()
	s := serve(t, map[string]http.HandlerFunc{"/a": textOf("openapi: 2"), "/b": textOf(thing)})
	host := strings.TrimPrefix(s.URL, "http://")
	var told []string
	tell := spec.Progress(func(line string) { told = append(told, line) })
	for _, url := range []string{"http://u:hunter2@" + host + "/a", s.URL + "/a?token=hunter2", s.URL + "/404?token=hunter2", "http://u:hunter2@127.0.0.1:1/"} {
		_, err := fetch(t, url, tell)
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Error(err)
		}
	}
	l, err := fetch(t, "http://u:hunter2@"+host+"/b?token=hunter2", tell)
	if err != nil {
		t.Fatal(err)
	}
	if all := fmt.Sprint(told, l.Taken, l.Left); strings.Contains(all, "hunter2") || len(told) != 5 {
		t.Error(all)
	}
}

func TestFetchRemembers(t *testing.T) {
	t.Parallel()
	var sent, asked atomic.Int32
	s := serve(t, map[string]http.HandlerFunc{"/a": func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		w.Header().Set("ETag", `"v1"`)
		if r.Header.Get("If-None-Match") == `"v1"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		sent.Add(1)
		fmt.Fprint(w, thing)
	}})
	dir := filepath.Join(t.TempDir(), "cache")
	try := func(wantSent int32) {
		t.Helper()
		l, err := fetch(t, s.URL+"/a?token=hunter2", spec.CacheDir(dir))
		if err != nil {
			t.Fatal(err)
		}
		if got := l.Document.Keys("/paths"); !cmp.Equal(got, []string{"/v1/things/"}) || sent.Load() != wantSent {
			t.Errorf("%q after %d sent", got, sent.Load())
		}
	}
	try(1)
	try(1)
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	kept, err := os.ReadFile(files[0])
	if err != nil || bytes.Contains(kept, []byte("hunter2")) || strings.Contains(files[0], "hunter2") {
		t.Errorf("%s %v", kept, err)
	}
	// A file that was cut short or changed is no answer.
	if err := os.WriteFile(files[0], bytes.Replace(kept, []byte(`"sha256":"`), []byte(`"sha256":"0`), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	try(2)
	if asked.Load() != 3 {
		t.Errorf("asked %d times", asked.Load())
	}
	if _, err := fetch(t, s.URL+"/a", spec.CacheDir(files[0])); err == nil || !strings.Contains(err.Error(), "cache") {
		t.Error(err)
	}
}

func TestIndex(t *testing.T) {
	t.Parallel()
	other := strings.NewReplacer("/v1/things/", "/v1/others/", "list_things", "list_others").Replace(thing)
	elsewhere := serve(t, map[string]http.HandlerFunc{"/": func(http.ResponseWriter, *http.Request) { t.Error("another host was asked") }})
	s := serve(t, map[string]http.HandlerFunc{
		"/docs/llms.txt": textOf("# Docs\n\n> All of it\n\n## API\n\n- [Things](/docs/things.md): list\n* [Others](others.md#x)\n- [Again](things.md)\n" +
			"- [Prose](prose.md)\n- [Page](prose)\n- [Far](" + elsewhere.URL + "/a.md)\n- [Itself](llms.txt)\nSee [late](late.md).\n- [Data](data.json)\n"),
		"/docs/things.md": textOf(page("get /v1/things/", thing)),
		"/docs/others.md": textOf(page("get /v1/others/", other)),
		"/docs/prose.md":  textOf("# Prose\n"),
		"/docs/prose":     textOf("<!doctype html>"),
		"/docs/data.json": textOf(`{"name":"x"}`),
		"/index":          to("/docs/llms.txt"),
		"/far/llms.txt":   textOf("- [a](/to)\n"),
		"/to":             to(elsewhere.URL + "/a.md"),
		"/gone/llms.txt":  textOf("- [a](gone.md)\n"),
		"/none/llms.txt":  textOf("# Nothing\n"),
		"/bare/llms.txt":  textOf("- [a](/docs/prose.md)\n"),
		"/wrong/llms.txt": textOf("- [a](wrong.md)\n"),
		"/wrong/wrong.md": textOf(page("post /v1/things/", thing)),
	})
	for _, path := range []string{"/docs/llms.txt", "/index"} {
		var told []string
		l, err := fetch(t, s.URL+path, spec.Progress(func(line string) { told = append(told, strings.ReplaceAll(line, s.URL, "")) }))
		if err != nil {
			t.Fatal(err)
		}
		if got := l.Document.Keys("/paths"); !cmp.Equal(got, []string{"/v1/things/", "/v1/others/"}) || !l.Partial {
			t.Errorf("%q, partial %v", got, l.Partial)
		}
		wantLeft := []string{s.URL + "/docs/llms.txt: 1 link to other hosts", s.URL + "/docs/llms.txt: 3 pages without OpenAPI"}
		if diff := cmp.Diff(wantLeft, l.Left); diff != "" {
			t.Error(diff)
		}
		want := []string{"fetching " + path}
		for i, p := range []string{"things.md", "others.md", "prose.md", "prose", "data.json"} {
			want = append(want, fmt.Sprintf("page %d of 5", i+1), "fetching /docs/"+p)
		}
		if diff := cmp.Diff(want, told); diff != "" {
			t.Error(diff)
		}
	}
	l, err := fetch(t, s.URL+"/docs/llms.txt", spec.MaxPages(1))
	if err != nil {
		t.Fatal(err)
	}
	if got := l.Document.Keys("/paths"); len(got) != 1 || !strings.Contains(l.Left[1], "the last 4 pages, beyond the limit of 1") {
		t.Errorf("%q %q", got, l.Left)
	}
	for path, want := range map[string]string{"/far/": "to another host", "/gone/": "404", "/none/": "no page of its own host", "/bare/": "none of the index's pages", "/wrong/": "/wrong/wrong.md:14:1: the heading"} {
		_, err := fetch(t, s.URL+path+"llms.txt")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", path, err)
		}
		if unreachable := path == "/far/" || path == "/gone/"; errors.Is(err, spec.ErrUnreachable) != unreachable {
			t.Errorf("%s: %v", path, err)
		}
	}
}
