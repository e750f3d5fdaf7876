package har_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/har"
	"github.com/digakit/digakit/contract/spec/spectest"
)

const (
	asked   = `{"method":"GET","url":"https://h.example/greetings?times=2","headers":[{"name":":authority","value":"h.example"},{"name":"x-api-key","value":"sk-secret-1"},{"name":"cookie","value":"session=abc"}],"queryString":[],"bodySize":0}`
	headers = `"headers":[{"name":"content-type","value":"application/json"},{"name":"x-total","value":"1"}]`
	good    = `{"status":200,` + headers + `,"content":{"size":17,"mimeType":"application/json","text":"{\"hello\":\"world\"}"}}`
)

// entry is one exchange.
func entry(request, response string) string {
	return `{"startedDateTime":"2026-01-15T10:30:00.123+01:00","time":1,"request":` + request + `,"response":` + response + `,"cache":{},"timings":{}}`
}

func answered(status, header, content string) string {
	return entry(asked, `{"status":`+status+`,"headers":[`+header+`],"content":`+content+`}`)
}

const both = `{"name":"content-type","value":"application/json"},{"name":"x-total","value":"1"}`

func TestJudge(t *testing.T) {
	t.Parallel()
	const (
		mark    = " (entry 0, 2026-01-15T09:30:00.123Z)"
		missing = `response_schema_conformance: response body: must have the property "hello"` + mark
	)
	request := func(method, target, rest string) string {
		return entry(`{"method":"`+method+`","url":"`+target+`",`+rest+`}`, good)
	}
	sent := func(rest string) string {
		return entry(`{"method":"POST","url":"http://h.example/greetings",`+rest+`}`, `{"status":204,"headers":[],"content":{"size":0}}`)
	}
	const credentials = `{"name":"X-Api-Key","value":"sk-secret-1"},{"name":"Cookie","value":"session=1"}`
	for _, tc := range []struct {
		name, why, entry string
		want             []string
	}{
		{"clean", "nothing to say", entry(asked, good), nil},
		{"bad answer", "judged", answered("200", both, `{"size":2,"text":"{}"}`), []string{missing}},
		{"base64", "decoded", answered("200", both, `{"size":2,"text":"e30=","encoding":"base64"}`), []string{missing}},
		{"not base64", "nothing to judge", answered("200", both, `{"size":2,"text":"?","encoding":"base64"}`), []string{"unjudged: a body is not the base64 it is said to be"}},
		{"other encoding", "nothing to judge", answered("200", both, `{"size":2,"text":"?","encoding":"hex"}`), []string{"unjudged: a body was recorded in an encoding other than base64"}},
		{"still encoded, it says", "the recorder has undone it", answered("200", both+`,{"name":"content-encoding","value":"br"}`, `{"size":2,"text":"{}"}`), []string{missing}},
		{"no body", "it was not recorded: status and headers are judged", answered("200", `{"name":"content-type","value":"application/json"}`, `{"size":99,"mimeType":"application/json"}`),
			[]string{"response_headers_conformance: response header X-Total: must be there" + mark, "unjudged: a response body was not recorded"}},
		{"empty body", "it was empty", answered("200", both, `{"size":0}`), []string{"response_schema_conformance: response body: must be there: the document lists application/json" + mark}},
		{"body dropped", "the recorder's memory was full", answered("200", both+`,{"name":"content-length","value":"17"}`, `{"size":0,"mimeType":"application/json"}`), []string{"unjudged: a response body was not recorded"}},
		{"body dropped, with a text", "the same", answered("200", both+`,{"name":"content-length","value":"17"}`, `{"size":0,"text":""}`), []string{"unjudged: a response body was not recorded"}},
		{"a status that is text", "this entry cannot be judged, others can", answered(`"error"`, both, `{"size":0}`), []string{"unjudged: entries that are not as HAR 1.2 has them: response.status is a string"}},
		{"no object", "the same", "7", []string{"unjudged: entries that are not as HAR 1.2 has them: it is a number"}},
		{"size unknown", "as of a body discarded", answered("200", both, `{"size":-1}`), []string{"unjudged: a response body was not recorded"}},
		{"cut body", "what is left is not the answer", answered("200", both, `{"size":17,"text":"{\"hello\":\"wo"}`), []string{"unjudged: a response body was recorded in part"}},
		{"short body", "sizes differ between character encodings", answered("200", both, `{"size":34,"text":"{\"hello\":\"world\"}"}`), nil},
		{"failed", "Chrome has the headers alone", entry(asked, `{"status":200,"headers":[`+both+`],"content":{"size":0,"mimeType":"application/json"},"_error":"net::ERR_ABORTED"}`), []string{"unjudged: an answer failed before its end"}},
		{"aborted", "there is no answer", answered("0", "", `{"size":0,"mimeType":"x-unknown"}`), []string{"unjudged: no answer was recorded: the request was aborted, blocked or still under way"}},
		{"not modified", "the browser's cache asked", answered("304", "", `{"size":0}`), []string{"unjudged: answers 304: what they stand for is in the browser's cache"}},
		{"switched", "no HTTP any more", answered("101", "", `{"size":0}`), []string{"unjudged: the connection was upgraded to another protocol"}},
		{"no status", "beyond HTTP", answered("-1", "", `{"size":0}`), []string{"unjudged: the status is none of an answer (200 to 599)"}},
		{"events", "a stream", answered("200", `{"name":"content-type","value":"text/event-stream"}`, `{"size":0}`), []string{"unjudged: Server-Sent Events"}},
		{"no headers", "none were recorded; the media type was", answered("200", "", `{"size":2,"mimeType":"application/json","text":"{}"}`), []string{missing}},
		{"status", "not documented", answered("418", "", `{"size":0}`), []string{"status_code_conformance: response status: must be a documented status (200), not 418" + mark}},
		{"pseudo headers", "HTTP/2's own", request("GET", "https://h.example/greetings", `"headers":[{"name":":method","value":"GET"},`+credentials+`]`), nil},
		{"bad header", "judged", request("GET", "https://h.example/greetings", `"headers":[{"name":"x-mood","value":"fine"},`+credentials+`]`),
			[]string{`request_conformance: request header X-Mood: must be one of "good", "bad"` + mark}},
		{"joined headers", "Chrome joins lines", request("GET", "https://h.example/greetings", `"headers":[{"name":"x-mood","value":"good\nfine"},`+credentials+`]`),
			[]string{`request_conformance: request header X-Mood: must be one of "good", "bad"` + mark}},
		{"redacted", "the value is not what was sent", request("GET", "https://h.example/greetings", `"headers":[{"name":"x-mood","value":"[REDACTED]"},{"name":"x-api-key","value":"***"}]`), nil},
		{"taken out", "Chrome leaves credentials out", request("GET", "https://h.example/greetings", `"headers":[{"name":"accept","value":"*/*"}]`), nil},
		{"bad query", "judged", request("GET", "https://h.example/greetings?times=0", `"headers":[`+credentials+`]`), []string{"request_conformance: request query times: must be >= 1" + mark}},
		{"query apart", "the URL has none", request("GET", "https://h.example/greetings", `"queryString":[{"name":"times","value":"0"}],"headers":[`+credentials+`]`), []string{"request_conformance: request query times: must be >= 1" + mark}},
		{"query twice", "the URL is what was sent", request("GET", "https://h.example/greetings?times=1", `"queryString":[{"name":"times","value":"0"}],"headers":[`+credentials+`]`), nil},
		{"method", "not documented", request("DELETE", "https://h.example/greetings", `"headers":[]`), []string{"undocumented_endpoint: request method: must be a documented method of this path" + mark}},
		{"preflight", "the browser's", request("OPTIONS", "https://h.example/greetings", `"headers":[{"name":"access-control-request-method","value":"GET"}]`), []string{"unjudged: CORS preflight requests"}},
		{"json sent", "judged", sent(`"postData":{"mimeType":"application/json","text":"{}"},"bodySize":2`), []string{`request_conformance: request body: must have the property "word"` + mark}},
		{"form sent", "put together from its parts", sent(`"postData":{"mimeType":"application/x-www-form-urlencoded","params":[{"name":"word","value":"a b&c"}]}`), []string{"request_conformance: request body /word: must be at most 3 characters long" + mark}},
		{"multipart sent", "its bytes are not known", sent(`"postData":{"mimeType":"multipart/form-data; boundary=x","params":[{"name":"word","value":"a"}]}`),
			[]string{"unjudged: a request body was recorded in parts"}},
		{"not recorded", "something was sent", sent(`"bodySize":20`), []string{"unjudged: a request body was not recorded"}},
		{"compressed", "undone or not: the archive does not say", sent(`"headers":[{"name":"content-encoding","value":"gzip"}],"postData":{"mimeType":"application/json","text":"{}"}`),
			[]string{"unjudged: a request body was recorded with a Content-Encoding, undone or not"}},
		{"nothing sent", "required", sent(`"bodySize":0`), []string{"request_conformance: request body: must be there" + mark}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := judge(t, archive(tc.entry))
			if diff := cmp.Diff(tc.want, brief(r)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.why, diff)
			}
			if passed := r.Summary.Passed == 1; passed != (tc.want == nil) {
				t.Errorf("%s: passed: %t", tc.why, passed)
			}
		})
	}
}

