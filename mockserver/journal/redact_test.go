package journal_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/mockserver/journal"
)

func newJournal(t testing.TB, opts ...journal.Option) *journal.Journal {
	t.Helper()
	j, err := journal.New(opts...)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// recorded returns x as the journal shows it.
func recorded(t testing.TB, x journal.Exchange) journal.Entry {
	t.Helper()
	if x.Request == nil {
		x.Request = httptest.NewRequest(http.MethodGet, "/", nil)
	}
	j := newJournal(t)
	e, ok := j.Entry(j.Record(x))
	if !ok {
		t.Fatal("the entry is not there")
	}
	return e
}

func TestHeadersAreRedacted(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, header, value, want, why string }{
		{"bearer", "Authorization", "Bearer diga-mock-unrestricted-0001", "Bearer …0001", "which key it was can be told"},
		{"lower-case scheme", "Authorization", "bearer diga-mock-unrestricted-0001", "bearer …0001", "as sent: it is what a tester looks for"},
		{"no scheme", "Authorization", "diga-mock-unrestricted-0001", "…0001", ""},
		{"unknown scheme", "Authorization", "hunter2hunter2 diga-mock-0001", "…0001", "the first word may be a part of the secret"},
		{"short", "Authorization", "Bearer 12345678901", "Bearer …", "fewer than eight characters would stay hidden"},
		{"empty", "Authorization", "", "…", ""},
		{"two spaces", "Authorization", "Bearer   diga-mock-unrestricted-0001 ", "Bearer …0001", "RFC 9110 allows them"},
		{"characters, not bytes", "Authorization", "Bearer ключключключ", "Bearer …ключ", ""},
		{"proxy", "Proxy-Authorization", "Basic dXNlcjpodW50ZXIy", "Basic …ZXIy", ""},
		{"any case", "x-api-KEY", "diga-mock-unrestricted-0001", "…0001", "a map may hold names of any case"},
		{"api key", "Api-Key", "diga-mock-unrestricted-0001", "…0001", ""},
		{"auth token", "X-Auth-Token", "diga-mock-unrestricted-0001", "…0001", ""},
		{"cookies", "Cookie", "sid=diga-mock-unrestricted-0001; theme=dark;lonely", "sid=…0001; theme=…; …", "names tell which cookie it was"},
		{"set-cookie", "Set-Cookie", "sid=diga-mock-unrestricted-0001; Path=/; HttpOnly", "sid=…0001; …", ""},
		{"location", "Location", "https://u:p@h/x?key=abc&flag", "https://h/x?key=…&flag", "the redirect repeats the query"},
		{"referer", "Referer", "/page?token=abc#frag", "/page?token=…#…", ""},
		{"broken url", "Referer", "http://[?token=abc", "…", ""},
		{"others", "Accept", "application/json", "application/json", ""},
		{"line break", "X-A", "a\r\nAuthorization: b", "a  Authorization: b", "it is sent as spaces, and must not make a header"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := recorded(t, journal.Exchange{ResponseHeader: http.Header{c.header: {c.value, c.value}}})
			if d := cmp.Diff(http.Header{c.header: {c.want, c.want}}, e.Response.Headers); d != "" {
				t.Errorf("%s\n%s", c.why, d)
			}
		})
	}
}

func TestOwnCredentialIsRedactedEverywhereInTheRequest(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest(http.MethodPost, "/k/diga-mock-unrestricted-0001?after=diga%2Dmock-unrestricted-0001&diga-mock-unrestricted-0001", nil)
	r.Header.Set("Authorization", "Bearer diga-mock-unrestricted-0001")
	r.Header.Set("X-Trace", "key diga-mock-unrestricted-0001.")
	e := recorded(t, journal.Exchange{
		Request: r, RequestBody: []byte(`{"name":"diga-mock-unrestricted-0001"}`), Preference: "code=diga-mock-unrestricted-0001",
		Declared:   func(string) bool { return true },
		Violations: []contract.Violation{{Name: "diga-mock-unrestricted-0001"}},
	})
	text, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "unrestricted") {
		t.Errorf("it is there: %s", text)
	}
	if want := "after=…0001&…0001"; e.Request.Query != want {
		t.Errorf("query is %s, want %s", e.Request.Query, want)
	}
}

