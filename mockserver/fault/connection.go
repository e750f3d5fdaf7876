package fault

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"syscall"
	"time"
)

// Aborter is a ResponseWriter with no connection behind it that can break off its
// exchange. It is found through the Unwrap methods of ResponseWriters around it.
//
// Abort ends the exchange with err, a [*ConnectionError]. When a status has been written,
// the client gets that answer, what was written of the body, and then err from reading
// it; otherwise err in place of the answer.
type Aborter interface {
	http.ResponseWriter
	Abort(err error)
}

// ConnectionError is what a client of an [Aborter] meets in place of a broken connection.
type ConnectionError struct {
	FaultID string
	Reason  string // a Kind, or what happened to the answer
	// Err is what net/http's client says, by errors.Is: io.EOF, syscall.ECONNRESET,
	// io.ErrUnexpectedEOF, an error of the context, or one with the same text.
	Err error
}

func (e *ConnectionError) Error() string {
	return "fault: " + e.FaultID + ": " + e.Reason + ": " + e.Err.Error()
}

func (e *ConnectionError) Unwrap() error { return e.Err }

// seenAs returns what net/http's client says to a broken connection.
func (k Kind) seenAs() error {
	switch k {
	case ConnectionResetByPeer:
		return syscall.ECONNRESET
	case RandomDataThenClose:
		return errors.New("malformed HTTP response")
	case MalformedResponseChunk:
		return errors.New("invalid byte in chunk length")
	default:
		return io.EOF
	}
}

// breakConnection answers with the fault's Kind.
func (d *Decision) breakConnection(w http.ResponseWriter, r *http.Request) error {
	kind := d.spec.Kind
	if a, ok := aborterOf(w); ok {
		if kind == MalformedResponseChunk {
			w.Header().Set("Content-Type", mediaJSON)
			w.WriteHeader(http.StatusOK)
		}
		a.Abort(&ConnectionError{d.id, string(kind), kind.seenAs()})
		return nil
	}
	conn, err := takeOver(w, r)
	if err != nil {
		if kind == MalformedResponseChunk {
			w.Header().Set("Content-Type", mediaJSON)
			w.WriteHeader(http.StatusOK)
			_ = http.NewResponseController(w).Flush() // the client is to see the status, if it can
		}
		panic(http.ErrAbortHandler)
	}
	defer conn.Close()
	switch kind {
	case ConnectionResetByPeer:
		return reset(conn)
	case RandomDataThenClose:
		_, err = conn.Write(d.garbage)
	case MalformedResponseChunk:
		err = writeMalformed(conn, w.Header(), d.garbage)
	default: // EmptyResponse: closing is all
	}
	return err
}

// takeOver takes an HTTP/1 connection from net/http.
func takeOver(w http.ResponseWriter, r *http.Request) (net.Conn, error) {
	// Closing a connection with unread bytes resets it, which would take back what was
	// sent. After Expect, the client has sent nothing.
	if r.Body != nil && r.Header.Get("Expect") == "" {
		const most = 1 << 20
		_, _ = io.CopyN(io.Discard, r.Body, most)
	}
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return nil, err
	}
	const patience = 5 * time.Second // with a client that does not read
	return conn, conn.SetDeadline(time.Now().Add(patience))
}

// reset closes the connection so that TCP sends RST instead of FIN, under TLS too.
func reset(conn net.Conn) error {
	for {
		outer, ok := conn.(interface{ NetConn() net.Conn })
		if !ok {
			break
		}
		conn = outer.NetConn()
	}
	if tcp, ok := conn.(interface{ SetLinger(sec int) error }); ok {
		if err := tcp.SetLinger(0); err != nil {
			return err
		}
	}
	return conn.Close()
}

// writeMalformed sends a header, CORS headers among it, that announces chunks (RFC 9112,
// 7.1), and garbage for one.
func writeMalformed(conn net.Conn, header http.Header, garbage []byte) error {
	h := header.Clone()
	if h == nil {
		h = http.Header{}
	}
	h.Del("Content-Length")
	h.Set("Content-Type", mediaJSON)
	h.Set("Transfer-Encoding", "chunked")
	var b bytes.Buffer
	b.WriteString("HTTP/1.1 200 OK\r\n")
	_ = h.Write(&b) // to memory
	b.WriteString("\r\n")
	b.Write(garbage)
	_, err := conn.Write(b.Bytes())
	return err
}

// giveUp ends a call whose delay ended with err before anything was sent: for a client
// that still waits, returning would make up an empty 200, so the connection is closed.
func (d *Decision) giveUp(w http.ResponseWriter, r *http.Request, err error) error {
	cause := &ConnectionError{d.id, "delay broken off", err}
	if abort(w, cause) || context.Cause(r.Context()) != nil {
		return err
	}
	conn, failed := takeOver(w, r)
	if failed != nil {
		panic(http.ErrAbortHandler)
	}
	_ = conn.Close()
	return err
}

// abort tells the Aborter, if there is one.
func abort(w http.ResponseWriter, err error) bool {
	a, ok := aborterOf(w)
	if ok {
		a.Abort(err)
	}
	return ok
}

// aborterOf finds an Aborter under the writers around it.
func aborterOf(w http.ResponseWriter) (Aborter, bool) {
	for {
		switch t := w.(type) {
		case Aborter:
			return t, true
		case interface{ Unwrap() http.ResponseWriter }:
			w = t.Unwrap()
		default:
			return nil, false
		}
	}
}