func TestOthersAreCounted(t *testing.T) {
	t.Parallel()
	to := func(target string) string {
		return entry(`{"method":"GET","url":"`+target+`","headers":[]}`, good)
	}
	entries := []string{
		to("https://h.example/greetings"), to("https://cdn.example/app.js"), to("data:text/plain,x"), to("wss://h.example/greetings"),
		to("https://other.example:8443/greetings"), to("http://[::1"), to("/greetings"),
	}
	for _, tc := range []struct {
		name    string
		entries []string
		calls   int64
		note    string
	}{
		{"some", entries, 2, "entries to other hosts or undocumented paths, not looked at: 5 of 7"},
		{"most", entries[:4], 1, "entries to other hosts or undocumented paths, not looked at: 3 of 4"},
		{"all", entries[1:4], 0, "entries to other hosts or undocumented paths, not looked at: 3 of 3"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := judge(t, archive(tc.entries...), har.Name("a.har"))
			if diff := cmp.Diff([]string{tc.note}, r.Notes); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if calls := r.Coverage.Operations[0].Counted; calls != tc.calls || r.Empty() != (tc.calls == 0) {
				t.Errorf("%d calls", calls)
			}
			if r.Tool != "har" || r.Target != "a.har" {
				t.Errorf("%s of %s", r.Tool, r.Target)
			}
		})
	}
}

