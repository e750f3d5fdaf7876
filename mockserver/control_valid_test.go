package mockserver_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/digakit/digakit/mockserver"
)

// What the validator calls valid is taken, or refused with the name of the field:
// never a 500.
func TestControlTakesWhatIsValid(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	_, err := srv.CreateProject("a/b", 1)
	try(t, err)
	for _, tc := range []struct {
		why, method, path, media, body string
		status                         int
		says                           string
	}{
		{"media types have no case", "POST", "/_mock/projects", "APPLICATION/JSON", `{"name":"upper"}`, 201, `"upper"`},
		{"2.0 is an integer", "POST", "/_mock/projects", "application/json", `{"name":"whole","keys":2.0}`, 201, `"keys":2`},
		{"so is 1e0, and a fraction stays one", "POST", "/_mock/projects/demo/faults", "application/json", `{"status":503,"times":1e0,"probability":0.5}`, 201, `"probability":0.5`},
		{"what a fault answers stays as it was sent", "POST", "/_mock/projects/demo/faults", "application/json", `{"status":503,"probability":0.5,"body":{"b":2.0,"a":1}}`, 201, `{"b":2.0,"a":1}`},
		{"%61 is a", "GET", "/_mock/he%61lth", "", "", 200, `"ok"`},
		{"%2F is no separator", "GET", "/_mock/projects/%61%2Fb", "", "", 200, `"a/b"`},
		{"an integer beyond what is allowed", "POST", "/_mock/projects", "application/json", `{"keys":2e300}`, 422, "/keys"},
	} {
		r, err := http.NewRequestWithContext(t.Context(), tc.method, srv.URL()+tc.path, strings.NewReader(tc.body))
		try(t, err)
		if tc.media != "" {
			r.Header.Set("Content-Type", tc.media)
		}
		resp, err := http.DefaultTransport.RoundTrip(r)
		try(t, err)
		answered, err := io.ReadAll(resp.Body)
		try(t, err)
		try(t, resp.Body.Close())
		if resp.StatusCode != tc.status || !strings.Contains(string(answered), tc.says) {
			t.Errorf("%s: answered %d, want %d: %s", tc.why, resp.StatusCode, tc.status, answered)
		}
	}
}
