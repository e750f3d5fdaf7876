package mockserver_test

import (
	"bufio"
	"io"
	"net"
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
		{"t and z may be small", "PUT", "/_mock/projects/demo/clock", "application/json", `{"action":"freeze","instant":"2026-01-15t09:30:00z"}`, 200, "2026-01-15T09:30:00Z"},
		{"in a parameter too", "GET", "/_mock/projects/demo/requests/count?since=2026-01-15t09:30:00z", "", "", 200, `"count":`},
		{"a leap second is a date", "PUT", "/_mock/projects/demo/clock", "application/json", `{"action":"freeze","instant":"2016-12-31T23:59:60Z"}`, 200, "2017-01-01T00:00:00Z"},
		{"in a parameter too", "GET", "/_mock/projects/demo/requests/count?since=2016-12-31T23:59:60Z", "", "", 200, `"count":`},
		{"the last of all is the second before it", "PUT", "/_mock/projects/demo/clock", "application/json", `{"action":"freeze","instant":"9999-12-31T23:59:60Z"}`, 422, "/instant"},
		{"in a parameter too", "GET", "/_mock/projects/demo/requests/count?since=9999-12-31T23:59:60Z", "", "", 200, `"count":0`},
		{"bytes behind the JSON", "POST", "/_mock/projects", "application/json", `{"name":"behind"} x`, 422, "must end where its JSON value ends"},
		{"a second value behind it", "POST", "/_mock/projects", "application/json", `{"name":"behind"}{"name":"second"}`, 422, "must end where its JSON value ends"},
		{"space behind it is none", "POST", "/_mock/projects", "application/json", "{\"name\":\"behind\"}\r\n ", 201, `"behind"`},
		{"a key given twice", "POST", "/_mock/projects", "application/json", `{"name":"first","name":"second"}`, 422, "/name"},
		{"deep inside too", "POST", "/_mock/projects/demo/faults", "application/json", `{"status":503,"body":{"a":[{"b":1,"b":1}]}}`, 422, "/body/a/0/b"},
		{"spelled in another way too", "PATCH", "/_mock/projects/demo/api_keys/25bd36d2-00fb-5e34-b743-b31d6d8f4ae0", "application/json", `{"name":"a","n\u0061me":"b"}`, 422, "/name"},
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

func TestMalformedChunksAreTheClientsFault(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	var d net.Dialer
	conn, err := d.DialContext(t.Context(), "tcp", strings.TrimPrefix(srv.URL(), "http://"))
	try(t, err)
	defer conn.Close()
	_, err = io.WriteString(conn, "POST /_mock/projects HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
	try(t, err)
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	try(t, err)
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusBadRequest {
		t.Errorf("answered %d", resp.StatusCode)
	}
}
