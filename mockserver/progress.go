package mockserver

import (
	"bufio"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

const (
	progressTimeout = 30 * time.Second // that a client may take nothing of an answer
	progressBytes   = 32 << 10         // what it has to take meanwhile
)

// lettingGo closes the connections of clients that do not read their answers. A
// handler that sets deadlines of its own, or takes the connection over, is left alone.
func lettingGo(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := &progressWriter{ResponseWriter: w}
		next.ServeHTTP(p, r)
		p.extend() // for what net/http still holds
	})
}

// progressWriter gives each part of an answer its time.
type progressWriter struct {
	http.ResponseWriter
	left atomic.Bool // alone: a deadline is also set from where the end of a stream is noticed
}

func (w *progressWriter) extend() {
	if !w.left.Load() {
		_ = http.NewResponseController(w.ResponseWriter).SetWriteDeadline(time.Now().Add(progressTimeout))
	}
}

func (w *progressWriter) Write(p []byte) (written int, err error) {
	for {
		w.extend()
		n, err := w.ResponseWriter.Write(p[:min(len(p), progressBytes)])
		written += n
		if p = p[n:]; err != nil || len(p) == 0 {
			return written, err
		}
	}
}

// FlushError is what [http.ResponseController] calls.
func (w *progressWriter) FlushError() error {
	w.extend()
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// SetWriteDeadline is what [http.ResponseController] calls.
func (w *progressWriter) SetWriteDeadline(deadline time.Time) error {
	w.left.Store(true)
	return http.NewResponseController(w.ResponseWriter).SetWriteDeadline(deadline)
}

// Hijack implements [http.Hijacker].
func (w *progressWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	w.left.Store(true)
	return http.NewResponseController(w.ResponseWriter).Hijack()
}

// Unwrap lets [http.ResponseController] reach the connection.
func (w *progressWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
