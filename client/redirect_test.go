package client_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/client"
)

// hop is one request as a server saw it.
type hop struct {
	URL    string
	HasKey bool
}

// hops answers redirects by a table and records who was given the key. Nothing
// of it needs a socket, so hosts and schemes can be anything.
type hops struct {
	redirects map[string]string
	seen      []hop
}

func (h *hops) RoundTrip(req *http.Request) (*http.Response, error) {
	url := req.URL.Scheme + "://" + req.URL.Host + req.URL.Path
	h.seen = append(h.seen, hop{url, strings.Contains(fmt.Sprint(req.Header, req.URL), "s3cr3t")})
	recorder := httptest.NewRecorder()
	if to := h.redirects[url]; to != "" {
		recorder.Header().Set("Location", to)
		recorder.WriteHeader(http.StatusTemporaryRedirect)
	} else {
		writePage(recorder, nil, false)
	}
	res := recorder.Result()
	res.Request = req // as http.Transport does: the key must not leave by it
	return res, nil
}

func TestTheKeyGoesToTheBaseOriginOnly(t *testing.T) {
	t.Parallel()
	const start = "https://diga.test/v1/api_key/"
	for _, test := range []struct {
		name, why, to string
		hasKey        bool
	}{
		{"same origin", "a moved path is still the API", "https://diga.test/v2/", true},
		{"default port spelt out", "https://h and https://h:443 are one origin", "https://diga.test:443/v2/", true},
		{"host in capitals", "host names ignore case", "https://DIGA.test/v2/", true},
		{"other host", "the plain leak", "https://evil.test/", false},
		{"subdomain", "http.Client keeps Authorization there", "https://sub.diga.test/", false},
		{"other port", "http.Client keeps Authorization there", "https://diga.test:8443/", false},
		{"downgrade", "http.Client keeps Authorization there, in the clear", "http://diga.test/v1/api_key/", false},
		{"downgrade on port 443", "the scheme counts too", "http://diga.test:443/", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			h := &hops{redirects: map[string]string{start: test.to}}
			c := dial(t, "https://diga.test", client.WithHTTPClient(&http.Client{Transport: h}))
			if _, err := c.ListAPIKeys(t.Context(), nil); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]hop{{start, true}, {test.to, test.hasKey}}, h.seen); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.why, diff)
			}
		})
	}
}

func TestTheKeyComesBackAfterADetour(t *testing.T) {
	t.Parallel()
	h := &hops{redirects: map[string]string{
		"https://diga.test/v1/api_key/": "https://login.test/",
		"https://login.test/":           "https://diga.test/done",
	}}
	c := dial(t, "https://diga.test", client.WithHTTPClient(&http.Client{Transport: h}))
	res, err := c.Raw().ListAPIKeys(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	want := []hop{{"https://diga.test/v1/api_key/", true}, {"https://login.test/", false}, {"https://diga.test/done", true}}
	if diff := cmp.Diff(want, h.seen); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if strings.Contains(fmt.Sprint(res.Request.Header), "s3cr3t") {
		t.Error("the response's request holds the key")
	}
}

func TestRedirectOverRealConnections(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var leaked []string
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		leaked = append(leaked, r.Header.Values("Authorization")...)
		refuse(w, http.StatusForbidden, "INTERNAL_SERVER_ERROR", "Not authenticated")
	}))
	t.Cleanup(other.Close)
	// Both servers are 127.0.0.1: to http.Client alone this is the same host.
	c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, strings.Replace(other.URL, "//", "//user:"+"pw@", 1)+"/x", http.StatusTemporaryRedirect)
	})
	_, err := c.ListAPIKeys(t.Context(), nil)
	mu.Lock()
	defer mu.Unlock()
	if len(leaked) > 0 {
		t.Errorf("the other server was sent %q", leaked)
	}
	want := "client: GET /v1/api_key/ (redirected to " + other.URL + ", without the key): 403"
	if !documented(t, 403) {
		want += " (not a documented status)"
	}
	want += " INTERNAL_SERVER_ERROR: Not authenticated"
	if !errors.Is(err, client.ErrForbidden) || err.Error() != want {
		t.Errorf("%v\nwant %s", err, want)
	}
}

func TestRefusedRedirectIsNotRetried(t *testing.T) {
	t.Parallel()
	requests := 0
	c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		requests++
		http.Redirect(w, r, r.URL.Path, http.StatusTemporaryRedirect)
	})
	_, err := c.ListAPIKeys(t.Context(), nil)
	if !errors.Is(err, client.ErrTransport) || !strings.Contains(err.Error(), "10 redirects") || requests != 10 {
		t.Errorf("%d requests, %v; want 10 and the redirect error", requests, err)
	}
}
