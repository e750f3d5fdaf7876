package mockserver_test

import (
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/digakit/digakit/mockserver"
	"github.com/digakit/digakit/mockserver/guard"
)

// browse asks for a path as a browser does, which redirects do not lead on.
func browse(t *testing.T, srv http.Handler, method, path string, header http.Header) *http.Response {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, nil)
	r.Host = "localhost"
	r.Header = header
	w := httptest.NewRecorder()
	srv.ServeHTTP(w, r)
	return w.Result()
}

func served(t *testing.T, opts ...mockserver.Option) *mockserver.Server {
	t.Helper()
	srv, err := mockserver.New(opts...)
	try(t, err)
	return srv
}

func TestTheRootIsForBrowsers(t *testing.T) {
	t.Parallel()
	const home = `{"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{"/":{"get":{"responses":{"204":{"description":"d"}}}}}}`
	for _, tc := range []struct {
		name, method, path, accept string
		srv                        *mockserver.Server
		status                     int
	}{
		{"a browser", "GET", "/", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", served(t), http.StatusFound},
		{"curl", "GET", "/", "*/*", served(t), http.StatusNotFound},
		{"a client of the API", "GET", "/", "application/json", served(t), http.StatusNotFound},
		{"no Accept", "GET", "/", "", served(t), http.StatusNotFound},
		{"another method is not for the eye", "POST", "/", "text/html", served(t), http.StatusNotFound},
		{"no other path", "GET", "/docs", "text/html", served(t), http.StatusNotFound},
		{"an operation of the document goes first", "GET", "/", "text/html", served(t, mockserver.WithDocument(parsed(t, home))), http.StatusNoContent},
	} {
		resp := browse(t, tc.srv, tc.method, tc.path, http.Header{"Accept": {tc.accept}})
		if resp.StatusCode != tc.status || tc.status == http.StatusFound && resp.Header.Get("Location") != "/_mock/" {
			t.Errorf("%s: %d %v, want %d", tc.name, resp.StatusCode, resp.Header, tc.status)
		}
	}
}

// Every page is the same document under its policy, and all it names is served.
func TestPagesOfTheConsole(t *testing.T) {
	t.Parallel()
	srv := served(t)
	for _, page := range []string{"/_mock/", "/_mock/console/collections", "/_mock/console/requests", "/_mock/console/faults", "/_mock/console/coverage", "/_mock/console/reference"} {
		resp := browse(t, srv, "GET", page, nil)
		text, _ := io.ReadAll(resp.Body)
		policy := resp.Header.Get("Content-Security-Policy")
		for _, says := range []string{"default-src 'none'", "script-src 'self';", "connect-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"} {
			if !strings.Contains(policy, says) {
				t.Errorf("%s: the policy %q lacks %q", page, policy, says)
			}
		}
		if strings.Contains(policy, "unsafe") || strings.Contains(policy, "data:") != strings.HasSuffix(page, "reference") {
			t.Errorf("%s: the policy is %q", page, policy)
		}
		if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "text/html; charset=utf-8" || !strings.Contains(string(text), `<html lang="en"`) {
			t.Errorf("%s: %d %v %.100s", page, resp.StatusCode, resp.Header, text)
		}
		if strings.Contains(string(text), "<style") || regexp.MustCompile(`<script(>| [^>]*>[^<])| on[a-z]+=| style=`).Match(text) {
			t.Errorf("%s: has a script or style inline", page)
		}
		for _, named := range regexp.MustCompile(`(?:href|src)="([^"]+)"`).FindAllStringSubmatch(string(text), -1) {
			if resp := browse(t, srv, "GET", named[1], nil); resp.StatusCode != http.StatusOK {
				t.Errorf("%s: %s is answered %d", page, named[1], resp.StatusCode)
			}
		}
	}
	for _, path := range []string{"/_mock/console", "/_mock/console/", "/_mock/console/nothing", "/_mock/console/assets/", "/_mock/console/assets/none.js", "/_mock/console/assets/../console.go", "/_mock/console/assets/pages"} {
		if resp := browse(t, srv, "GET", path, nil); resp.StatusCode != http.StatusNotFound {
			t.Errorf("%s is answered %d", path, resp.StatusCode)
		}
	}
	if resp := browse(t, srv, "POST", "/_mock/", nil); resp.StatusCode < 400 {
		t.Errorf("a POST is answered %d", resp.StatusCode)
	}
}

// Markup that people send is text: no module of ours makes HTML or code of it.
func TestModulesOfTheConsoleMakeNoCodeOfText(t *testing.T) {
	t.Parallel()
	modules := 0
	try(t, fs.WalkDir(os.DirFS("console/app"), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".js" || strings.HasPrefix(path, "vendor/") {
			return err
		}
		modules++
		text, err := os.ReadFile(filepath.Join("console/app", path))
		if found := regexp.MustCompile(`innerHTML|dangerouslySet|document\.write|\beval\(|new Function`).Find(text); found != nil {
			t.Errorf("%s has %s", path, found)
		}
		return err
	}))
	if modules < 10 {
		t.Errorf("only %d modules were found", modules)
	}
}

