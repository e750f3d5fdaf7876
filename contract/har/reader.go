package har

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// archive reads the entries of an archive one by one: of a large file, only the
// entry at hand is in memory.
type archive struct {
	name    string
	lines   *lineCounter
	decoder *json.Decoder
	skipped int64 // bytes before what the decoder sees: a byte order mark
	cutter  *cutter
}

// newArchive reads an archive, compressed with gzip (.har.gz) or plain.
// maxBody is the largest body that is judged.
func newArchive(name string, r io.Reader, maxBody int64) (*archive, error) {
	buffered := bufio.NewReader(r)
	a := &archive{name: name, cutter: &cutter{limit: maxText(maxBody)}}
	a.lines = &lineCounter{reader: a.cutter}
	if magic, err := buffered.Peek(2); err == nil && bytes.Equal(magic, []byte("\x1f\x8b")) {
		plain, err := gzip.NewReader(buffered)
		if err != nil {
			return nil, a.broken(err)
		}
		buffered = bufio.NewReader(plain)
	}
	if mark, err := buffered.Peek(3); err == nil && bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		_, _ = buffered.Discard(3) // what was peeked is there
		a.skipped = 3
	}
	a.cutter.reader = buffered
	a.decoder = json.NewDecoder(a.lines)
	return a, nil
}

// each calls f with every entry of log.entries, or with what is wrong with one
// that is not as HAR 1.2 has it. It fails on what is no archive, and as f does.
func (a *archive) each(f func(e entry, wrong string) error) error {
	found := false
	err := a.object("the archive", func(key string) error {
		if key != "log" {
			return a.skip()
		}
		return a.object("log", func(key string) error {
			if key != "entries" {
				return a.skip()
			}
			found = true
			return a.entries(f)
		})
	})
	if err != nil {
		return err
	}
	if !found {
		return a.failed("it is JSON, but no HTTP Archive: there is no log.entries; save the traffic as HAR 1.2", nil)
	}
	if _, err := a.decoder.Token(); !errors.Is(err, io.EOF) {
		return a.failed("something follows the archive; an archive is one JSON object", err)
	}
	return nil
}

func (a *archive) entries(f func(e entry, wrong string) error) error {
	if err := a.open('[', "log.entries"); err != nil {
		return err
	}
	for i := 0; a.decoder.More(); i++ {
		var e entry
		wrong := ""
		began := a.decoder.InputOffset()
		err := a.decoder.Decode(&e) // reads the whole entry, whatever its types
		if a.cutter.dropped(a.decoder.InputOffset()) > a.cutter.dropped(began) {
			wrong = fmt.Sprintf("entries with more than %d bytes of text", a.cutter.limit)
		} else if mismatch, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			wrong = fmt.Sprintf("entries that are not as HAR 1.2 has them: %s is a %s", cmp.Or(mismatch.Field, "it"), mismatch.Value)
		} else if err != nil {
			return a.broken(err)
		}
		if err := f(e, wrong); err != nil {
			return err
		}
		a.lines.forget(a.decoder.InputOffset())
	}
	return a.close()
}

// object calls f with each key of an object; f reads the value.
func (a *archive) object(what string, f func(key string) error) error {
	if err := a.open('{', what); err != nil {
		return err
	}
	for a.decoder.More() {
		token, err := a.decoder.Token()
		if err != nil {
			return a.broken(err)
		}
		key, _ := token.(string) // the decoder takes nothing else for a key
		if err := f(key); err != nil {
			return err
		}
	}
	return a.close()
}

func (a *archive) open(want json.Delim, what string) error {
	token, err := a.decoder.Token()
	if err != nil {
		return a.broken(err)
	}
	if token != want {
		return a.failed(fmt.Sprintf("it is JSON, but no HTTP Archive: %s must begin with %s; save the traffic as HAR 1.2", what, want), nil)
	}
	return nil
}

func (a *archive) close() error {
	if _, err := a.decoder.Token(); err != nil {
		return a.broken(err)
	}
	return nil
}

func (a *archive) skip() error {
	for depth := 0; ; {
		token, err := a.decoder.Token()
		if err != nil {
			return a.broken(err)
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return nil
		}
	}
}

// broken words what a decoder says of text that is not JSON, or of a reader
// that fails. Offsets in errors of a json.Decoder do not count what was read as
// tokens, so they are found anew in what it has buffered.
func (a *archive) broken(err error) error {
	if a.lines.read == 0 && errors.Is(err, io.EOF) {
		return a.at(0, "it is empty; save the traffic as HAR 1.2", nil)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return a.at(a.lines.read, "it ends in the middle; save it anew, or copy it whole", nil)
	}
	syntax, ok := errors.AsType[*json.SyntaxError](err)
	if !ok {
		return a.at(a.lines.read, "it cannot be read: "+err.Error(), err)
	}
	offset := a.decoder.InputOffset()
	rest, readErr := io.ReadAll(a.decoder.Buffered())
	again, found := errors.AsType[*json.SyntaxError](json.Unmarshal(rest, new(json.RawMessage)))
	if readErr == nil && found && again.Error() == syntax.Error() {
		offset += again.Offset - 1
	}
	return a.at(offset, "it is not JSON: "+syntax.Error()+"; save the traffic as HAR 1.2", nil)
}

func (a *archive) failed(problem string, err error) error {
	return a.at(a.decoder.InputOffset(), problem, err)
}

func (a *archive) at(offset int64, problem string, err error) error {
	return &Error{Name: a.name, Offset: offset + a.skipped + a.cutter.dropped(offset), Line: a.lines.line(offset), Problem: problem, Err: err}
}

// lineCounter knows the line of every byte that was read and not forgotten.
type lineCounter struct {
	reader io.Reader
	read   int64
	before int     // line ends forgotten
	ends   []int64 // offsets of line ends
}

func (l *lineCounter) Read(p []byte) (int, error) {
	n, err := l.reader.Read(p)
	for i, b := range p[:n] {
		if b == '\n' {
			l.ends = append(l.ends, l.read+int64(i))
		}
	}
	l.read += int64(n)
	return n, err
}

// passed counts the line ends before an offset.
func (l *lineCounter) passed(offset int64) int {
	n := 0
	for n < len(l.ends) && l.ends[n] < offset {
		n++
	}
	return n
}

// forget drops the line ends before an offset, keeping their number.
func (l *lineCounter) forget(offset int64) {
	n := l.passed(offset)
	l.before += n
	l.ends = append(l.ends[:0], l.ends[n:]...)
}

func (l *lineCounter) line(offset int64) int { return 1 + l.before + l.passed(offset) }
