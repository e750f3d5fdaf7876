package mockserver_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/mockserver"
)

// textAt asks with the method and headers of a curl command line.
func textAt(t *testing.T, method, target, body, key string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
	try(t, err)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	resp, err := http.DefaultClient.Do(r)
	try(t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	try(t, err)
	return resp.StatusCode, string(text)
}

// What llms.txt says of routes, keys and collections is so, and each of its commands
// works, whatever document is served and however the mock was started.
func TestLLMsText(t *testing.T) {
	t.Parallel()
	const trains = `{"openapi":"3.1.0","info":{"title":"Trains","version":"7"},"components":{"securitySchemes":{"k":{"type":"http","scheme":"bearer"}}},"security":[{"k":[]}],
		"paths":{"/trains":{"get":{"operationId":"listTrains","responses":{"200":{"description":"d","content":{"application/json":{"schema":{"type":"array","items":{"type":"object","properties":{"id":{"type":"string"},"name":{"type":"string"}},"required":["id"]}}}}}}}},
		"/trains/{id}":{"get":{"parameters":[{"name":"id","in":"path","required":true,"schema":{"type":"string"}}],"responses":{"200":{"description":"d","content":{"application/json":{"schema":{"type":"object","properties":{"id":{"type":"string"},"name":{"type":"string"}},"required":["id"]}}}}}}}}}`
	for _, tc := range []struct {
		name string
		opts []mockserver.Option
		says []string
	}{
		{"one operation: no collection but keys", nil, []string{"# Diga API", mockserver.UnrestrictedKey, "None but API keys"}},
		{"a whole document", []mockserver.Option{mockserver.WithDocument(parsed(t, string(spectest.Document(60))))}, []string{mockserver.NothingKey, "- vessel: /v1/vessel"}},
		{"below a prefix", []mockserver.Option{mockserver.WithPrefix("/api")}, []string{"/api/v1/api_key/"}},
		{"another vendor's: any credential", []mockserver.Option{mockserver.WithDocument(parsed(t, trains))}, []string{"# Trains 7", "Any credential will do", "- trains: /trains"}},
		{"another vendor's, with a credential that nobody is told", []mockserver.Option{mockserver.WithDocument(parsed(t, trains)), mockserver.WithCredentials("YOUR-KEY")}, []string{"that the mock was started with (--key)"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			srv := mockserver.Start(t, tc.opts...)
			_, text := textAt(t, http.MethodGet, srv.URL()+"/_mock/llms.txt", "", "")
			for _, want := range tc.says {
				if !strings.Contains(text, want) {
					t.Errorf("it does not say %q:\n%s", want, text)
				}
			}
			_, described := textAt(t, http.MethodGet, srv.URL()+"/_mock/control.json", "", "")
			var control struct{ Paths map[string]map[string]any }
			try(t, json.Unmarshal([]byte(described), &control))
			named := map[string]bool{}
			for _, m := range regexp.MustCompile(`\b(GET|PUT|POST|PATCH|DELETE) (/_mock/[^\s:,;]*)`).FindAllStringSubmatch(text, -1) {
				if control.Paths[m[2]][strings.ToLower(m[1])] == nil {
					t.Errorf("it names %s, which is no route", m[0])
				}
				named[m[2]] = true
			}
			for path := range control.Paths {
				if !named[path] {
					t.Errorf("it does not name %s", path)
				}
			}
			runLLMsCommands(t, srv, text)
			if srv.BadResponses() > 0 {
				t.Error("an answer broke its document")
			}
		})
	}
}

// The command that is offered to be tried works wherever the document wants its credential.
func TestTheCommandToTryWorks(t *testing.T) {
	t.Parallel()
	for name, scheme := range map[string]string{
		"bearer":             `{"type":"http","scheme":"bearer"}`,
		"basic":              `{"type":"http","scheme":"basic"}`,
		"a header":           `{"type":"apiKey","in":"header","name":"X-Key"}`,
		"a header of tokens": `{"type":"apiKey","in":"header","name":"X-Access-Token"}`,
		"a cookie":           `{"type":"apiKey","in":"cookie","name":"session"}`,
		"the query":          `{"type":"apiKey","in":"query","name":"api_key"}`,
		"OpenID Connect":     `{"type":"openIdConnect","openIdConnectUrl":"http://127.0.0.1/x"}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := mockserver.Start(t, mockserver.WithPrefix("/api"), mockserver.WithDocument(parsed(t, `{"openapi":"3.1.0","info":{"title":"T","version":"1"},"components":{"securitySchemes":{"k":`+scheme+`}},
				"paths":{"/boats/{id}/trips":{"get":{"responses":{"200":{"description":"d","content":{"application/json":{"schema":{"type":"array","items":{"type":"object"}}}}}}}},
				"/boats":{"get":{"security":[{"k":[]}],"responses":{"200":{"description":"d","content":{"application/json":{"schema":{"type":"array","items":{"type":"object","required":["id"],"properties":{"id":{"type":"string"}}}}}}}}}}}}`)))
			command := srv.Try(srv.URL()+"/api", "any")
			m := regexp.MustCompile(`^curl -i (?:-H '([^:']+): ([^']+)' )?'?([^' ]+)'?$`).FindStringSubmatch(command)
			if m == nil || strings.Contains(command, "$") {
				t.Fatalf("not to be sent as it is: %s", command)
			}
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, m[3], nil)
			try(t, err)
			if m[1] != "" {
				r.Header.Set(m[1], m[2])
			}
			resp, err := http.DefaultClient.Do(r)
			try(t, err)
			defer resp.Body.Close()
			if resp.StatusCode != http.StatusOK {
				t.Errorf("%s is answered %s", command, resp.Status)
			}
			if _, text := textAt(t, http.MethodGet, srv.URL()+"/_mock/llms.txt", "", ""); !strings.Contains(text, "# ask the API\n"+srv.Try(srv.URL()+"/api", "YOUR-KEY")+"\n") {
				t.Errorf("llms.txt has another:\n%s", text)
			}
		})
	}
}

