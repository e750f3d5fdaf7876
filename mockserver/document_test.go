package mockserver_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/mockserver"
	"github.com/digakit/digakit/mockserver/journal"
)

func TestOtherDocuments(t *testing.T) {
	t.Parallel()
	seed := string(spectest.Seed())
	renamed := strings.ReplaceAll(seed, `"has_more"`, `"more"`)
	based := strings.Replace(seed, `"url": "https://api.diga.io"`, `"url": "https://api.example.test/base"`, 1)
	for _, tc := range []struct {
		name, document, path string
		status               int
		departure            string
	}{
		{"an operation that has a handler", string(spectest.Document(30)), keysPath, http.StatusOK, ""},
		{"one that has none", string(spectest.Document(30)), "/v1/vessel/", http.StatusOK, ""},
		{"its handler's answers would not fit", renamed, keysPath, http.StatusOK, ""},
		{"a path that is not in it", string(spectest.Document(30)), "/v1/elsewhere/", http.StatusNotFound, ""},
		{"with a slash that it does not have", string(spectest.Document(30)), "/v1/vessel/x/", http.StatusTemporaryRedirect, ""},
		{"without its slash", string(spectest.Document(30)), "/v1/vessel?limit=1", http.StatusTemporaryRedirect, ""},
		{"two slashes, which is another host", string(spectest.Document(30)), "//v1/vessel", http.StatusNotFound, ""},
		{"below the base path of its server", based, "/base" + keysPath, http.StatusOK, ""},
		{"percent-encoded without need", seed, "/v1/api%5Fkey/", http.StatusOK, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			srv := mockserver.Start(t, mockserver.WithDocument(parsed(t, tc.document)), mockserver.WithAccessLog(slog.New(slog.NewTextHandler(&log, nil))))
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://mock.test"+tc.path, nil)
			try(t, err)
			r.Header = as(mockserver.UnrestrictedKey)
			resp, err := srv.Transport().RoundTrip(r) // whose answer comes after the log
			try(t, err)
			defer resp.Body.Close()
			if departure := resp.Header.Get("Contract-Departure"); resp.StatusCode != tc.status || departure != tc.departure {
				t.Errorf("answered %d, departing %q", resp.StatusCode, departure)
			}
			if tc.document == seed && srv.Served() != "every operation of the document (1, 0 with made-up answers)" {
				t.Errorf("served: %s", srv.Served())
			}
			advice := map[int]string{http.StatusOK: "", http.StatusNotFound: "advice=\"served: ", http.StatusTemporaryRedirect: "advice=\"the document has the path as " + strings.Split(resp.Header.Get("Location"), "?")[0] + "\""}[tc.status]
			if !strings.Contains(log.String(), advice) || strings.Contains(log.String(), "advice=") != (advice != "") {
				t.Errorf("the log says %s", log.String())
			}
			if shown := call(t, http.MethodGet, srv.URL()+"/_mock/openapi.json", http.Header{}); strings.TrimSpace(string(shown.body)) != strings.TrimSpace(tc.document) {
				t.Errorf("/_mock/openapi.json is not the document")
			}
		})
	}
}

// What carries a credential, the document says: such a value stands in no journal
// and no log, whatever its name.
func TestCredentialsThatTheDocumentNamesAreNotKept(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]string{"X-PAT": "header", "DD-APPLICATION-KEY": "header", "X-Auth-Key": "header", "Ocp-Apim-Subscription-Key": "header", "pat": "query", "access_token": "query", "session": "cookie"} {
		const secret = "top-secret-value"
		var log bytes.Buffer
		srv := mockserver.Start(t, mockserver.WithAccessLog(slog.New(slog.NewTextHandler(&log, nil))), mockserver.WithDocument(parsed(t, `{"openapi":"3.1.0","info":{"title":"t","version":"1"},
			"paths":{"/a":{"get":{"parameters":[{"name":"access_token","in":"query","schema":{"type":"string"}}],"security":[{"k":[]}],"responses":{"200":{"description":"d"}}}}},
			"components":{"securitySchemes":{"k":{"type":"apiKey","in":"`+in+`","name":"`+name+`"}}}}`)))
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://mock.test/a", nil)
		try(t, err)
		switch in {
		case "header":
			r.Header.Set(name, secret)
		case "query":
			r.URL.RawQuery = name + "=" + secret
		case "cookie":
			r.Header.Set("Cookie", name+"="+secret)
		}
		resp, err := srv.Transport().RoundTrip(r)
		try(t, err)
		_ = resp.Body.Close()
		demo, err := srv.Project("demo")
		try(t, err)
		entries, err := json.Marshal(demo.Requests(journal.Filter{}))
		try(t, err)
		if resp.StatusCode != http.StatusOK || len(entries) < 100 || strings.Contains(string(entries), "top-secret") || strings.Contains(log.String(), "top-secret") {
			t.Errorf("%s in %s: %d\n%s\n%s", name, in, resp.StatusCode, entries, log.String())
		}
	}
}

func parsed(t *testing.T, document string) *spec.Document {
	t.Helper()
	d, err := spec.Parse([]byte(document))
	try(t, err)
	return d
}

// The published documents are served as they are, each in full.
func TestPublishedDocuments(t *testing.T) {
	t.Parallel()
	for name, document := range spectest.SharedFiles(t, "diga/*.json") {
		srv := mockserver.Start(t, mockserver.WithDocument(parsed(t, string(document))))
		for path, want := range map[string]int{keysPath + "?limit=2": http.StatusOK, "/v1/agent/": http.StatusOK, "/v1/agent/?limit=0": http.StatusUnprocessableEntity} {
			if a := call(t, http.MethodGet, srv.URL()+path, as(mockserver.UnrestrictedKey)); a.status != want {
				t.Errorf("%s: GET %s answered %d: %s", name, path, a.status, a.body)
			}
		}
	}
}
