package mockserver

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"sync"
)

// maxRecorded is how much of a body is kept for the journal, in bytes.
const maxRecorded = 64 << 10

// recorder is a ResponseWriter that notes what passes: the status, and the body up
// to most. The header is looked at when all is over: nothing in here
// changes it once it has been sent.
type recorder struct {
	http.ResponseWriter
	status int
	size   int64
	body   *bytes.Buffer
	most   int
	// taken is called when the connection is taken over, before the client can
	// see anything of it; nil: nothing is.
	taken func()
}

var recorded = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func newRecorder(w http.ResponseWriter) *recorder {
	return &recorder{ResponseWriter: w, body: recorded.Get().(*bytes.Buffer), most: maxRecorded}
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
	if room := w.most - w.body.Len(); room > 0 {
		w.body.Write(p[:min(n, room)])
	}
	return n, err
}

// Hijack takes the connection over, as [http.Hijacker] says.
func (w *recorder) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err == nil && w.taken != nil {
		w.taken()
	}
	return conn, buffered, err
}

// abortingRecorder is a recorder before an in-process transport, which has no
// connection to take over.
type abortingRecorder struct {
	*recorder
	in *inProcessWriter
}

// Abort implements fault.Aborter.
func (w abortingRecorder) Abort(err error) {
	w.taken()
	w.in.Abort(err)
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
