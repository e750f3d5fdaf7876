package contract

import (
	"bufio"
	"bytes"
	"errors"
	"maps"
	"net"
	"net/http"
	"strings"
)

// maxSpare is the largest buffer kept for the next response.
const maxSpare = 1 << 20

// responseWriter sees what a handler answers: copied as it passes, or, when
// hold is set, kept back until commit or discard.
type responseWriter struct {
	http.ResponseWriter
	exchange *exchange
	before   http.Header // what stood there before the handler; held answers only
	snapshot http.Header // of the answer: as it was when the status was set
	buf      *bytes.Buffer
	limit    int64
	status   int
	head     bool
	hold     bool
	wrote    bool // the handler has set a status
	over     bool
	hijacked bool
	returned bool
	done     bool
}

func (w *responseWriter) begin(to http.ResponseWriter, r *http.Request, e *exchange, hold bool, limit int64) {
	w.ResponseWriter, w.exchange, w.hold, w.limit = to, e, hold, limit
	w.head = r.Method == http.MethodHead
	w.buf, _ = buffers.Get().(*bytes.Buffer)
	if hold && len(to.Header()) > 0 {
		w.before = to.Header().Clone()
	}
}

func (w *responseWriter) end() {
	w.done = true
	if w.buf.Cap() <= maxSpare {
		w.buf.Reset()
		buffers.Put(w.buf)
	}
	w.buf = nil
}

// Unwrap lets http.ResponseController reach deadlines and the like.
func (w *responseWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// WriteHeader implements http.ResponseWriter. Informational answers (RFC
// 9110, 15.2) pass at once; they are not the answer.
func (w *responseWriter) WriteHeader(status int) {
	if status >= 100 && status < 200 && status != http.StatusSwitchingProtocols {
		w.ResponseWriter.WriteHeader(status)
		return
	}
	w.release()
	if !w.wrote {
		w.wrote, w.status = true, status
		w.snapshot = w.ResponseWriter.Header().Clone()
	}
	if !w.hold {
		w.ResponseWriter.WriteHeader(status)
	}
}

// Write implements http.ResponseWriter.
func (w *responseWriter) Write(p []byte) (int, error) {
	if w.done {
		return 0, errors.New("contract: write after the handler returned")
	}
	if !w.wrote {
		w.WriteHeader(http.StatusOK)
	}
	w.release()
	w.sniff(p)
	switch {
	case w.exchange.departure.Load() != nil: // it is not judged, and may never end
	case int64(w.buf.Len()+len(p)) > w.limit:
		w.over = true
	case !w.over && (!w.head || w.hold):
		w.buf.Write(p)
	}
	if !w.hold {
		return w.ResponseWriter.Write(p)
	}
	if bodiless("", w.status) {
		return 0, http.ErrBodyNotAllowed
	}
	return len(p), nil
}

// sniff sets in the snapshot the Content-Type net/http will put on the wire
// when the handler sets none.
func (w *responseWriter) sniff(p []byte) {
	if w.buf.Len() > 0 || len(p) == 0 || w.over {
		return
	}
	if _, set := w.snapshot["Content-Type"]; !set && w.snapshot.Get("Content-Encoding") == "" && !bodiless("", w.status) {
		if w.snapshot == nil {
			w.snapshot = http.Header{}
		}
		w.snapshot["Content-Type"] = []string{http.DetectContentType(p)}
	}
}

// release stops holding back once a departure is declared.
func (w *responseWriter) release() {
	if w.hold && w.exchange.departure.Load() != nil {
		if w.wrote {
			w.commit()
		}
		w.hold = false
	}
}

// Flush implements http.Flusher; it waits when the answer is held back.
func (w *responseWriter) Flush() { _ = w.FlushError() }

// FlushError is Flush for http.ResponseController.
func (w *responseWriter) FlushError() error {
	w.release()
	if w.hold || w.done {
		return nil
	}
	if !w.wrote {
		w.WriteHeader(http.StatusOK)
	}
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// Hijack implements http.Hijacker. It ends all judgement.
func (w *responseWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err == nil {
		w.hijacked, w.hold = true, false
	}
	return conn, rw, err
}

// complete gives a handler that wrote nothing its status: 200, as net/http does.
func (w *responseWriter) complete() {
	w.release()
	if !w.wrote && !w.hijacked {
		w.status = http.StatusOK
		w.snapshot = w.ResponseWriter.Header().Clone()
	}
}

// body is what reaches the client: nothing, for HEAD.
func (w *responseWriter) body() []byte {
	if w.head {
		return nil
	}
	return w.buf.Bytes()
}

// commit sends what was held back.
func (w *responseWriter) commit() {
	if !w.wrote {
		return // net/http answers 200 itself
	}
	header := w.ResponseWriter.Header()
	w.restore(header)
	if _, set := header["Content-Length"]; !set && !w.head && !bodiless("", w.status) && w.exchange.departure.Load() == nil &&
		header.Get("Transfer-Encoding") == "" && header.Get("Trailer") == "" {
		header["Content-Length"] = []string{itoa(w.buf.Len())}
	}
	w.ResponseWriter.WriteHeader(w.status)
	if w.buf.Len() > 0 {
		_, _ = w.ResponseWriter.Write(w.buf.Bytes())
	}
}

// restore undoes header changes made after the status was set: net/http
// would not have sent them either. Trailers stay.
func (w *responseWriter) restore(header http.Header) {
	for name := range header {
		if _, ok := w.snapshot[name]; !ok && !strings.HasPrefix(name, http.TrailerPrefix) && header.Get("Trailer") == "" {
			delete(header, name)
		}
	}
	maps.Copy(header, w.snapshot)
}

// discard takes back what the handler set.
func (w *responseWriter) discard() {
	header := w.ResponseWriter.Header()
	clear(header)
	maps.Copy(header, w.before)
}