func TestFilesOfTheConsoleAreKeptByBrowsers(t *testing.T) {
	t.Parallel()
	srv := served(t)
	for _, path := range []string{"/_mock/", "/_mock/console/assets/console.js", "/_mock/console/assets/vendor/swagger-ui-bundle.js"} {
		plain, packed := browse(t, srv, "GET", path, nil), browse(t, srv, "GET", path, http.Header{"Accept-Encoding": {"gzip, br"}})
		if plain.Header.Get("Etag") == "" || plain.Header.Get("Etag") == packed.Header.Get("Etag") || packed.Header.Get("Content-Encoding") != "gzip" || plain.Header.Get("Content-Encoding") != "" {
			t.Errorf("%s: %v and %v", path, plain.Header, packed.Header)
		}
		all, _ := io.ReadAll(plain.Body)
		few, _ := io.ReadAll(packed.Body)
		if len(all) == 0 || len(few) >= len(all) {
			t.Errorf("%s: %d bytes, compressed %d", path, len(all), len(few))
		}
		again := browse(t, srv, "GET", path, http.Header{"Accept-Encoding": {"gzip"}, "If-None-Match": {packed.Header.Get("Etag")}})
		if again.StatusCode != http.StatusNotModified {
			t.Errorf("%s: unchanged is answered %d", path, again.StatusCode)
		}
		if head := browse(t, srv, "HEAD", path, nil); head.StatusCode != http.StatusOK {
			t.Errorf("%s: HEAD is answered %d", path, head.StatusCode)
		}
	}
}

// The pages hold no secret: they ask for the token that the control API wants.
func TestTheConsoleNeedsNoToken(t *testing.T) {
	t.Parallel()
	srv := served(t, mockserver.WithGuard(guard.Config{Addr: "localhost", Token: "let-me-in"}))
	for path, want := range map[string]int{
		"/_mock/": http.StatusOK, "/_mock/console/requests": http.StatusOK, "/_mock/console/assets/console.js": http.StatusOK,
		"/_mock/projects": http.StatusForbidden, "/_mock/console/nothing": http.StatusForbidden, "/_mock/openapi.json": http.StatusForbidden,
	} {
		if resp := browse(t, srv, "GET", path, nil); resp.StatusCode != want {
			t.Errorf("%s is answered %d, want %d", path, resp.StatusCode, want)
		}
	}
	if resp := browse(t, srv, "GET", "/_mock/", http.Header{"Sec-Fetch-Site": {"cross-site"}}); resp.StatusCode != http.StatusForbidden {
		t.Errorf("a foreign page's request is answered %d", resp.StatusCode)
	}
}
