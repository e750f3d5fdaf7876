package mockserver

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"sync"
)

// Transport returns a transport that answers in process, without a socket: for
// tests that must not open one, and for testing/synctest. Whatever host a
// request names, this server answers it. Answers stream as over a connection;
// faults that break connections give the errors of a [fault.ConnectionError].
func (s *Server) Transport() http.RoundTripper { return inProcess{http.HandlerFunc(s.serveUnguarded)} }

type inProcess struct{ handler http.Handler }

// RoundTrip implements http.RoundTripper.
func (t inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		closeBody(r)
		return nil, err
	}
	ctx, leave := context.WithCancel(r.Context()) // as when a client closes its connection
	w := &inProcessWriter{request: r, leave: leave, header: http.Header{}, ready: make(chan struct{})}
	w.read, w.write = io.Pipe()
	context.AfterFunc(ctx, func() { w.Abort(ctx.Err()) })
	go func() {
		defer closeBody(r)
		defer func() {
			switch p := recover(); p {
			case nil:
				w.finish()
			case http.ErrAbortHandler:
				w.Abort(io.ErrUnexpectedEOF)
			default:
				panic(p)
			}
		}()
		t.handler.ServeHTTP(w, serverSide(ctx, r))
	}()
	<-w.ready
	return w.response()
}

func closeBody(r *http.Request) {
	if r.Body != nil {
		_ = r.Body.Close()
	}
}

// serverSide returns the request as a server sees it.
func serverSide(ctx context.Context, r *http.Request) *http.Request {
	in := r.Clone(ctx)
	in.RequestURI = r.URL.RequestURI()
	in.Proto, in.ProtoMajor, in.ProtoMinor = "HTTP/1.1", 1, 1
	in.RemoteAddr = "127.0.0.1:0"
	if in.Host == "" {
		in.Host = r.URL.Host
	}
	in.URL.Scheme, in.URL.Host, in.URL.User = "", "", nil
	if in.Body == nil {
		in.Body = http.NoBody
	}
	if in.Header == nil {
		in.Header = http.Header{}
	}
	return in
}

// inProcessWriter is the ResponseWriter of an exchange without a connection. The client gets
// what is held once that is all, or too much to be held, or flushed.
type inProcessWriter struct {
	request *http.Request
	leave   context.CancelFunc // ends the handler's context
	header  http.Header
	ready   chan struct{} // closed once the client gets its answer
	read    *io.PipeReader
	write   *io.PipeWriter // of what comes after

	mu     sync.Mutex
	sent   http.Header // header as it was with the status; nil before
	status int
	held   bytes.Buffer // of the body
	total  int
	end    error // of the body; nil: the handler goes on
	opened bool  // ready is closed
}

func (w *inProcessWriter) Header() http.Header { return w.header }

func (w *inProcessWriter) WriteHeader(status int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.sent == nil && w.end == nil && status >= 200 {
		w.sent, w.status = w.header.Clone(), status
	}
}

func (w *inProcessWriter) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	if taken, n, err := w.hold(p); taken {
		return n, err
	}
	return w.write.Write(p)
}

// hold takes what need not be sent, and tells whether it has.
func (w *inProcessWriter) hold(p []byte) (taken bool, n int, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.end != nil:
		return true, 0, io.ErrClosedPipe
	case w.status == http.StatusNoContent || w.status == http.StatusNotModified:
		return true, 0, http.ErrBodyNotAllowed
	}
	w.total += len(p)
	if w.request.Method == http.MethodHead { // counted, but not sent
		return true, len(p), nil
	}
	if w.opened {
		return false, 0, nil
	}
	w.held.Write(p)
	const enough = 64 << 10 // as with a socket's buffer, the answer is on its way then
	if w.held.Len() > enough {
		w.openLocked()
	}
	return true, len(p), nil
}

// Flush implements http.Flusher.
func (w *inProcessWriter) Flush() {
	w.WriteHeader(http.StatusOK)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.openLocked()
}

// Abort implements fault.Aborter.
func (w *inProcessWriter) Abort(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.end == nil {
		w.end = err
		w.leave()
		_ = w.write.CloseWithError(err) // never fails
		w.openLocked()
	}
}

// finish ends the answer of a handler that returned.
func (w *inProcessWriter) finish() {
	w.WriteHeader(http.StatusOK)
	if n, err := strconv.Atoi(w.sent.Get("Content-Length")); err == nil && w.total < n && w.request.Method != http.MethodHead {
		w.Abort(io.ErrUnexpectedEOF)
	}
	w.Abort(io.EOF)
}

func (w *inProcessWriter) openLocked() {
	if !w.opened {
		w.opened = true
		close(w.ready)
	}
}

// response is what the client gets, once ready.
func (w *inProcessWriter) response() (*http.Response, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.request.Context().Err(); err != nil || w.sent == nil {
		return nil, cmp.Or(err, w.end)
	}
	length := int64(-1)
	if n, err := strconv.ParseInt(w.sent.Get("Content-Length"), 10, 64); err == nil {
		length = n
	} else if errors.Is(w.end, io.EOF) {
		length = int64(w.total)
	}
	return &http.Response{
		Status: strconv.Itoa(w.status) + " " + http.StatusText(w.status), StatusCode: w.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.sent, Body: inProcessBody{io.MultiReader(&w.held, w.read), w}, ContentLength: length, Request: w.request,
	}, nil
}

// inProcessBody is the client's end.
type inProcessBody struct {
	io.Reader
	w *inProcessWriter
}

func (b inProcessBody) Close() error {
	b.w.leave()
	return b.w.read.Close()
}
