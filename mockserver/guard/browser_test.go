package guard_test

import (
	"net/http"
	"testing"

	"github.com/digakit/digakit/mockserver/guard"
)

const (
	evil = "https://evil.example"
	app  = "http://localhost:3000"
	own  = "http://127.0.0.1:4010"
)

// fromPage is what pages of site make Chromium 156 send, with or without origin.
func fromPage(method, site, origin, mode, dest string, more ...string) request {
	h := headers(append(more, "Sec-Fetch-Site: "+site, "Sec-Fetch-Mode: "+mode, "Sec-Fetch-Dest: "+dest, "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36")...)
	if origin != "" {
		h.Set("Origin", origin)
	}
	return request{method: method, header: h}
}

// TestChromium holds what Chromium sends for each way in which a page can make a
// request, to a server on http://127.0.0.1:4010.
func TestChromium(t *testing.T) {
	t.Parallel()
	const (
		html = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
		form = "Content-Type: application/x-www-form-urlencoded"
		text = "Content-Type: text/plain;charset=UTF-8"
		json = "Content-Type: application/json"
	)
	g := newGuard(t, guard.Config{AllowOrigins: []string{app}})
	for _, tt := range []struct {
		name    string
		q       request
		refused bool
	}{
		{"typed address", fromPage("GET", "none", "", "navigate", "document", html, "Sec-Fetch-User: ?1", "Upgrade-Insecure-Requests: 1"), false},

		{"own fetch GET", fromPage("GET", "same-origin", "", "cors", "empty"), false},
		{"own fetch POST", fromPage("POST", "same-origin", own, "cors", "empty", json), false},
		{"own fetch DELETE", fromPage("DELETE", "same-origin", own, "cors", "empty"), false},
		{"own script", fromPage("GET", "same-origin", "", "no-cors", "script"), false},
		{"own EventSource", fromPage("GET", "same-origin", "", "cors", "empty", "Accept: text/event-stream"), false},
		{"own WebSocket", request{header: headers("Origin: "+own, "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13")}, false},
		{"own form under no-referrer", fromPage("POST", "same-origin", "null", "navigate", "document", form), true},

		{"foreign fetch GET", fromPage("GET", "cross-site", evil, "cors", "empty"), true},
		{"foreign fetch POST with text", fromPage("POST", "cross-site", evil, "cors", "empty", text), true},
		{"foreign fetch POST with JSON: preflight", fromPage("OPTIONS", "cross-site", evil, "cors", "empty", "Access-Control-Request-Method: POST", "Access-Control-Request-Headers: content-type"), true},
		{"foreign fetch POST no-cors", fromPage("POST", "cross-site", evil, "no-cors", "empty", text), true},
		{"foreign fetch GET no-cors", fromPage("GET", "cross-site", "", "no-cors", "empty"), true},
		{"foreign beacon", fromPage("POST", "cross-site", evil, "no-cors", "empty", text), true},
		{"foreign form", fromPage("POST", "cross-site", evil, "navigate", "document", form, html, "Sec-Fetch-User: ?1"), true},
		{"foreign form without referrer", fromPage("POST", "cross-site", "null", "navigate", "document", form, html), true},
		{"foreign img", fromPage("GET", "cross-site", "", "no-cors", "image", "Accept: image/avif,image/webp,*/*;q=0.8", "Sec-Fetch-Storage-Access: none"), true},
		{"foreign script", fromPage("GET", "cross-site", "", "no-cors", "script", "Sec-Fetch-Storage-Access: none"), true},
		{"foreign iframe", fromPage("GET", "cross-site", "", "navigate", "iframe", html, "Sec-Fetch-Storage-Access: none"), true},
		{"foreign link", fromPage("GET", "cross-site", "", "navigate", "document", html, "Sec-Fetch-User: ?1"), true},
		{"foreign EventSource", fromPage("GET", "cross-site", evil, "cors", "empty", "Accept: text/event-stream"), true},
		{"foreign WebSocket, which has no Sec-Fetch", request{header: headers("Origin: "+evil, "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13")}, true},
		{"sandboxed frame's fetch", fromPage("POST", "cross-site", "null", "cors", "empty", text), true},

		{"other local port's fetch", fromPage("POST", "same-site", "http://127.0.0.1:8080", "cors", "empty", text), true},
		{"other local port's img", fromPage("GET", "same-site", "", "no-cors", "image"), true},
		{"other local port's iframe", fromPage("GET", "same-site", "", "navigate", "iframe", html), true},

		{"allowed app's fetch GET", fromPage("GET", "cross-site", app, "cors", "empty"), false},
		{"allowed app's fetch POST", fromPage("POST", "cross-site", app, "cors", "empty", json), false},
		{"allowed app's EventSource", fromPage("GET", "cross-site", app, "cors", "empty", "Accept: text/event-stream"), false},
		{"allowed app's link", fromPage("GET", "cross-site", "", "navigate", "document", html, "Sec-Fetch-User: ?1"), true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.refused {
				wantRefused(t, g, tt.q, "cross-site-request")
				return
			}
			wantPassed(t, g, tt.q)
		})
	}
}

// TestRebinding plays a page on evil.example:4010 whose name now leads here. To
// the browser it is the server's own page, so only the Host gives it away.
func TestRebinding(t *testing.T) {
	t.Parallel()
	g := newGuard(t, guard.Config{})
	for _, target := range []string{"/_mock/projects", "/v1/api_key/"} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			q := fromPage(method, "same-origin", "http://evil.example:4010", "cors", "empty")
			q.target, q.host = target, "evil.example:4010"
			wantRefused(t, g, q, "host-not-allowed")
		}
	}
}