func TestQueryIsRedacted(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, query, want string }{
		{"declared", "limit=10&order=asc", "limit=10&order=asc"},
		{"undeclared", "limit=10&key=abc", "limit=10&key=…"},
		{"misspelt", "limt=10", "limt=10"},
		{"undeclared and long", "limt=abcdefghijklmnop&x=abcdefghijklmnopq", "limt=abcdefghijklmnop&x=…"},
		{"undeclared, and a credential by its name", "password=abc&access_token=x", "password=…&access_token=…"},
		{"as sent", "&limit=%31&limit=&&key", "&limit=%31&limit=&&key"},
		{"escaped name", "%6Cimit=10&%6Bey=abc", "%6Cimit=10&%6Bey=…"},
		{"broken name", "limit%=10", "limit%=…"},
		{"empty value", "key=", "key="},
		{"second =", "limit=a=b&key=a=b", "limit=a=b&key=…"},
		{"semicolon", "limit=1;key=abc", "limit=1;key=abc"}, // net/url knows no such separator: it is the value of limit
		{"none", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.URL.RawQuery = c.query
			e := recorded(t, journal.Exchange{Request: r, Declared: func(name string) bool { return name == "limit" || name == "order" }})
			if e.Request.Query != c.want {
				t.Errorf("got %q, want %q", e.Request.Query, c.want)
			}
		})
	}
}

