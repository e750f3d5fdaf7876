package guard_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/mockserver/guard"
)

// list returns the members of a comma-separated header, sorted, in lower case.
func list(h http.Header, name string) []string {
	var members []string
	for _, value := range h.Values(name) {
		for member := range strings.SplitSeq(strings.ToLower(value), ",") {
			members = append(members, strings.TrimSpace(member))
		}
	}
	slices.Sort(members)
	return members
}

func TestAPIIsOpenToEveryOrigin(t *testing.T) {
	t.Parallel()
	g := newGuard(t, guard.Config{AllowOrigins: []string{"http://devbox:3000"}})
	for _, tc := range []struct {
		origin, allowed, why string // allowed with credentials, unless it is *
	}{
		{"https://anyone.example", "*", "a stranger"},
		{"null", "*", "a sandboxed frame"},
		{"", "*", "so that a cache may give the answer to a page later"},
		{"http://localhost:5173", "http://localhost:5173", "a frontend's development server"},
		{"http://127.0.0.1", "http://127.0.0.1", "the same by address"},
		{"https://[::1]:8443", "https://[::1]:8443", "the same by IPv6"},
		{"http://devbox:3000", "http://devbox:3000", "an allowed origin"},
		{"http://localhost.evil.example:5173", "*", "only looks like loopback"},
		{"http://localhost:5173.evil.example", "*", "only looks like loopback"},
		{"http://10.0.0.1", "*", "another machine"},
		{"ftp://localhost:5173", "*", "no page"},
	} {
		header := headers()
		if tc.origin != "" {
			header = headers("Origin: "+tc.origin, "Sec-Fetch-Site: cross-site")
		}
		answer, passed := send(g, request{target: "/v1/api_key/", header: header})
		if !passed {
			t.Errorf("%s was refused", tc.why)
		}
		if got := answer.Header.Values("Access-Control-Allow-Origin"); !slices.Equal(got, []string{tc.allowed}) {
			t.Errorf("%s: allowed origins %q, want %q", tc.why, got, tc.allowed)
		}
		want := []string{"contract-departure", "location", "mock-basis", "preference-applied", "retry-after", "sl-violations"}
		if diff := cmp.Diff(want, list(answer.Header, "Access-Control-Expose-Headers")); diff != "" {
			t.Errorf("%s: exposed headers: %s", tc.why, diff)
		}
		if got := answer.Header.Get("Access-Control-Allow-Credentials") == "true"; got != (tc.allowed != "*") {
			t.Errorf("%s: with credentials: %t", tc.why, got)
		}
		if vary := list(answer.Header, "Vary"); !slices.Equal(vary, []string{"origin"}) {
			t.Errorf("%s: Vary %q, but the answer is not the same for all", tc.why, vary)
		}
	}
}

