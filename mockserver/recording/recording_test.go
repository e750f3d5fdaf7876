package recording_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/digakit/digakit/mockserver/journal"
	"github.com/digakit/digakit/mockserver/recording"
)

const head = `{"schema_version":1,"document":"1 operation","items":25,"profile":{},"created":0,"snapshots":[]}` + "\n"

// What is no run is told with its line and what to do, whatever it is.
func TestReadTellsMistakes(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ why, text, says string }{
		{"nothing", "", "it is empty"},
		{"no JSON", "hello\n", "line 1: it is not the beginning of a run"},
		{"another file of JSON", `{"log":{}}`, "line 1: it is not the beginning of a run"},
		{"of a later digakit", `{"schema_version":7}`, "schema_version is 7; this digakit reads 1"},
		{"cut short, as by a full disk", head + `{"request":{"method":"GET","pa`, "line 2: it is no exchange, or not whole"},
		{"no exchange", head + "{}\n", "line 2: it is no exchange"},
		{"a request that cannot be sent", head + `{"request":{"method":"POST","path":"/x","body":{"text":"a","size":9000000,"truncated":true}},"response":{"status":201}}`, "line 2: POST /x cannot be asked again"},
	} {
		if _, err := recording.Read(strings.NewReader(tc.text)); err == nil || !strings.Contains(err.Error(), tc.says) {
			t.Errorf("%s: %v, want %q", tc.why, err, tc.says)
		}
	}
}

// What was written is read, bodies of every kind byte for byte but for the space in JSON.
func TestWrittenIsRead(t *testing.T) {
	t.Parallel()
	var file bytes.Buffer
	w, err := recording.NewWriter(&file, recording.Header{Profile: []byte("{}")})
	if err != nil {
		t.Fatal(err)
	}
	bodies := []string{"", `{"a":"<&>","n":1.0}`, "name=Ada", "\xff\x00", "{broken"}
	for _, body := range bodies {
		if err := w.Write(journal.Entry{Request: journal.Request{Method: "POST", Path: "/x", Body: journal.NewBody([]byte(body), recording.MaxBody)}}); err != nil {
			t.Fatal(err)
		}
	}
	run, err := recording.Read(&file)
	if err != nil {
		t.Fatal(err)
	}
	for i, body := range bodies {
		if got := string(run.Exchanges[i].Request.Body.Bytes()); got != body {
			t.Errorf("%q is read as %q", body, got)
		}
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	answer := func(status int, location, body string) journal.Response {
		r := journal.Response{Status: status, Headers: http.Header{}, Body: journal.NewBody([]byte(body), 40)}
		if location != "" {
			r.Headers.Set("Location", location)
		}
		return r
	}
	for _, tc := range []struct {
		why           string
		expected, got journal.Response
		want          []string
	}{
		{"the same, written otherwise", answer(200, "", `{"a":1.0,"b":[]}`), answer(200, "", `{ "b": [], "a": 1 }`), nil},
		{"the status comes first", answer(200, "", `{"a":1}`), answer(404, "", `{"a":2}`), []string{"status: expected 200, got 404", "body at /a: expected 1, got 2"}},
		{"a header", answer(307, "/a", ""), answer(307, "/b", ""), []string{`headers at /Location/0: expected "/a", got "/b"`}},
		{"no header", answer(307, "/a", ""), answer(307, "", ""), []string{`headers at /Location: expected ["/a"], got nothing`}},
		{"no body", answer(200, "", `{"a":1}`), answer(200, "", ""), []string{`body: expected {"a":1}, got nothing`}},
		{"no answer", answer(200, "", ""), journal.Response{}, []string{"status: expected 200, got 0"}},
		{"text may hold a secret anywhere", answer(200, "", "key=sk-1111111111111"), answer(200, "", "key=sk-2"), []string{"body: expected a text of 20 bytes, got a text of 8 bytes"}},
		{"text in place of nothing", answer(200, "", ""), answer(200, "", "key=sk-2"), []string{"body: expected nothing, got a text of 8 bytes"}},
		{"a secret by its name", answer(200, "", `{"secret":"long-enough-1111"}`), answer(200, "", `{"secret":"long-enough-2222"}`), []string{`body at /secret: expected "…1111", got "…2222"`}},
		{"a secret that the mock made", answer(200, "", `{"value":"diga-mock-aaaa-1111"}`), answer(200, "", `{"value":"diga-mock-bbbb-2222"}`), []string{`body at /value: expected "…1111", got "…2222"`}},
		{"bodies that are not whole are not compared", answer(200, "", strings.Repeat("a", 50)), answer(200, "", "b"), nil},
	} {
		var got []string
		for _, d := range recording.Compare(tc.expected, tc.got) {
			got = append(got, d.String())
		}
		if strings.Join(got, "\n") != strings.Join(tc.want, "\n") {
			t.Errorf("%s: %q, want %q", tc.why, got, tc.want)
		}
		if whole := recording.Comparable(tc.expected); whole == (tc.expected.Body != nil && tc.expected.Body.Truncated) {
			t.Errorf("%s: comparable: %t", tc.why, whole)
		}
	}
}