func TestFindingsCount(t *testing.T) {
	t.Parallel()
	bad := answered("200", both, `{"size":2,"text":"{}"}`)
	r := judge(t, archive(entry(asked, good), bad, strings.Replace(bad, `"startedDateTime":"2026-01-15T10:30:00.123+01:00",`, "", 1), bad))
	if len(r.Findings) != 1 {
		t.Fatalf("%+v", r.Findings)
	}
	f := r.Findings[0]
	if f.Count != 3 || !strings.HasSuffix(f.Message, "(entry 1, 2026-01-15T09:30:00.123Z)") {
		t.Errorf("%d times: %s", f.Count, f.Message)
	}
	if want := `curl -i -H "Cookie: $SECRET" -H "X-Api-Key: $SECRET" 'https://h.example/greetings?times=2'`; f.Curl != want {
		t.Errorf("curl: %s", f.Curl)
	}
	if again := judge(t, archive(bad)).Findings[0]; again.Fingerprint != f.Fingerprint {
		t.Error("another recording gives the finding another fingerprint")
	}
}

func TestBadArchives(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, text, want string
	}{
		{"empty", "", "har: a.har: line 1, byte 0: it is empty; save the traffic as HAR 1.2"},
		{"text", "\n\nGET /", "har: a.har: line 3, byte 2: it is not JSON: invalid character 'G' looking for beginning of value; save the traffic as HAR 1.2"},
		{"list", "[]", "har: a.har: line 1, byte 1: it is JSON, but no HTTP Archive: the archive must begin with {; save the traffic as HAR 1.2"},
		{"other JSON", `{"openapi":"3.1.0"}`, "har: a.har: line 1, byte 19: it is JSON, but no HTTP Archive: there is no log.entries; save the traffic as HAR 1.2"},
		{"no entries", `{"log":{"version":"1.2"}}`, "har: a.har: line 1, byte 25: it is JSON, but no HTTP Archive: there is no log.entries; save the traffic as HAR 1.2"},
		{"entries no list", `{"log":{"entries":{}}}`, "har: a.har: line 1, byte 19: it is JSON, but no HTTP Archive: log.entries must begin with [; save the traffic as HAR 1.2"},
		{"broken entry", "{\"log\":{\"entries\":[{},\n{\"request\":}]}}", "har: a.har: line 2, byte 34: it is not JSON: invalid character '}' looking for beginning of value; save the traffic as HAR 1.2"},
		{"late", archive(entry(asked, good), entry(asked, good)+",\n\n?"), "har: a.har: line 4, byte 1141: it is not JSON: invalid character '?' looking for beginning of value; save the traffic as HAR 1.2"},
		{"byte order mark", "\xef\xbb\xbf[]", "har: a.har: line 1, byte 4: it is JSON, but no HTTP Archive: the archive must begin with {; save the traffic as HAR 1.2"},
		{"truncated", archive(entry(asked, good))[:400], "har: a.har: line 1, byte 400: it ends in the middle; save it anew, or copy it whole"},
		{"truncated after an entry", `{"log":{"entries":[{}`, "har: a.har: line 1, byte 21: it ends in the middle; save it anew, or copy it whole"},
		{"two", archive() + "\n{}", "something follows the archive; an archive is one JSON object"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := har.Judge(t.Context(), strings.NewReader(tc.text), validator(t), har.Name("a.har"))
			var broken *har.Error
			if !errors.As(err, &broken) || !strings.HasSuffix(err.Error(), tc.want) {
				t.Errorf("got  %v\nwant %s", err, tc.want)
			}
		})
	}
}