func preflight(origin, method, requestHeaders string) http.Header {
	h := headers("Origin: "+origin, "Access-Control-Request-Method: "+method, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: cors")
	if requestHeaders != "" {
		h.Set("Access-Control-Request-Headers", requestHeaders)
	}
	return h
}

func TestAPIPreflight(t *testing.T) {
	t.Parallel()
	g := newGuard(t, guard.Config{Addr: "0.0.0.0:4010", Token: "t"})
	// Neither the redirect of a missing slash, nor 404, 405 or 403 gets in its way.
	for _, target := range []string{"/v1/api_key/", "/v1/api_key", "/nowhere", "/"} {
		answer, passed := send(g, request{method: http.MethodOptions, target: target, header: preflight("https://anyone.example", "DELETE", "authorization,content-type,prefer")})
		h := answer.Header
		if passed || answer.StatusCode != http.StatusNoContent {
			t.Errorf("%s: status %d, passed on: %t", target, answer.StatusCode, passed)
		}
		if h.Get("Access-Control-Allow-Origin") != "*" || h.Get("Access-Control-Allow-Methods") != "*" || h.Get("Access-Control-Max-Age") == "" {
			t.Errorf("%s: %v", target, h)
		}
		if diff := cmp.Diff([]string{"*", "authorization"}, list(h, "Access-Control-Allow-Headers")); diff != "" {
			t.Errorf("%s: allowed headers: %s", target, diff)
		}
		if _, there := h["Access-Control-Allow-Credentials"]; there {
			t.Errorf("%s: with credentials", target)
		}
	}
}

// Tracing and error reporting add headers of their own to every request.
func TestAPIPreflightAllowsAnyHeader(t *testing.T) {
	t.Parallel()
	const asked = "authorization,baggage,sentry-trace,traceparent,x-request-id,x-requested-with"
	for origin, want := range map[string][]string{
		"https://anyone.example": {"*", "authorization"}, "http://localhost:5173": strings.Split(asked, ","),
	} {
		answer, _ := send(newGuard(t, guard.Config{}), request{method: http.MethodOptions, target: "/v1/api_key/", header: preflight(origin, "GET", asked)})
		if got := list(answer.Header, "Access-Control-Allow-Headers"); answer.StatusCode != http.StatusNoContent || !slices.Equal(got, want) {
			t.Errorf("%s: %d, allowed headers %q, want %q", origin, answer.StatusCode, got, want)
		}
	}
}

func TestOtherOPTIONSPassesOn(t *testing.T) {
	t.Parallel()
	g := newGuard(t, guard.Config{})
	for _, header := range []http.Header{
		headers(),
		headers("Origin: https://anyone.example"),
		headers("Access-Control-Request-Method: GET"),
	} {
		wantPassed(t, g, request{method: http.MethodOptions, target: "/v1/api_key/", header: header})
	}
	// Nor is a preflight any other method.
	wantPassed(t, g, request{target: "/v1/api_key/", header: preflight("https://anyone.example", "GET", "")})
}

func TestControlPreflight(t *testing.T) {
	t.Parallel()
	g := newGuard(t, guard.Config{Token: "t", AllowOrigins: []string{"http://localhost:3000"}})
	// A preflight brings no token: browsers add none to it.
	answer, passed := send(g, request{method: http.MethodOptions, header: preflight("http://localhost:3000", "PUT", "authorization,content-type,x-mock-member")})
	h := answer.Header
	if passed || answer.StatusCode != http.StatusNoContent || h.Get("Access-Control-Allow-Origin") != "http://localhost:3000" || h.Get("Access-Control-Allow-Methods") != "*" {
		t.Errorf("status %d, passed on: %t, %v", answer.StatusCode, passed, h)
	}
	if diff := cmp.Diff([]string{"*", "authorization"}, list(h, "Access-Control-Allow-Headers")); diff != "" {
		t.Errorf("allowed headers: %s", diff)
	}
	if _, there := h["Access-Control-Allow-Credentials"]; there {
		t.Error("with credentials")
	}
	for _, origin := range []string{"https://evil.example", "null", "http://localhost:3001"} {
		wantRefused(t, g, request{method: http.MethodOptions, header: preflight(origin, "PUT", "authorization")}, "cross-site-request")
	}
	// The server's own pages need no preflight, so this one is like any request.
	own := headers("Origin: http://127.0.0.1:4010", "Access-Control-Request-Method: PUT")
	wantRefused(t, g, request{method: http.MethodOptions, header: own}, "token-required")
}

func TestControlIsOpenToAllowedOriginsAlone(t *testing.T) {
	t.Parallel()
	g := newGuard(t, guard.Config{AllowOrigins: []string{"http://localhost:3000", "https://console.example.test"}})
	for origin, want := range map[string]string{
		"http://localhost:3000":        "http://localhost:3000",
		"https://console.example.test": "https://console.example.test",
		"http://127.0.0.1:4010":        "", // its own: needs no CORS
		"https://evil.example":         "", // refused, and unreadable
		"null":                         "",
	} {
		answer, _ := send(g, request{header: headers("Origin: " + origin)})
		if got := strings.Join(answer.Header.Values("Access-Control-Allow-Origin"), " "); got != want {
			t.Errorf("%s: allowed origin %q, want %q", origin, got, want)
		}
		if _, there := answer.Header["Access-Control-Allow-Credentials"]; there {
			t.Errorf("%s: with credentials", origin)
		}
		if vary := list(answer.Header, "Vary"); want != "" && !slices.Equal(vary, []string{"origin", "sec-fetch-site"}) {
			t.Errorf("%s: Vary %q", origin, vary)
		}
	}
}

// A page should be able to read why it was refused, if it may read anything.
func TestRefusalsAreReadableWhereAnswersAre(t *testing.T) {
	t.Parallel()
	g := newGuard(t, guard.Config{Token: "t", AllowOrigins: []string{"http://localhost:3000"}})
	answer, _ := send(g, request{header: headers("Origin: http://localhost:3000")})
	if answer.Header.Get("Access-Control-Allow-Origin") != "http://localhost:3000" || readProblem(t, answer).Type != "urn:digakit:problem:token-required" {
		t.Errorf("missing token: %v", answer.Header)
	}
	q := request{target: "/v1/api_key/", host: "mock:4010", header: headers("Origin: http://localhost:3000")}
	answer, _ = send(g, q)
	if answer.Header.Get("Access-Control-Allow-Origin") != "http://localhost:3000" || readProblem(t, answer).Type != "urn:digakit:problem:host-not-allowed" {
		t.Errorf("host of the API: %v", answer.Header)
	}
	q.method, q.header = http.MethodOptions, preflight("http://localhost:3000", "GET", "authorization")
	if answer, _ = send(g, q); answer.StatusCode != http.StatusNoContent {
		t.Errorf("preflight for it: status %d", answer.StatusCode)
	}
	q.target = "/_mock/projects"
	wantRefused(t, g, q, "host-not-allowed")
}

func TestPrivateNetworkAccess(t *testing.T) {
	t.Parallel()
	g := newGuard(t, guard.Config{AllowOrigins: []string{"https://console.example.test"}})
	for _, tt := range []struct {
		name, target, origin, asked, want string
	}{
		{"API", "/v1/api_key/", "https://anyone.example", "true", "true"},
		{"API, not asked", "/v1/api_key/", "https://anyone.example", "", ""},
		{"API, asked for something else", "/v1/api_key/", "https://anyone.example", "yes", ""},
		{"control API, allowed origin", "/_mock/projects", "https://console.example.test", "true", "true"},
		{"control API, allowed origin, not asked", "/_mock/projects", "https://console.example.test", "", ""},
		{"control API, foreign origin", "/_mock/projects", "https://evil.example", "true", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := preflight(tt.origin, "GET", "authorization")
			if tt.asked != "" {
				h.Set("Access-Control-Request-Private-Network", tt.asked)
			}
			answer, _ := send(g, request{method: http.MethodOptions, target: tt.target, header: h})
			if got := answer.Header.Get("Access-Control-Allow-Private-Network"); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
