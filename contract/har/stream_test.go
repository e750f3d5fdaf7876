package har_test

import (
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/digakit/digakit/contract/har"
)

// endless is an archive of n entries, made as it is read; it samples the heap.
type endless struct {
	rest    string
	entry   string
	n       int
	peak    uint64
	already int
}

func (e *endless) Read(p []byte) (int, error) {
	if e.rest == "" && e.n > 0 {
		e.rest = e.entry + "," + lines
		if e.n--; e.n == 0 {
			e.rest = e.entry + "]}}"
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
	e := &endless{rest: `{"log":{"entries":[`, entry: one, n: entries}
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
