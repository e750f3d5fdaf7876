package contract_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract"
)

func TestCurl(t *testing.T) {
	t.Parallel()
	key := contract.Credential{Secret: "the-key", Variable: "DIGAKIT_KEY"}
	denied := contract.Credential{Secret: "the-denied-key", Variable: "DIGAKIT_DENIED_KEY"}
	madeUp := contract.Credential{Secret: "nobodys-key"}
	for _, tc := range []struct {
		name, why string
		method    string
		target    string
		header    http.Header
		body      string
		want      string
	}{
		{"plain", "nothing to add", "GET", "http://h/v1/?limit=2&order=asc", nil, "", `curl -i 'http://h/v1/?limit=2&order=asc'`},
		{"known key", "pasting it works where the variable is set", "GET", "http://h/", http.Header{"Authorization": {"Bearer the-key"}}, "", `curl -i -H "Authorization: Bearer $DIGAKIT_KEY" 'http://h/'`},
		{"denied key", "each key has its own variable", "GET", "http://h/", http.Header{"Authorization": {"Bearer the-denied-key"}}, "", `curl -i -H "Authorization: Bearer $DIGAKIT_DENIED_KEY" 'http://h/'`},
		{"made-up key", "the refusal can be repeated only with it", "GET", "http://h/", http.Header{"Authorization": {"Bearer nobodys-key"}}, "", `curl -i -H 'Authorization: Bearer nobodys-key' 'http://h/'`},
		{"unknown key", "a secret all the same", "GET", "http://h/", http.Header{"Authorization": {"Basic dXNlcjpwYXNz"}}, "", `curl -i -H "Authorization: Basic $DIGAKIT_KEY" 'http://h/'`},
		{"no scheme", "a bare secret is one too", "GET", "http://h/", http.Header{"Authorization": {"abc"}}, "", `curl -i -H "Authorization: $DIGAKIT_KEY" 'http://h/'`},
		{"empty header", "curl sends it with a semicolon", "GET", "http://h/", http.Header{"Authorization": {""}}, "", `curl -i -H 'Authorization;' 'http://h/'`},
		{"cookie", "carries sessions", "GET", "http://h/", http.Header{"Cookie": {"s=1"}}, "", `curl -i -H "Cookie: $SECRET" 'http://h/'`},
		{"key in the query", "some send it there", "GET", "http://h/?a=$x&api_key=s", nil, "", `curl -i "http://h/?a=\$x&api_key=$SECRET"`},
		{"user info", "passwords stand there", "GET", "http://u:p@h/", nil, "", `curl -i 'http://h/'`},
		{"brackets", "curl would expand them", "GET", "http://h/?a[]=1", nil, "", `curl -i -g 'http://h/?a[]=1'`},
		{"quote", "must not end the word", "GET", "http://h/?a='", nil, "", `curl -i 'http://h/?a='\'''`},
		{"head", "-X HEAD would wait for a body", "HEAD", "http://h/", nil, "", `curl -I 'http://h/'`},
		{"delete", "a method by name", "DELETE", "http://h/", nil, "", `curl -i -X DELETE 'http://h/'`},
		{"post", "data means POST", "POST", "http://h/", http.Header{"Content-Type": {"application/json"}}, `{"a":1}`, `curl -i -H 'Content-Type: application/json' --data-raw '{"a":1}' 'http://h/'`},
		{"binary", "no shell word holds it", "PUT", "http://h/", nil, "\x00", `curl -i -X PUT --data-binary @body 'http://h/'`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			u, err := url.Parse(tc.target)
			if err != nil {
				t.Fatal(err)
			}
			r := &http.Request{Method: tc.method, URL: u, Header: tc.header}
			got := diga(t).Curl(r, []byte(tc.body), key, denied, madeUp)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.why, diff)
			}
		})
	}
}

// What names a credential, the document says, whatever it is called.
func TestCurlKeepsTheDocumentsCredentialsBack(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"X-Auth-Key", "DD-APPLICATION-KEY", "Ocp-Apim-Subscription-Key", "X-PAT", "x_pat", "X-Whatever"} {
		for _, in := range []string{"header", "query", "cookie"} {
			v, err := contract.New([]byte(`{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{"/a":{"get":{"operationId":"a","responses":{"200":{"description":"d"}}}}},
				"components":{"securitySchemes":{"k":{"$ref":"#/components/securitySchemes/l"},"l":{"type":"apiKey","in":"` + in + `","name":"` + name + `"}}}}`))
			if err != nil {
				t.Fatal(err)
			}
			r := httptest.NewRequest(http.MethodGet, "http://h/a", nil)
			switch in {
			case "header":
				r.Header.Set(name, "top-secret")
			case "query":
				r.URL.RawQuery = url.QueryEscape(name) + "=top-secret"
			case "cookie":
				r.Header.Set("Cookie", name+"=top-secret")
			}
			if got := v.Curl(r, nil); strings.Contains(got, "top-secret") || !strings.Contains(got, "$SECRET") {
				t.Errorf("%s in %s: %s", name, in, got)
			}
		}
	}
}

