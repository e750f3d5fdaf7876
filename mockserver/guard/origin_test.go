package guard_test

import (
	"crypto/tls"
	"net/http"
	"testing"

	"github.com/digakit/digakit/mockserver/guard"
)

func TestSite(t *testing.T) {
	t.Parallel()
	g := newGuard(t, guard.Config{AllowOrigins: []string{"http://localhost:3000", "https://console.example.test", "http://[::1]:3000", "chrome-extension://abcdef"}})
	for _, tt := range []struct {
		name    string
		header  http.Header
		refused bool
		why     string
	}{
		{"neither header", headers(), false, "no browser sends neither for a foreign page, but for old ones' GETs"},
		{"Node's fetch", headers("Sec-Fetch-Mode: cors", "User-Agent: node"), false, "it sends the mode, not the site"},
		{"typed address", headers("Sec-Fetch-Site: none"), false, "the user did it"},
		{"own page's GET", headers("Sec-Fetch-Site: same-origin"), false, "the server's own pages"},
		{"own page's POST", headers("Sec-Fetch-Site: same-origin", "Origin: http://127.0.0.1:4010"), false, "the server's own pages"},
		{"own page of a browser without Sec-Fetch", headers("Origin: http://127.0.0.1:4010"), false, "the server's own pages"},
		{"cross-site", headers("Sec-Fetch-Site: cross-site"), true, "images, scripts, links"},
		{"same-site", headers("Sec-Fetch-Site: same-site"), true, "other ports of localhost are the same site"},
		{"unknown site", headers("Sec-Fetch-Site: same-galaxy"), true, "what is not known is not allowed"},
		{"empty site", headers("Sec-Fetch-Site: "), true, "what is not known is not allowed"},
		{"upper-case site", headers("Sec-Fetch-Site: Same-Origin"), true, "browsers send lower case"},
		{"two sites", headers("Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: cross-site"), true, "which one counts?"},
		{"two sites in one", headers("Sec-Fetch-Site: same-origin, same-origin"), true, "which one counts?"},
		{"foreign origin", headers("Origin: https://evil.example"), true, "a browser without Sec-Fetch"},
		{"foreign origin, typed", headers("Origin: https://evil.example", "Sec-Fetch-Site: none"), true, "a browser extension"},
		{"foreign origin, same-origin", headers("Origin: https://evil.example", "Sec-Fetch-Site: same-origin"), true, "both must allow it"},
		{"own origin, cross-site", headers("Origin: http://127.0.0.1:4010", "Sec-Fetch-Site: cross-site"), true, "both must allow it"},
		{"null", headers("Origin: null"), true, "anyone can be null"},
		{"null, same-origin", headers("Origin: null", "Sec-Fetch-Site: same-origin"), true, "anyone can be null"},
		{"empty origin", headers("Origin: "), true, "what is not known is not allowed"},
		{"two origins", headers("Origin: http://127.0.0.1:4010", "Origin: http://127.0.0.1:4010"), true, "which one counts?"},
		{"other port", headers("Origin: http://127.0.0.1:4011"), true, "another origin"},
		{"no port", headers("Origin: http://127.0.0.1"), true, "another origin"},
		{"other scheme", headers("Origin: https://127.0.0.1:4010"), true, "another origin"},
		{"other name for the same machine", headers("Origin: http://localhost:4010"), true, "another origin"},
		{"own origin with a tail", headers("Origin: http://127.0.0.1:4010.evil.example"), true, "another origin"},
		{"own origin with a path", headers("Origin: http://127.0.0.1:4010/"), true, "no origin"},
		{"host alone", headers("Origin: 127.0.0.1:4010"), true, "no origin"},
		{"allowed", headers("Origin: http://localhost:3000", "Sec-Fetch-Site: same-site"), false, "--allow-origin"},
		{"allowed, cross-site", headers("Origin: https://console.example.test", "Sec-Fetch-Site: cross-site"), false, "--allow-origin"},
		{"allowed, without Sec-Fetch", headers("Origin: http://[::1]:3000"), false, "--allow-origin"},
		{"allowed extension", headers("Origin: chrome-extension://abcdef", "Sec-Fetch-Site: none"), false, "--allow-origin"},
		{"allowed, but two sites", headers("Origin: http://localhost:3000", "Sec-Fetch-Site: same-site", "Sec-Fetch-Site: cross-site"), true, "which one counts?"},
		{"allowed name, other port", headers("Origin: http://localhost:3001"), true, "allowed origins are exact"},
		{"allowed name, other scheme", headers("Origin: https://localhost:3000"), true, "allowed origins are exact"},
		{"below an allowed name", headers("Origin: https://a.console.example.test"), true, "allowed origins are exact"},
		{"allowed, then another", headers("Origin: http://localhost:3000 https://evil.example"), true, "allowed origins are exact"},
		{"allowed as referrer alone", headers("Referer: http://localhost:3000/", "Sec-Fetch-Site: same-site"), true, "an image or link carries no origin"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodDelete, http.MethodOptions} {
				q := request{method: method, header: tt.header}
				if tt.refused {
					wantRefused(t, g, q, "cross-site-request")
				} else {
					wantPassed(t, g, q)
				}
				wantPassed(t, g, request{method: method, target: "/v1/api_key/", header: tt.header})
			}
			if t.Failed() {
				t.Log("why:", tt.why)
			}
		})
	}
}

func TestNothingIsAllowedByItself(t *testing.T) {
	t.Parallel()
	wantRefused(t, newGuard(t, guard.Config{}), request{header: headers("Origin: http://localhost:3000")}, "cross-site-request")
}

func TestOwnOriginOverTLS(t *testing.T) {
	t.Parallel()
	g := newGuard(t, guard.Config{})
	for origin, want := range map[string]int{
		"https://127.0.0.1:4010": http.StatusTeapot,
		"http://127.0.0.1:4010":  http.StatusForbidden, // whoever is on the wire could send that page
	} {
		r := request{header: headers("Origin: " + origin)}.http()
		r.TLS = &tls.ConnectionState{}
		if got := serve(g, r).StatusCode; got != want {
			t.Errorf("%s: status %d, want %d", origin, got, want)
		}
	}
}

func TestAllowOriginsMistakes(t *testing.T) {
	t.Parallel()
	for _, origin := range []string{
		"", "*", "null", "http://*", "http://localhost:*", "https://*.example.com", "localhost:3000", "http://localhost:3000/", "http://localhost:80",
		"https://a.test:443", "HTTP://localhost", "http://Localhost", "http://localhost:3000/path", "http://user@localhost", "http://bücher.test",
		"http://localhost,http://a.test", "http://localhost ", "file:///tmp", "http://localhost:99999", "http://0x7f.1",
	} {
		t.Run(origin, func(t *testing.T) {
			t.Parallel()
			if _, err := guard.New(guard.Config{Addr: "localhost", AllowOrigins: []string{origin}}); err == nil {
				t.Error("no error")
			}
		})
	}
}