// runLLMsCommands sends what each command line sends. Those about a collection are left
// out where there is none.
func runLLMsCommands(t *testing.T, srv *mockserver.Server, text string) {
	t.Helper()
	at := regexp.MustCompile(`(?m)^M='(.*)'$`).FindStringSubmatch(text)
	if at == nil || !strings.HasPrefix(at[1], srv.URL()) {
		t.Fatalf("no address of the mock in:\n%s", text)
	}
	text = strings.ReplaceAll(text, "$M", at[1])
	item, sent := "", 0
	for _, m := range regexp.MustCompile(`(?m)^curl (?:-i )?(?:-X (\w+) )?(?:-H 'Authorization: Bearer ([^']*)' )?["']([^"']*)["'](?: --json '([^']*)')?$`).FindAllStringSubmatch(text, -1) {
		method, target := m[1], strings.Replace(m[3], "ITEM_ID", url.PathEscape(item), 1)
		switch {
		case strings.Contains(target, "COLLECTION"):
			continue
		case method == "" && m[4] != "":
			method = http.MethodPost // as curl does
		case method == "":
			method = http.MethodGet
		}
		status, answer := textAt(t, method, target, m[4], m[2])
		if sent++; status >= 300 {
			t.Errorf("%s is answered %d: %s", m[0], status, answer)
		}
		if method == http.MethodPost && strings.Contains(target, "/collections/") {
			var made struct{ ID string }
			try(t, json.Unmarshal([]byte(answer), &made))
			item = made.ID
		}
	}
	if commands := strings.Count(text, "\ncurl "); commands != 10 || sent != commands && sent != commands-3 {
		t.Errorf("%d of %d commands were sent", sent, commands)
	}
}
