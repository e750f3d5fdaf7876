package guard_test

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/digakit/digakit/mockserver/guard"
)

// Hosts that a server answers to, whatever it is bound to.
var loopbackHosts = []struct{ name, host string }{
	{"name", "localhost"},
	{"port", "localhost:4010"},
	{"any port: containers map them", "localhost:80"},
	{"empty port (RFC 3986)", "localhost:"},
	{"final dot", "localhost."},
	{"final dot and port", "localhost.:4010"},
	{"upper case", "LocalHost:4010"},
	{"below localhost (RFC 6761)", "app.localhost:4010"},
	{"two below", "a.b.localhost."},
	{"IPv4", "127.0.0.1:4010"},
	{"IPv4 with final dot", "127.0.0.1."},
	{"other IPv4 of the block", "127.8.9.10"},
	{"IPv6", "[::1]:4010"},
	{"IPv6 without port", "[::1]"},
	{"IPv6 written out", "[0:0:0:0:0:0:0:1]:4010"},
	{"IPv6 zone", "[::1%lo]:4010"},
	{"IPv6 zone, escaped (RFC 6874)", "[::1%25lo]:4010"},
	{"IPv4 in IPv6", "[::ffff:127.0.0.1]:4010"},
}

// Hosts that no server answers to unless told.
var foreignHosts = []struct{ name, host string }{
	{"name", "evil.example"},
	{"name with port", "evil.example:4010"},
	{"loopback name first", "localhost.evil.example"},
	{"loopback name last, no dot", "evillocalhost"},
	{"loopback name last, hyphen", "evil-localhost:4010"},
	{"loopback address first", "127.0.0.1.evil.example"},
	{"public rebinding name", "7f000001.c0a80001.rbndr.us"},
	{"short IPv4, which browsers never send", "127.1"},
	{"hexadecimal IPv4", "0x7f000001"},
	{"decimal IPv4", "2130706433"},
	{"octal IPv4", "0177.0.0.1"},
	{"padded IPv4", "127.0.0.01"},
	{"user information", "localhost@evil.example"},
	{"user information, the other way round", "evil.example@localhost"},
	{"empty label", "evil..localhost"},
	{"empty first label", ".localhost"},
	{"two final dots", "localhost.."},
	{"only a dot", "."},
	{"only a port", ":4010"},
	{"port that is none", "localhost:abc"},
	{"port with name behind", "localhost:80.evil.example"},
	{"two ports", "localhost:80:80"},
	{"long port", "localhost:040100"},
	{"space", "localhost evil.example"},
	{"slash", "localhost/evil.example"},
	{"list", "localhost,evil.example"},
	{"NUL", "localhost\x00"},
	{"letters that look alike", "ⓛocalhost"},
	{"letters that fold alike: the long s", "localhoſt"},
	{"IPv6 without brackets", "::1"},
	{"IPv6 without end", "[::1"},
	{"IPv6 with name behind", "[::1].evil.example"},
	{"IPv6 of name", "[localhost]"},
	{"IPv4 in brackets", "[127.0.0.1]"},
	{"empty brackets", "[]"},
	{"only a zone", "[%lo]"},
	{"empty zone", "[::1%]"},
	{"IPv4 zone", "127.0.0.1%lo"},
	{"longer than a name can be", strings.Repeat("a.", 200) + "localhost"},
	{"label longer than one can be", strings.Repeat("a", 64) + ".localhost"},
	{"star", "*"},
	{"star name", "*.localhost"},
}

// Addresses that are not loopback.
var otherAddresses = []string{"192.168.1.5:4010", "0.0.0.0:4010", "10.0.0.1", "[2001:db8::1]:4010", "[::]:4010", "[fe80::1%25eth0]", "8.8.8.8"}

func TestHost(t *testing.T) {
	t.Parallel()
	onLoopback := newGuard(t, guard.Config{})
	beyond := newGuard(t, guard.Config{Addr: "0.0.0.0:4010", Token: "t"})
	for _, target := range []string{"/v1/api_key/", "/_mock/health"} {
		for _, tt := range loopbackHosts {
			t.Run("loopback "+tt.name, func(t *testing.T) {
				t.Parallel()
				wantPassed(t, onLoopback, request{target: target, host: tt.host})
				wantPassed(t, beyond, request{target: target, host: tt.host})
			})
		}
		for _, tt := range foreignHosts {
			t.Run("foreign "+tt.name, func(t *testing.T) {
				t.Parallel()
				wantRefused(t, onLoopback, request{target: target, host: tt.host}, "host-not-allowed")
				wantRefused(t, beyond, request{target: target, host: tt.host}, "host-not-allowed")
			})
		}
		for _, host := range otherAddresses {
			t.Run("address "+host, func(t *testing.T) {
				t.Parallel()
				// Why: bound to loopback it has no such address; bound beyond, it may,
				// and a page that used it to get here was not rebound.
				wantRefused(t, onLoopback, request{target: target, host: host}, "host-not-allowed")
				wantPassed(t, beyond, request{target: target, host: host})
			})
		}
	}
}

func TestHostMissing(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		target string
		minor  int
		want   int
	}{
		{"/_mock/projects", 0, http.StatusForbidden},
		{"/v1/api_key/", 0, http.StatusForbidden},
		{"/_mock/health", 0, http.StatusTeapot},    // passed on, as load balancers probe; no browser can
		{"/_mock/health", 1, http.StatusForbidden}, // net/http refuses it before
		{"/_mock/health/", 0, http.StatusForbidden},
	} {
		r := request{target: tt.target}.http()
		r.Host, r.ProtoMinor = "", tt.minor
		if answer := serve(newGuard(t, guard.Config{}), r); answer.StatusCode != tt.want {
			t.Errorf("%s over HTTP/1.%d: status %d, want %d", tt.target, tt.minor, answer.StatusCode, tt.want)
		}
	}
}