func TestHoldsSecret(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"Authorization": true, "Proxy-Authorization": true, "X-Auth-Key": true, "X-Auth-Token": true, "Set-Cookie": true, "key": true, "api_key": true, "X-API-Key": true, "accessToken": true,
		"DD-APPLICATION-KEY": true, "Ocp-Apim-Subscription-Key": true, "client_secret": true, "X-Amz-Signature": true,
		"author": false, "X-Author-Id": false, "page_token": false, "next_token": false, "max_tokens": false, "Idempotency-Key": false, "sort_key": false, "Accept": false, "Www-Authenticate": false, "": false,
	} {
		if got := contract.HoldsSecret(name); got != want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

// A shell reads the command as it was meant: curl is replaced by a program that
// prints its words.
func TestCurlIsOneShellCommand(t *testing.T) {
	t.Parallel()
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no shell here")
	}
	r := httptest.NewRequest(http.MethodPost, "http://h/p;a?x='$(id)&token=s&y=`id`", nil)
	r.Header.Set("Authorization", "Bearer unknown")
	r.Header.Set("X-Odd", `it's "$HOME" \ `+"`id`")
	cmd := exec.CommandContext(t.Context(), sh, "-c", `curl() { for w; do printf '%s\n' "$w"; done; }; DIGAKIT_KEY=k SECRET=s; `+diga(t).Curl(r, []byte("it's\n$HOME")))
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"-i", "-H", "Authorization: Bearer k", "-H", `X-Odd: it's "$HOME" \ ` + "`id`",
		"--data-raw", "it's", "$HOME", "http://h/p;a?x='$(id)&token=s&y=`id`", "",
	}
	if diff := cmp.Diff(want, strings.Split(string(out), "\n")); diff != "" {
		t.Errorf("words (-want +got):\n%s", diff)
	}
}

// Passwords stand in bodies too: by what the document says of a property, and by its name.
func TestCurlKeepsSecretsOfBodiesBack(t *testing.T) {
	t.Parallel()
	v, err := contract.New([]byte(`{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{"/a":{"post":{"operationId":"a","requestBody":{"content":{"application/json":{"schema":{
		"type":"object","properties":{"pin":{"type":"string","writeOnly":true},"phrase":{"$ref":"#/components/schemas/Phrase"},"name":{"type":"string"}}}}}},"responses":{"200":{"description":"d"}}}}},
		"components":{"schemas":{"Phrase":{"type":"string","format":"password"}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	const form = "application/x-www-form-urlencoded"
	for _, tc := range []struct{ why, media, body, want string }{
		{"written only", "", `{"name":"n","pin":"1234"}`, `'{"name":"n","pin":"'"$SECRET"'"}'`},
		{"a password, deep inside", "", `[{"a":{"phrase":"top secret"}}]`, `'[{"a":{"phrase":"'"$SECRET"'"}}]'`},
		{"by its name", "", `{"client_secret":"s","a":1}`, `'{"client_secret":"'"$SECRET"'","a":1}'`},
		{"not only texts", "", `{"pin":1234,"phrase":{"a":["b"]},"name":1}`, `'{"pin":'"$SECRET"',"phrase":'"$SECRET"',"name":1}'`},
		{"spelled in another way", "", `{"p\u0069n": "1\"2"}`, `'{"p\u0069n": "'"$SECRET"'"}'`},
		{"nothing to hide", "", `{"pin":"","phrase":null,"name":"pin","max_tokens":3}`, `'{"pin":"","phrase":null,"name":"pin","max_tokens":3}'`},
		{"in a second value", "", `{"name":"n"} {"pin":"1"}`, `'{"name":"n"} {"pin":"'"$SECRET"'"}'`},
		{"cut in the middle", "", `{"name":"n","pin":"12`, "@body"},
		{"broken, and nothing to hide", "", `{"name":"n",`, `'{"name":"n",'`},
		{"a form", form, "name=n&pin=12%2034", `"name=n&pin=$SECRET"`},
		{"a form with nothing to hide", form, "name=n", `name=n`},
		{"parts", "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\ntop\r\n--x--", "@body"},
	} {
		r := httptest.NewRequest(http.MethodPost, "http://h/a", nil)
		if tc.media != "" {
			r.Header.Set("Content-Type", tc.media)
		}
		got := v.Curl(r, []byte(tc.body))
		_, got, _ = strings.Cut(strings.TrimSuffix(got, ` 'http://h/a'`), " --data-")
		_, got, _ = strings.Cut(got, " ")
		if d := cmp.Diff(tc.want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", tc.why, d)
		}
	}
}
