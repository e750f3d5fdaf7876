package mockserver

import (
	"bytes"
	"io"
	"net/http"
	"sync"
)

// maxRecorded is how much of a body is kept for the journal, in bytes.
const maxRecorded = 64 << 10

// recorder is a ResponseWriter that notes what passes: the status, and the body up
// to maxRecorded. The header is looked at when all is over: nothing in here
// changes it once it has been sent.
type recorder struct {
	http.ResponseWriter
	status int
	size   int64
	body   *bytes.Buffer
}

var recorded = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func newRecorder(w http.ResponseWriter) *recorder {
	return &recorder{ResponseWriter: w, body: recorded.Get().(*bytes.Buffer)}
}

// release gives the buffer back; the recorder is of no use afterwards.
func (w *recorder) release() {
	w.body.Reset()
	recorded.Put(w.body)
	w.body = nil
}

func (w *recorder) WriteHeader(status int) {
	w.note(status)
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) note(status int) {
	if w.status == 0 && status >= 200 {
		w.status = status
	}
}

func (w *recorder) Write(p []byte) (int, error) {
	w.note(http.StatusOK)
	n, err := w.ResponseWriter.Write(p)
	w.size += int64(n)
	if room := maxRecorded - w.body.Len(); room > 0 {
		w.body.Write(p[:min(n, room)])
	}
	return n, err
}

// Unwrap lets [http.ResponseController] reach the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// recordedBody is a request's body that notes what is read of it.
type recordedBody struct {
	io.ReadCloser
	size int64
	kept []byte
}

func (b *recordedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.size += int64(n)
	if room := maxRecorded - len(b.kept); room > 0 {
		b.kept = append(b.kept, p[:min(n, room)]...)
	}
	return n, err
}