func TestHostIsTheRequestsNotAProxys(t *testing.T) {
	t.Parallel()
	g := newGuard(t, guard.Config{})
	wantRefused(t, g, request{host: "evil.example", header: headers("X-Forwarded-Host: localhost", "Forwarded: host=localhost")}, "host-not-allowed")
	wantPassed(t, g, request{host: "localhost", header: headers("X-Forwarded-Host: evil.example")})
}

func TestHostOfTheBoundAddress(t *testing.T) {
	t.Parallel()
	g := newGuard(t, guard.Config{Addr: "DevBox.:4010", Token: "t"})
	wantPassed(t, g, request{target: "/v1/api_key/", host: "devbox:4010"})
	wantRefused(t, g, request{target: "/v1/api_key/", host: "other:4010"}, "host-not-allowed")
}

func TestAllowHosts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		entry           string
		allowed, others []string
	}{
		{"mock", []string{"mock", "mock:4010", "MOCK.", "localhost"}, []string{"a.mock", "mock.evil.example", "mocks", "10.0.0.1"}},
		{"My_Mock.Internal.", []string{"my_mock.internal:80"}, []string{"internal"}},
		{"*.example.test", []string{"a.example.test", "b.a.example.test:1"}, []string{"example.test", "aexample.test", "a.example.test.evil.example"}},
		{"*.localhost", []string{"a.localhost"}, nil},
		{"*.test", []string{"a.test"}, []string{"test"}},
		{"*.example.com", []string{"a.example.com"}, []string{"example.com"}},
		{"github.io", []string{"github.io"}, []string{"evil.github.io"}},
		{"xn--bcher-kva.test", []string{"XN--bcher-kva.test"}, nil},
		{"1password.test", []string{"1password.test"}, nil},
		{"192.168.1.5", []string{"192.168.1.5:80"}, []string{"192.168.1.6", "a.192.168.1.5"}},
		{"2001:DB8::1", []string{"[2001:db8:0::1]:80"}, []string{"[2001:db8::2]"}},
		{"[2001:db8::1]", []string{"[2001:db8::1%25eth0]"}, nil},
		{"::ffff:10.0.0.1", []string{"10.0.0.1"}, nil},
	} {
		t.Run(tt.entry, func(t *testing.T) {
			t.Parallel()
			g := newGuard(t, guard.Config{AllowHosts: []string{tt.entry}})
			for _, host := range tt.allowed {
				wantPassed(t, g, request{host: host})
			}
			for _, host := range tt.others {
				wantRefused(t, g, request{host: host}, "host-not-allowed")
			}
		})
	}
}

func TestAllowHostsMistakes(t *testing.T) {
	t.Parallel()
	for entry, remedy := range map[string]string{
		"":                   "it is no host name",
		"*":                  "name each host",
		"*.":                 "it is no host name",
		"*.*.test":           "it is no host name",
		"a.*.test":           "it is no host name",
		"*mock":              "it is no host name",
		"*.com":              "a domain of your own",
		"*.co.uk":            "a domain of your own",
		"*.github.io":        "a domain of your own",
		"*.10.0.0.1":         "nothing below",
		"mock:4010":          "leave out the port",
		"10.0.0.1:4010":      "leave out the port",
		"[::1]:4010":         "leave out the port",
		"fe80::1%eth0":       "leave out the zone",
		"http://mock":        "without scheme",
		"mock/":              "without scheme",
		"my mock":            "it is no host name",
		"bücher.test":        "xn--",
		"a..test":            "it is no host name",
		"mock,other":         "it is no host name",
		"user@mock":          "it is no host name",
		"[mock]":             "it is no host name",
		"evil.example\nmock": "it is no host name",
	} {
		t.Run(entry, func(t *testing.T) {
			t.Parallel()
			_, err := guard.New(guard.Config{Addr: "localhost", AllowHosts: []string{entry}})
			if err == nil || !strings.Contains(err.Error(), remedy) {
				t.Errorf("got %v, want one with %q", err, remedy)
			}
		})
	}
}

// FuzzHost looks for a Host that passes although it names no loopback host.
func FuzzHost(f *testing.F) {
	for _, tt := range loopbackHosts {
		f.Add(tt.host)
	}
	for _, tt := range foreignHosts {
		f.Add(tt.host)
	}
	g := newGuard(f, guard.Config{})
	f.Fuzz(func(t *testing.T, host string) {
		r := request{}.http()
		r.Host = host
		if serve(g, r).StatusCode == http.StatusForbidden {
			return
		}
		// Judged without the guard's parser: cut a port, then what remains is
		// localhost, below it, or a loopback address.
		name := strings.ToLower(host)
		if i := strings.LastIndexByte(name, ':'); i >= 0 && strings.Trim(name[i+1:], "0123456789") == "" {
			name = name[:i]
		}
		name = strings.TrimSuffix(name, ".")
		if name == "localhost" || strings.HasSuffix(name, ".localhost") && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-_.") == "" {
			return
		}
		if addr, err := netip.ParseAddr(strings.Trim(name, "[]")); err != nil || !addr.Unmap().IsLoopback() {
			t.Errorf("%q passes", host)
		}
	})
}
