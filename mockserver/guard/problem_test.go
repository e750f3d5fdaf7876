package guard_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/mockserver/guard"
)

type problem struct {
	Type, Title, Detail, Instance string
	Status                        int
}

func readProblem(t *testing.T, answer *http.Response) problem {
	t.Helper()
	var p problem
	d := json.NewDecoder(answer.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		t.Errorf("status %d without a problem document: %v", answer.StatusCode, err)
	}
	return p
}

func TestRefusalIsAProblemDocument(t *testing.T) {
	t.Parallel()
	answer, _ := send(newGuard(t, guard.Config{}), request{target: "/v1/api%20key/?token=s3cret", host: "Evil.example:4010"})
	for name, want := range map[string]string{
		"Content-Type":           "application/problem+json",
		"Cache-Control":          "no-store",
		"X-Content-Type-Options": "nosniff",
		"WWW-Authenticate":       "",
	} {
		if got := answer.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	want := problem{
		Type: "urn:digakit:problem:host-not-allowed", Title: "Host not allowed", Status: http.StatusForbidden,
		Detail: `This server answers only to hosts it knows, as protection against DNS rebinding, and "evil.example" is none of them. ` +
			`Use localhost, or start the server with --allow-host evil.example.`,
		Instance: "/v1/api%20key/",
	}
	if diff := cmp.Diff(want, readProblem(t, answer)); diff != "" {
		t.Error(diff)
	}
}

func TestRefusalRepeatsLittleAndNothingStrange(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 5000)
	strange := "https://<b>\"'\\\x1b[31m\u202eé"
	for _, q := range []request{
		{host: long + ".example"},
		{host: strange},
		{header: headers("Origin: https://" + long)},
		{header: http.Header{"Origin": {strange}}},
		{header: http.Header{"Sec-Fetch-Site": {strange}}},
		{header: headers("Sec-Fetch-Site: " + long)},
		{target: "/_mock/" + long, header: headers("Origin: null")},
	} {
		answer, _ := send(newGuard(t, guard.Config{}), q)
		p := readProblem(t, answer)
		if len(p.Detail)+len(p.Instance) > 900 {
			t.Errorf("it repeats too much: %d and %d bytes", len(p.Detail), len(p.Instance))
		}
		for _, bad := range []string{"\x1b", "\u202e", "é", `\`, `"'`} {
			if strings.Contains(p.Detail, bad) {
				t.Errorf("%q is in %q", bad, p.Detail)
			}
		}
	}
}

func TestRefusalSaysHowToAllow(t *testing.T) {
	t.Parallel()
	const secret = "s3cret-of-someone"
	for _, tt := range []struct {
		name string
		q    request
		want string
	}{
		{"host", request{host: "mock:4010"}, "--allow-host mock."},
		{"address", request{host: "[2001:DB8::1]:4010"}, "--allow-host 2001:db8::1."},
		{"malformed host", request{host: "a b"}, "Send a host such as localhost:4010"},
		{"origin", request{header: headers("Origin: http://localhost:3000")}, "--allow-origin http://localhost:3000."},
		{"null origin", request{header: headers("Origin: null")}, "--allow-origin"},
		{"navigation", request{header: headers("Sec-Fetch-Site: cross-site")}, "type or paste the address"},
		{"no token", request{}, "Authorization: Bearer TOKEN"},
		{"wrong token", request{header: headers("Authorization: Bearer " + secret)}, "--token"},
		{"wrong scheme", request{header: headers("Authorization: Basic " + secret)}, "--token"},
		{"two tokens", request{header: headers("Authorization: Bearer "+secret, "Authorization: Bearer "+secret)}, "Send one"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			answer, _ := send(newGuard(t, guard.Config{Token: "right"}), tt.q)
			detail := readProblem(t, answer).Detail
			if !strings.Contains(detail, tt.want) {
				t.Errorf("%q is not in %q", tt.want, detail)
			}
			if strings.Contains(detail, secret) || strings.Contains(detail, "right") {
				t.Errorf("it tells a secret: %q", detail)
			}
		})
	}
}
