package mockserver_test

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/sample"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/mockserver"
)

// surface is an API of a mock, with what makes valid requests for it.
type surface struct {
	srv       *mockserver.Server
	validator *contract.Validator
	maker     *sample.Maker
	*rand.Rand
	seen map[string][]string // values in answers: by path and property, and by property
	sent int
}

// surfaces are the APIs whose requests are tried, by the document's name.
func surfaces(t testing.TB) map[string]func(testing.TB, uint64) *surface {
	newest := spectest.Document(60)
	made := map[string]func(testing.TB, uint64) *surface{}
	add := func(name string, document, asked []byte) {
		served, err := spec.Parse(document)
		if err != nil {
			t.Fatal(err)
		}
		v := sync.OnceValues(func() (*contract.Validator, error) { return contract.New(asked) })
		made[name] = func(t testing.TB, seed uint64) *surface {
			srv, err := mockserver.New(mockserver.WithDocument(served), mockserver.WithKeys(5), mockserver.WithItems(5))
			if err != nil {
				t.Fatal(err)
			}
			v, err := v()
			if err != nil {
				t.Fatal(err)
			}
			return &surface{
				srv: srv, validator: v, seen: map[string][]string{}, Rand: rand.New(rand.NewPCG(seed, 7)),
				maker: sample.New(seed, func(s *spec.Schema, value any) bool { return v.Fits(s.Pointer, value) }),
			}
		}
	}
	add("embedded", spectest.Seed(), spectest.Seed())
	add("made up", newest, newest)
	shared, err := os.ReadDir("../../shared/diga")
	if err == nil && len(shared) > 0 && !testing.Short() {
		for name, document := range spectest.SharedFiles(t, "diga/*.json") {
			add(name, document, document)
			newest = document
		}
	}
	control, err := os.ReadFile("control/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	add("control", newest, control)
	return made
}

// A request that is valid by the document is never answered with a failure of the
// server: whatever its values are, and however they are written.
func TestValidIsNeverAFailure(t *testing.T) {
	t.Parallel()
	for name, start := range surfaces(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rounds := 3
			if testing.Short() {
				rounds = 1
			}
			valid, wanted := 0, 0
			for seed := range rounds {
				s := start(t, uint64(seed))
				for _, method := range []string{"", http.MethodDelete} { // what is gone cannot be asked for
					for _, op := range slices.Repeat(s.validator.Operations(), 3) {
						if (op.Method == http.MethodDelete) == (method != "") {
							s.try(t, op, nil)
							wanted++
						}
					}
				}
				valid += s.sent
			}
			if valid < wanted*9/10 {
				t.Errorf("%d of %d requests were valid", valid, wanted)
			}
		})
	}
}

// FuzzValid is the same with seeds and bodies of the fuzzer's.
func FuzzValid(f *testing.F) {
	all := surfaces(f)
	names, started := slices.Sorted(maps.Keys(all)), map[string]*surface{}
	for i := range names {
		f.Add(uint(i), uint64(i), uint(i), []byte(`{"name":"a","keys":2.0}`))
	}
	f.Fuzz(func(t *testing.T, which uint, seed uint64, operation uint, body []byte) {
		name := names[which%uint(len(names))]
		if started[name] == nil {
			started[name] = all[name](t, 1)
		}
		s := started[name]
		s.Rand, s.seen = rand.New(rand.NewPCG(seed, 7)), map[string][]string{}
		if err := s.srv.Reset(); err != nil {
			t.Fatal(err)
		}
		operations := s.validator.Operations()
		for _, op := range operations[:min(len(operations), 5)] { // which show ids
			s.try(t, op, nil)
		}
		s.try(t, operations[operation%uint(len(operations))], body)
	})
}

