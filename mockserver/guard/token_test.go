package guard_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/digakit/digakit/mockserver/guard"
)

func TestToken(t *testing.T) {
	t.Parallel()
	const secret = "s3cret-Token~+/=="
	g := newGuard(t, guard.Config{Addr: "0.0.0.0:4010", Token: secret})
	for _, tt := range []struct {
		name    string
		header  http.Header
		refused bool
		why     string
	}{
		{"right", headers("Authorization: Bearer " + secret), false, ""},
		{"scheme in another case", headers("Authorization: bEARER " + secret), false, "RFC 9110, section 11.1"},
		{"more spaces", headers("Authorization: Bearer   " + secret), false, "RFC 9110, section 11.4"},
		{"none", headers(), true, ""},
		{"empty", headers("Authorization: "), true, ""},
		{"scheme alone", headers("Authorization: Bearer"), true, ""},
		{"scheme and space", headers("Authorization: Bearer "), true, ""},
		{"token alone", headers("Authorization: " + secret), true, ""},
		{"other scheme", headers("Authorization: Basic " + secret), true, ""},
		{"tab", headers("Authorization: Bearer\t" + secret), true, "the separator is spaces"},
		{"wrong", headers("Authorization: Bearer wrong"), true, ""},
		{"other case", headers("Authorization: Bearer " + strings.ToUpper(secret)), true, ""},
		{"beginning", headers("Authorization: Bearer " + secret[:5]), true, ""},
		{"more", headers("Authorization: Bearer " + secret + "x"), true, ""},
		{"two tokens in one", headers("Authorization: Bearer " + secret + ", Bearer wrong"), true, ""},
		{"right twice", headers("Authorization: Bearer "+secret, "Authorization: Bearer "+secret), true, "which one did a proxy judge?"},
		{"right, then wrong", headers("Authorization: Bearer "+secret, "Authorization: Bearer wrong"), true, "which one did a proxy judge?"},
		{"in a cookie", headers("Cookie: token=" + secret), true, "browsers send cookies by themselves"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for _, target := range []string{"/_mock/projects", "/_mock", "/_mock/", "/_mock/nowhere"} {
				for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodOptions} {
					q := request{method: method, target: target, header: tt.header}
					if tt.refused {
						wantRefused(t, g, q, "token-required")
					} else {
						wantPassed(t, g, q)
					}
				}
			}
			wantPassed(t, g, request{target: "/v1/api_key/", header: tt.header})
			if t.Failed() {
				t.Log("why:", tt.why)
			}
		})
	}
	wantRefused(t, g, request{target: "/_mock/projects?token=" + secret}, "token-required")
}

func TestTokenIsNotAskedForUnlessSet(t *testing.T) {
	t.Parallel()
	wantPassed(t, newGuard(t, guard.Config{}), request{})
	wantRefused(t, newGuard(t, guard.Config{Token: "t"}), request{}, "token-required")
}

func TestBeyondLoopbackNeedsAToken(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"", ":4010", "0.0.0.0:4010", "192.168.1.5:4010", "devbox:4010"} {
		if _, err := guard.New(guard.Config{Addr: addr}); err == nil || !strings.Contains(err.Error(), "needs a token") {
			t.Errorf("%q: got %v, want one about the token", addr, err)
		}
		if _, err := guard.New(guard.Config{Addr: addr, Token: guard.NewToken()}); err != nil {
			t.Errorf("%q: %v", addr, err)
		}
	}
}

func TestHealthNeedsNoToken(t *testing.T) {
	t.Parallel()
	g := newGuard(t, guard.Config{Addr: "0.0.0.0:4010", Token: "t"})
	wantPassed(t, g, request{target: "/_mock/health"})
	wantPassed(t, g, request{method: http.MethodHead, target: "/_mock/health"})
	// All else that is near it.
	wantRefused(t, g, request{method: http.MethodPost, target: "/_mock/health"}, "token-required")
	for _, target := range []string{"/_mock/health/", "/_mock/healthy", "/_mock/health/x", "/_mock/%68ealth", "/_mock%2Fhealth", "/_mock//health", "/_mock/health/../projects", "/_mock/x/../health"} {
		wantRefused(t, g, request{target: target}, "token-required")
	}
	// The other rules hold.
	wantRefused(t, g, request{target: "/_mock/health", host: "evil.example"}, "host-not-allowed")
	wantRefused(t, g, request{target: "/_mock/health", header: headers("Origin: https://evil.example")}, "cross-site-request")
	wantRefused(t, g, request{target: "/_mock/health", header: headers("Sec-Fetch-Site: cross-site")}, "cross-site-request")
}

func TestTokenDoesNotReplaceTheOtherRules(t *testing.T) {
	t.Parallel()
	g := newGuard(t, guard.Config{Token: "t"})
	wantRefused(t, g, request{host: "evil.example", header: headers("Authorization: Bearer t")}, "host-not-allowed")
	wantRefused(t, g, request{header: headers("Authorization: Bearer t", "Origin: https://evil.example")}, "cross-site-request")
}

func TestTokenMistakes(t *testing.T) {
	t.Parallel()
	for _, token := range []string{" ", "a b", "a\n", "tøken", "a\x7f", "\t"} {
		_, err := guard.New(guard.Config{Addr: "localhost", Token: token})
		if err == nil {
			t.Errorf("%q: got %v", token, err)
		}
	}
	long := strings.Repeat("x", 5000)
	wantPassed(t, newGuard(t, guard.Config{Token: long}), request{header: headers("Authorization: Bearer " + long)})
}

func TestNewTokenIsNewAndUsable(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 100 {
		token := guard.NewToken()
		if seen[token] || len(token) < 26 {
			t.Fatalf("%q was there before, or is short", token)
		}
		seen[token] = true
		wantPassed(t, newGuard(t, guard.Config{Token: token}), request{header: headers("Authorization: Bearer " + token)})
	}
}
