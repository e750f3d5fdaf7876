// Package recording keeps a run of a mock as one file, asks it again, and tells the first
// answer that differs. The file has the state that the run began with, and each request with
// its answer, in order; of credentials what is needed to ask again.
package recording

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/digakit/digakit/mockserver/journal"
	"github.com/digakit/digakit/mockserver/server"
)

const version = 1 // of the file's form

// MaxBody is how much of a body is kept, in bytes: 1 MiB.
const MaxBody = 1 << 20

// Header is the first line of a file: what the run began with.
type Header struct {
	SchemaVersion int               `json:"schema_version"`
	Document      string            `json:"document"` // its title and version
	Items         int               `json:"items"`    // that collections begin with
	Prefix        string            `json:"prefix,omitempty"`
	Profile       json.RawMessage   `json:"profile"`
	Frozen        time.Time         `json:"frozen,omitzero"` // where clocks stand after a reset; zero: they run
	Created       uint64            `json:"created"`         // projects that were ever made
	Snapshots     []server.Snapshot `json:"snapshots"`
}

// Run is a file, read. The time of an exchange is that of the project's clock, which stands
// still while it is answered; zero: it was for no project.
type Run struct {
	Header
	Exchanges []journal.Entry
}

// Writer writes a file, line by line. It is not safe for concurrent use.
type Writer struct {
	encoder *json.Encoder
	count   uint64
}

// NewWriter begins a file on w.
func NewWriter(w io.Writer, h Header) (*Writer, error) {
	h.SchemaVersion = version
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return &Writer{encoder: e}, e.Encode(h)
}

// Write adds an exchange.
func (w *Writer) Write(e journal.Entry) error {
	w.count++
	e.ID = w.count
	return w.encoder.Encode(e)
}

// Open reads the file at a path.
func Open(path string) (*Run, error) {
	file, err := os.Open(path) //nolint:gosec // G304: reading what the caller names is what it does
	if err != nil {
		return nil, fmt.Errorf("recording: %w; give the path of a file that is there and can be read", err)
	}
	defer file.Close()
	run, err := Read(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return run, nil
}

// Read reads a file. The error names the line, and what cannot be asked again.
func Read(r io.Reader) (*Run, error) {
	lines := bufio.NewReader(r)
	run := &Run{}
	for n := 1; ; n++ {
		line, err := lines.ReadBytes('\n')
		if err == io.EOF && len(line) == 0 {
			break
		}
		if err != nil && err != io.EOF {
			return nil, err
		}
		if n == 1 {
			if err := json.Unmarshal(line, &run.Header); err != nil || run.SchemaVersion == 0 {
				return nil, errors.New("recording: line 1: it is not the beginning of a run; make one with `digakit mock --record FILE`")
			}
			if run.SchemaVersion != version {
				return nil, fmt.Errorf("recording: its schema_version is %d; this digakit reads %d: record the run anew", run.SchemaVersion, version)
			}
			continue
		}
		var e journal.Entry
		if err := json.Unmarshal(line, &e); err != nil || e.Request.Method == "" {
			return nil, fmt.Errorf("recording: line %d: it is no exchange, or not whole: delete it, or record the run anew", n)
		}
		if b := e.Request.Body; b != nil && b.Truncated {
			return nil, fmt.Errorf("recording: line %d: %s %s cannot be asked again: of its body of over %d bytes only the beginning was kept", n, e.Request.Method, e.Request.Path, MaxBody)
		}
		run.Exchanges = append(run.Exchanges, e)
	}
	if run.SchemaVersion == 0 {
		return nil, errors.New("recording: it is empty: nothing was asked while it was recorded")
	}
	return run, nil
}

// Relevant are the headers of an answer that say something of it, not of the connection or of
// what browsers may do.
func Relevant(h http.Header) http.Header {
	kept := http.Header{}
	for name, values := range h {
		switch name {
		case "Connection", "Content-Length", "Date", "Keep-Alive", "Referrer-Policy", "Transfer-Encoding", "Vary", "X-Content-Type-Options":
		default:
			if !strings.HasPrefix(name, "Access-Control-") && !strings.HasPrefix(name, "Cross-Origin-") {
				kept[name] = values
			}
		}
	}
	return kept
}