// try sends a request that is valid by the document: with a given body, if it is, or one
// that is made up.
func (s *surface) try(t testing.TB, op *contract.Operation, given []byte) {
	t.Helper()
	if slices.ContainsFunc(op.Responses, func(r contract.Response) bool {
		return slices.ContainsFunc(r.Content, func(m contract.MediaType) bool { return m.Name == "text/event-stream" })
	}) {
		return // has no end
	}
	for attempt := range 20 {
		r, body := s.request(op, attempt > 10)
		if given != nil {
			body = given
			if attempt > 0 {
				return
			}
		}
		if s.validator.Request(op, r, body) != nil {
			continue
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		sent := r.Clone(ctx)
		sent.Body = io.NopCloser(bytes.NewReader(body))
		w := httptest.NewRecorder()
		s.srv.ServeHTTP(w, sent)
		s.sent++
		if n := s.srv.BadResponses(); w.Code >= http.StatusInternalServerError || w.Code < 200 || n > 0 {
			t.Errorf("%s answered %d %s\n%s %s\n%v\n%q", op.Name(), w.Code, w.Body, r.Method, r.URL, r.Header, body)
		}
		s.learn(op, w.Body.Bytes())
		return
	}
}

// request makes one up, most of the time a valid one; plain without odd spellings.
func (s *surface) request(op *contract.Operation, plain bool) (*http.Request, []byte) {
	path := op.Path
	var query []string
	header := http.Header{"Authorization": {"Bearer " + mockserver.UnrestrictedKey}}
	for _, p := range op.Parameters {
		schema := s.validator.Document().Schema(spec.Join(p.Pointer, "schema"))
		v, err := s.maker.Value(schema, sample.Place{Collection: op.Name() + p.Name, Ordinal: s.IntN(1000), Request: true})
		if err != nil || !p.Required && (v == nil || s.IntN(3) > 0) {
			continue
		}
		if p.In == "path" || s.IntN(2) == 0 {
			v = s.known(op.Path, p.Name, v)
		}
		list, isList := v.([]any)
		if !isList {
			list = []any{v}
		}
		for _, one := range list {
			text := s.spelled(written(one), plain || p.In == "path")
			switch p.In {
			case "path":
				path = strings.Replace(path, "{"+p.Name+"}", s.escaped(text, plain), 1)
			case "query":
				query = append(query, s.escaped(p.Name, plain)+"="+s.escaped(text, plain))
			case "header":
				header.Set(p.Name, text)
			}
		}
	}
	if !plain { // the documented path itself, with escapes that it does not need
		segments := strings.Split(path, "/")
		for i, segment := range segments {
			if decoded, err := url.PathUnescape(segment); err == nil {
				segments[i] = s.escaped(decoded, false)
			}
		}
		path = strings.Join(segments, "/")
	}
	r := &http.Request{Method: op.Method, Host: "127.0.0.1", RemoteAddr: "127.0.0.1:1", Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: header}
	r.URL, _ = url.ParseRequestURI(path + "?" + strings.Join(query, "&"))
	if r.URL == nil {
		r.URL = &url.URL{Path: "/"}
	}
	r.RequestURI = r.URL.RequestURI()
	if op.RequestBody == nil || !op.RequestBody.Required && s.IntN(3) == 0 {
		return r, nil
	}
	media := op.RequestBody.Content[s.IntN(len(op.RequestBody.Content))]
	v, err := s.maker.Value(s.validator.Document().Schema(spec.Join(media.Pointer, "schema")), sample.Place{
		Collection: op.Name(), Ordinal: s.IntN(1000), Request: true, Least: s.IntN(3) == 0,
	})
	if err != nil {
		return r, nil
	}
	v = s.altered(v, plain)
	body, err := json.Marshal(v)
	if err != nil {
		return r, nil
	}
	contentType := media.Name
	switch {
	case strings.HasPrefix(media.Name, "multipart/"):
		var form bytes.Buffer
		form, contentType = multipartOf(v)
		body = form.Bytes()
	case spec.IsJSON(media.Name) && !plain:
		body = oddText.ReplaceAllFunc(body, func(b []byte) []byte { return []byte(pick(s, []string{`\ud83d\ude00`, `\ud800`, `\u0000`, `\u002f`})) })
		contentType = pick(s, []string{media.Name, strings.ToUpper(media.Name), media.Name + "; charset=utf-8", media.Name + ` ;Charset="UTF-8"`})
		if s.IntN(4) == 0 {
			body = append([]byte(" \r\n\t"), append(body, "\n "...)...)
		}
	}
	header.Set("Content-Type", contentType)
	if coding := pick(s, []string{"", "", "", "gzip", "x-gzip", "deflate", "br", "zstd", "identity", "GZIP", "gzip, deflate"}); coding != "" && !plain {
		header.Set("Content-Encoding", coding)
		for one := range strings.SplitSeq(coding, ", ") {
			body = compressed(one, body)
		}
	}
	return r, body
}

func pick[T any](s *surface, list []T) T { return list[s.IntN(len(list))] }

var oddText = regexp.MustCompile(`~odd~`)

func compressed(coding string, body []byte) []byte {
	var b bytes.Buffer
	var w io.WriteCloser
	switch strings.ToLower(coding) {
	case "gzip", "x-gzip":
		w = gzip.NewWriter(&b)
	case "deflate":
		w = zlib.NewWriter(&b)
	case "br":
		w = brotli.NewWriter(&b)
	case "zstd":
		w, _ = zstd.NewWriter(&b)
	default:
		return body
	}
	_, _ = w.Write(body)
	_ = w.Close()
	return b.Bytes()
}

func written(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	text, _ := json.Marshal(v)
	return string(text)
}

// multipartOf writes a form with a file in each property that has no other value.
func multipartOf(v any) (bytes.Buffer, string) { return form(new(testing.T), v) }

// known is a value that an answer had, for a parameter; what was made up when there is
// none.
func (s *surface) known(path, name string, otherwise any) any {
	front, _, _ := strings.Cut(path, "/{"+name)
	if front == "/_mock/projects" && s.IntN(4) > 0 {
		return "demo" // the well-known project
	}
	for _, key := range []string{front + " " + name, front + " id", front + " name", " " + name} {
		if list := s.seen[key]; len(list) > 0 && s.IntN(8) > 0 {
			return pick(s, list)
		}
	}
	return otherwise
}

// learn keeps values of an answer.
func (s *surface) learn(op *contract.Operation, answer []byte) {
	v, err := spec.DecodeJSON(answer)
	if err != nil || len(answer) > 1<<20 {
		return
	}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, one := range v[:min(len(v), 3)] {
				walk(one)
			}
		case map[string]any:
			for _, name := range slices.Sorted(maps.Keys(v)) {
				walk(v[name])
				if text, ok := v[name].(string); ok && text != "" && len(text) < 100 {
					for _, key := range []string{strings.TrimSuffix(op.Path, "/") + " " + name, " " + name} {
						s.seen[key] = append(s.seen[key][max(0, len(s.seen[key])-4):], text)
					}
				}
			}
		}
	}
	walk(v)
}

