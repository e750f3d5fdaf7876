package mockserver

import (
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
	w := newInProcessWriter(r, leave)
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
	select {
	case <-w.ready:
		return w.response()
	case <-r.Context().Done():
		w.Abort(r.Context().Err())
		return nil, r.Context().Err()
	}
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

// inProcessWriter is the ResponseWriter of an exchange without a connection. It
// holds what the client has not read yet.
type inProcessWriter struct {
	request *http.Request
	leave   context.CancelFunc // ends the handler's context
	header  http.Header
	ready   chan struct{} // closed once the client gets its answer

	mu     sync.Mutex
	more   *sync.Cond
	sent   http.Header // header as it was with the status; nil before
	status int
	body   []byte // not read yet
	total  int
	end    error // after body; nil: the handler goes on
	opened bool  // ready is closed
	gone   bool  // the client has closed the body
}

func newInProcessWriter(r *http.Request, leave context.CancelFunc) *inProcessWriter {
	w := &inProcessWriter{request: r, leave: leave, header: http.Header{}, ready: make(chan struct{})}
	w.more = sync.NewCond(&w.mu)
	return w
}

func (w *inProcessWriter) Header() http.Header { return w.header }

func (w *inProcessWriter) WriteHeader(status int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.writeHeaderLocked(status)
}

func (w *inProcessWriter) writeHeaderLocked(status int) {
	if w.sent == nil && w.end == nil && status >= 200 {
		w.sent, w.status = w.header.Clone(), status
	}
}

func (w *inProcessWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.end != nil || w.gone:
		return 0, io.ErrClosedPipe
	case w.sent == nil:
		w.writeHeaderLocked(http.StatusOK)
	}
	if w.status == http.StatusNoContent || w.status == http.StatusNotModified {
		return 0, http.ErrBodyNotAllowed
	}
	w.total += len(p)
	if w.request.Method == http.MethodHead {
		return len(p), nil // counted, but not sent
	}
	w.body = append(w.body, p...)
	w.more.Broadcast()
	const enough = 64 << 10 // as with a socket's buffer, the answer is on its way then
	if len(w.body) > enough {
		w.openLocked()
	}
	return len(p), nil
}

// Flush implements http.Flusher.
func (w *inProcessWriter) Flush() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.writeHeaderLocked(http.StatusOK)
	w.openLocked()
}

// Abort implements fault.Aborter.
func (w *inProcessWriter) Abort(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.endLocked(err)
}

// finish ends the answer of a handler that returned.
func (w *inProcessWriter) finish() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.writeHeaderLocked(http.StatusOK)
	end := io.EOF
	if declared := w.sent.Get("Content-Length"); declared != "" && w.request.Method != http.MethodHead {
		if n, err := strconv.Atoi(declared); err == nil && w.total < n {
			end = io.ErrUnexpectedEOF
		}
	}
	w.endLocked(end)
}

func (w *inProcessWriter) endLocked(err error) {
	if w.end == nil {
		w.leave()
		w.end = err
		w.more.Broadcast()
		w.openLocked()
	}
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
	if w.sent == nil {
		return nil, w.end
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
		Header: w.sent, Body: inProcessBody{w}, ContentLength: length, Request: w.request,
	}, nil
}

// inProcessBody is the client's end.
type inProcessBody struct{ w *inProcessWriter }

func (b inProcessBody) Read(p []byte) (int, error) {
	w := b.w
	stop := context.AfterFunc(w.request.Context(), func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.more.Broadcast()
	})
	defer stop()
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(w.body) == 0 && w.end == nil && !w.gone && w.request.Context().Err() == nil {
		w.more.Wait()
	}
	switch {
	case w.gone:
		return 0, http.ErrBodyReadAfterClose
	case len(w.body) > 0:
		n := copy(p, w.body)
		w.body = w.body[n:]
		return n, nil
	case w.end != nil:
		return 0, w.end
	}
	return 0, w.request.Context().Err()
}

func (b inProcessBody) Close() error {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	b.w.gone = true
	b.w.leave()
	b.w.more.Broadcast()
	return nil
}
