package har_test

import (
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/har"
)

// endless is an archive that goes on with n times a filling, made as it is read; it
// samples the heap.
type endless struct {
	rest    string
	filling string
	end     string
	n       int
	peak    uint64
	already int
}

func (e *endless) Read(p []byte) (int, error) {
	if e.rest == "" && e.n > 0 {
		e.rest = e.filling
		if e.n--; e.n == 0 {
			e.rest += e.end
		}
	}
	if e.rest == "" {
		return 0, io.EOF
	}
	n := copy(p, e.rest)
	e.rest = e.rest[n:]
	if e.already += n; e.already > 4<<20 {
		e.already = 0
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		e.peak = max(e.peak, m.HeapAlloc)
	}
	return n, nil
}

// lines stand between entries: those that were read need not be known either.
var lines = strings.Repeat("\n", 20000)

func TestALargeArchiveIsNotHeldInMemory(t *testing.T) { // not parallel: it measures the heap
	v := validator(t)
	one := answered("200", both, `{"size":50000,"text":"{\"hello\":\"`+strings.Repeat("x", 50000)+`\"}"}`)
	const entries = 600 // 30 MB
	e := &endless{rest: `{"log":{"entries":[`, filling: one + "," + lines, n: entries - 1, end: one + "]}}"}
	var before runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	r, err := har.Judge(t.Context(), e, v)
	if err != nil || r.Summary.Passed != entries {
		t.Fatalf("%+v, %v", r, err)
	}
	if grown := int64(e.peak) - int64(before.HeapAlloc); e.peak == 0 || grown > 12<<20 {
		t.Errorf("the heap grew by %d bytes", grown)
	}
}

// Whatever stands in one string of an archive, and in however many: what the
// memory has no place for is left out, counted, and the rest is judged.
func TestLargeStringsAreNotHeldInMemory(t *testing.T) { // not parallel: it measures the heap
	v, err := contract.New([]byte(document), contract.MaxBody(100_000))
	if err != nil {
		t.Fatal(err)
	}
	const begun = `{"request":` + asked + `,"response":{"status":200,"headers":[` + both + `],"content":{"size":9,"text":"`
	const skipped = "unjudged: entries with more than 1266666 bytes of text"
	for _, tc := range []struct {
		name, before, after string
		want                []string
		line                int // where what follows is broken; 0: it is not
	}{
		{"a body", `{"log":{"entries":[` + begun, `"}}}]}}`, []string{skipped}, 0},
		{"a body and the next entry", `{"log":{"entries":[` + begun, `"}}},` + answered("200", both, `{"size":2,"text":"{}"}`) + `]}}`,
			[]string{`response_schema_conformance: response body: must have the property "hello" (entry 1, 2026-01-15T09:30:00.123Z)`, skipped}, 0},
		{"a remark", `{"log":{"comment":"`, `","entries":[` + entry(asked, good) + `]}}`, nil, 0},
		{"beside the log", `{"_more":[{"a":["`, `"]}],"log":{"entries":[` + entry(asked, good) + `]}}`, nil, 0},
		{"before what is broken", `{"log":{"comment":"`, "\",\n\n?", nil, 3},
	} {
		for _, filling := range []string{"x", `\u0041`, `\"`, `\\`} {
			const size = 16 << 20
			e := &endless{rest: tc.before, filling: strings.Repeat(filling, 1000), n: size / len(filling) / 1000, end: tc.after}
			var before runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			r, err := har.Judge(t.Context(), e, v)
			var broken *har.Error
			switch {
			case errors.As(err, &broken) && tc.line > 0:
				if at := int64(len(tc.before) + size/len(filling)/1000*len(filling)*1000 + len(tc.after) - 1); broken.Line != tc.line || broken.Offset != at {
					t.Errorf("%s of %s: line %d, byte %d: %v", tc.name, filling, broken.Line, at, err)
				}
			case err != nil || tc.line > 0:
				t.Errorf("%s of %s: %v", tc.name, filling, err)
			default:
				if diff := cmp.Diff(tc.want, brief(r)); diff != "" {
					t.Errorf("%s of %s (-want +got):\n%s", tc.name, filling, diff)
				}
			}
			if grown := int64(e.peak) - int64(before.HeapAlloc); e.peak == 0 || grown > 24<<20 {
				t.Errorf("%s of %s: the heap grew by %d bytes", tc.name, filling, grown)
			}
		}
	}
}

func FuzzJudge(f *testing.F) {
	for _, seed := range []string{
		archive(), archive(entry(asked, good), answered("304", "", `{"size":0}`)), archive(answered("200", both, `{"size":2,"text":"e30=","encoding":"base64"}`)),
		"\xef\xbb\xbf" + archive(entry(asked, good)), "[]", "{\n\n}", `{"log":{"entries":[{"request":{"url":"http://h/greetings","postData":{"params":[{}]}}}]}}`,
	} {
		f.Add(seed)
	}
	v := validator(f)
	f.Fuzz(func(t *testing.T, text string) {
		r, err := har.Judge(t.Context(), strings.NewReader(text), v)
		if err == nil {
			if !strings.Contains(text, "entries") && !strings.Contains(text, `\u`) && !strings.Contains(strings.ToLower(text), "log") {
				t.Errorf("no archive, yet %+v", r)
			}
			return
		}
		var broken *har.Error
		if !errors.As(err, &broken) {
			t.Fatalf("%T: %v", err, err)
		}
		if broken.Offset < 0 || broken.Offset > int64(len(text)) || broken.Line < 1 || broken.Line > 1+strings.Count(text, "\n") {
			t.Errorf("line %d, byte %d of %d: %v", broken.Line, broken.Offset, len(text), err)
		}
		if at := 1 + strings.Count(text[:broken.Offset], "\n"); at != broken.Line {
			t.Errorf("byte %d is on line %d, not %d: %v", broken.Offset, at, broken.Line, err)
		}
	})
}