// altered is a value that may still be valid: properties left out, added, or null,
// arrays of no and of many items, scalars in other spellings.
func (s *surface) altered(v any, plain bool) any {
	if plain {
		return v
	}
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			switch s.IntN(20) {
			case 0:
				delete(v, name)
				continue
			case 1:
				v[name] = nil
				continue
			}
			if strings.HasSuffix(name, "_id") && s.IntN(2) == 0 {
				v[name] = s.known("", name, v[name])
			}
			v[name] = s.altered(v[name], false)
		}
		if s.IntN(20) == 0 {
			v[pick(s, []string{"x-new", "", "id", "__proto__", "a/b~c", "name\x00"})] = pick(s, []any{nil, "", json.Number("1e0"), map[string]any{}, []any{nil}})
		}
	case []any:
		for i := range v {
			v[i] = s.altered(v[i], false)
		}
		switch s.IntN(12) {
		case 0:
			return []any{}
		case 1:
			return slices.Repeat(v, 3)
		}
	case json.Number:
		return json.Number(s.spelled(v.String(), s.IntN(2) == 0))
	case string:
		return s.spelled(v, s.IntN(2) == 0)
	}
	return v
}

var (
	integerText = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)
	instantText = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d`)
	uuidText    = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f-]{27}$`)
)

// spelled is a scalar in another way of writing it, or another that may do as well.
func (s *surface) spelled(text string, plain bool) string {
	if plain {
		return text
	}
	switch {
	case integerText.MatchString(text):
		return pick(s, []string{
			text, text + ".0", text + "e0", text + "E+0", text + "0e-1", text + ".000000000000000000000000000", "0", "-0", "0e99", "1E2", "1e18", "1e400",
			"9007199254740993", "9223372036854775807", "9223372036854775808", "123456789012345678901234567890", "0.1", "-1",
		})
	case instantText.MatchString(text):
		return pick(s, []string{
			text, strings.ToLower(text), "2016-12-31T23:59:60Z", "2016-12-31t23:59:60.5z", "1990-12-31T15:59:60-08:00", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+23:59",
			"9999-12-31T23:59:59.999999999999Z", "9999-12-31T23:59:59-23:59", "2024-02-29T00:00:00-00:00", "1969-12-31T23:59:59Z", "2026-01-15T09:30:00.1234567890123456789+05:30",
		})
	case uuidText.MatchString(text):
		return pick(s, []string{text, strings.ToUpper(text), "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"})
	}
	return pick(s, []string{
		text, text, text, "", " ", "~odd~", "null", "2.0", "é\u202e", "a\x00b", "<&>\"'\\", "%2F%00", "../..", strings.Repeat("long ", 500), "\U0001F600\U0010FFFF", "\ufeff" + text, text + "\n",
	})
}

// escaped percent-encodes a text, and some that need not be.
func (s *surface) escaped(text string, plain bool) string {
	if plain || s.IntN(3) > 0 {
		return strings.ReplaceAll(url.QueryEscape(text), "+", "%20")
	}
	var b strings.Builder
	for i := range len(text) {
		switch c := text[i]; {
		case s.IntN(4) == 0:
			fmt.Fprintf(&b, pick(s, []string{"%%%02X", "%%%02x"}), c)
		case c < utf8.RuneSelf:
			b.WriteString(strings.ReplaceAll(url.QueryEscape(string(rune(c))), "+", "%20"))
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