func TestByteOrderMark(t *testing.T) {
	t.Parallel()
	if r := judge(t, "\xef\xbb\xbf"+archive(entry(asked, good))); r.Summary.Passed != 1 {
		t.Errorf("%+v", r.Summary)
	}
}

func TestCompressedArchives(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.WriteString(z, archive(entry(asked, good), answered(`"error"`, both, `{}`), entry(asked, good))); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if r := judge(t, b.String()); r.Summary.Passed != 2 || r.Summary.Skipped != 1 {
		t.Errorf("%+v", r.Summary)
	}
	for _, broken := range []string{b.String()[:3], b.String()[:b.Len()/2], "\x1f\x8bno gzip at all"} {
		if _, err := har.Judge(t.Context(), strings.NewReader(broken), validator(t)); err == nil {
			t.Errorf("%q was read", broken)
		}
	}
}

// The recordings of real browsers that were wrongly judged before.
func TestRecordingsFromTheField(t *testing.T) {
	t.Parallel()
	v, err := contract.New(spectest.Seed())
	if err != nil {
		t.Fatal(err)
	}
	for name, reason := range map[string]string{
		"har-body-evicted.har": "a response body was not recorded", "har-status-not-a-number.har": "entries that are not as HAR 1.2 has them: response.status is a string",
	} {
		r, err := har.Judge(t.Context(), bytes.NewReader(spectest.Shared(t, "cases/field/"+name)), v)
		if err != nil || len(r.Findings) > 0 || r.Empty() || !slices.Contains(brief(r), "unjudged: "+reason) {
			t.Errorf("%s: %v, %v", name, err, brief(r))
		}
	}
}

func TestReadersAndContextsThatEnd(t *testing.T) {
	t.Parallel()
	failed := errors.New("the disk is gone")
	_, err := har.Judge(t.Context(), &failing{strings.NewReader(archive(entry(asked, good))[:50]), failed}, validator(t))
	if !errors.Is(err, failed) {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := har.Judge(ctx, strings.NewReader(archive(entry(asked, good))), validator(t)); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// failing ends with an error in place of io.EOF.
type failing struct {
	*strings.Reader
	err error
}

func (f *failing) Read(p []byte) (int, error) {
	if f.Len() == 0 {
		return 0, f.err
	}
	return f.Reader.Read(p)
}

func TestBadOptionsAreToldTogether(t *testing.T) {
	t.Parallel()
	_, err := har.Judge(t.Context(), strings.NewReader(""), nil, har.Name(""))
	if err == nil || strings.Count(err.Error(), "har: ") != 2 {
		t.Error(err)
	}
}