func TestBodies(t *testing.T) {
	t.Parallel()
	const form, multipart = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
	long := `"` + strings.Repeat("a", 100) + `"`
	for _, c := range []struct {
		name, kind, encoding, body string
		want                       journal.Body
	}{
		{"json", "", "", `{"a": [1, null]}`, journal.Body{JSON: json.RawMessage(`{"a": [1, null]}`)}},
		{"json null", "", "", `null`, journal.Body{JSON: json.RawMessage(`null`)}},
		{"text", "", "", `{"a"`, journal.Body{Text: `{"a"`}},
		{"binary", "", "", "\xff\xfe", journal.Body{Base64: []byte("\xff\xfe")}},
		{"json with invalid UTF-8", "", "", "\"\xff\"", journal.Body{Base64: []byte("\"\xff\"")}},
		{"encoded", "", "gzip", "\x1f\x8b", journal.Body{Omitted: "in a Content-Encoding"}},
		{"identity", "", "Identity", "a", journal.Body{Text: "a"}},
		{"secret", "", "", `{"id":1,"secret":"diga-mock-unrestricted-0001"}`, journal.Body{JSON: json.RawMessage(`{"id":1,"secret":"…0001"}`)}},
		{"admin key, deep", "", "", `[{"x":{"admin_key" : "diga-mock-unrestricted-0001"}}]`, journal.Body{JSON: json.RawMessage(`[{"x":{"admin_key" : "…0001"}}]`)}},
		{"escaped name", "", "", `{"\u0073ecre\u0074":"diga-mock-unrestricted-0001"}`, journal.Body{JSON: json.RawMessage(`{"\u0073ecre\u0074":"…0001"}`)}},
		{"escapes in the value", "", "", `{"secret":"a\"b\\c-0123456789\u0041"}`, journal.Body{JSON: json.RawMessage(`{"secret":"…789A"}`)}},
		{"short", "", "", `{"secret":"0001"}`, journal.Body{JSON: json.RawMessage(`{"secret":"…"}`)}},
		{"not a string", "", "", `{"secret":{"a":["}",1]},"secret":[2],"secret":12345,"secret":null,"secret":true}`,
			journal.Body{JSON: json.RawMessage(`{"secret":"…","secret":"…","secret":"…","secret":null,"secret":true}`)}},
		{"other names", "", "", `{"secrets":"a","Secret":"b","a_secret":"c","x":"secret","y":"\"secret\":\"d\""}`,
			journal.Body{JSON: json.RawMessage(`{"secrets":"a","Secret":"b","a_secret":"c","x":"secret","y":"\"secret\":\"d\""}`)}},
		{"cut within", "", "", `{"secret":"diga-mock-unre`, journal.Body{Text: `{"secret":"…"`}},
		{"cut before", "", "", `{"secret" :`, journal.Body{Text: `{"secret" :`}},
		{"json lines", "", "", "{\"secret\":\"diga-mock-unrestricted-0001\"}\n{\"secret\":1}", journal.Body{Text: "{\"secret\":\"…0001\"}\n{\"secret\":\"…\"}"}},
		{"quotes out of step", "", "", `it"s {"secret":"diga-mock-unrestricted-0001"}`, journal.Body{Text: `it"s {"secret":"…0001"}`}},
		{"form", form, "", "a=1&%73ecret=diga-mock%2Dunrestricted-0001&admin_key=x&secret", journal.Body{Text: "a=1&%73ecret=…0001&admin_key=…&secret"}},
		{"form without", form, "", "a=1&&b", journal.Body{Text: "a=1&&b"}},
		{"multipart", multipart, "", "--x\r\nname=\"secret\"\r\n\r\nabc", journal.Body{Omitted: "a multipart body that names a secret"}},
		{"multipart without", multipart, "", "--x\r\nabc", journal.Body{Text: "--x\r\nabc"}},
		{"utf-16", "", "", "{\x00\"\x00s\x00e\x00c\x00r\x00e\x00t\x00\"\x00", journal.Body{Omitted: "not UTF-8, and names a secret"}},
		{"long", "", "", long, journal.Body{Text: long[:40], Truncated: true}},
		{"long, between characters", "", "", strings.Repeat("a", 38) + "ключ", journal.Body{Text: strings.Repeat("a", 38) + "к", Truncated: true}},
		{"long, longer redacted", "", "", strings.Repeat(`"secret":1,`, 3) + "1234567", journal.Body{Text: `"secret":"…","secret":"…","se`, Truncated: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			limit := 200
			if c.want.Truncated {
				limit = 40
			}
			if c.name == "long, longer redacted" {
				limit = 33
			}
			c.want.Size = int64(len(c.body))
			h := http.Header{"Content-Type": {c.kind}, "Content-Encoding": {c.encoding}}
			j := newJournal(t, journal.MaxBody(limit))
			x := journal.Exchange{Request: httptest.NewRequest(http.MethodPost, "/", nil), RequestBody: []byte(c.body), ResponseBody: []byte(c.body), ResponseHeader: h}
			x.Request.Header = h
			j.Record(x)
			j.Record(x)
			for _, e := range j.Entries(journal.Filter{}) {
				if d := cmp.Diff(&c.want, e.Request.Body); d != "" {
					t.Error(d)
				}
				if d := cmp.Diff(&c.want, e.Response.Body); d != "" {
					t.Error(d)
				}
			}
		})
	}
}

func TestBodyOfWhichNothingWasRead(t *testing.T) {
	t.Parallel()
	e := recorded(t, journal.Exchange{RequestSize: 7})
	if d := cmp.Diff(&journal.Body{Size: 7, Truncated: true}, e.Request.Body); d != "" {
		t.Error(d)
	}
	if e.Response.Body != nil {
		t.Error("there is a response body")
	}
}

func TestLargeHeadersAreCutAlike(t *testing.T) {
	t.Parallel()
	h := http.Header{"Z": {strings.Repeat("z", 10<<10)}}
	for _, name := range []string{"A", "B", "C", "D", "E"} {
		h[name] = []string{strings.Repeat(name, 8<<10)}
	}
	first := recorded(t, journal.Exchange{ResponseHeader: h}).Response
	if !first.HeadersTruncated || len(first.Headers["A"]) != 1 || len(first.Headers["E"]) != 0 {
		t.Errorf("truncated: %t, %d headers", first.HeadersTruncated, len(first.Headers))
	}
	for range 20 {
		if d := cmp.Diff(first, recorded(t, journal.Exchange{ResponseHeader: h}).Response); d != "" {
			t.Fatal(d)
		}
	}
}
