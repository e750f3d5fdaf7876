package fault

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/digakit/digakit/contract"
)

// Decision is a fault that fires on one call. It is for one goroutine, and for
// one Serve.
type Decision struct {
	id      string
	spec    *Spec
	sleep   func(context.Context, time.Duration) error
	delay   time.Duration
	garbage []byte

	answer    *answer // nil: the operation answers, or nobody does
	departure string
}

// ID is that of the fault.
func (d *Decision) ID() string { return d.id }

// Departure says why the answer is not what the document says, such as
// "fault fault-1: status 418", for contract.DeclareDeparture and the header
// Contract-Departure: it is printable ASCII. It is empty when the document allows
// the answer: a delay changes nothing about it, and an answer of the fault's own,
// such as a documented example, has been judged by the Set's Validator.
func (d *Decision) Departure() string { return d.departure }

// prepare makes the answer and judges it.
func (d *Decision) prepare(v *contract.Validator, op *contract.Operation) {
	var reasons []string
	if d.answer = d.spec.answerTo(op); d.answer != nil {
		h := http.Header{}
		d.answer.header(h)
		if len(v.Response(op, d.answer.status, h, d.answer.body)) > 0 {
			reasons = append(reasons, "status "+strconv.Itoa(d.answer.status))
		}
	}
	if d.spec.TruncateBodyAtFraction != nil {
		reasons = append(reasons, "body truncated")
	}
	if d.spec.Kind != "" {
		reasons = append(reasons, string(d.spec.Kind))
	}
	if len(reasons) > 0 {
		d.departure = "fault " + d.id + ": " + strings.Join(reasons, ", ")
	}
}

// Serve answers a call as the fault says. next makes the answer when the fault
// has none of its own: at once when it only delays, and into memory when the
// body is to be dribbled or truncated.
//
// The error is nil when everything went as ordered, broken connections included,
// and otherwise for a log: the client left, a clock stopped, a write failed.
// There is nothing left to answer either way. A delay that ends with an error
// while the client still waits closes the connection: no answer is made up.
//
// Put Serve outside of contract's Middleware: inside, an answer is held back for
// judgement and would arrive all at once, however it was dribbled.
//
// To break a connection, Serve looks for an [Aborter], then takes over the
// connection ([http.Hijacker]), and where neither is possible, over HTTP/2 in
// particular, panics with [http.ErrAbortHandler] as net/http wants it. Handlers
// around it must let that pass.
func (d *Decision) Serve(w http.ResponseWriter, r *http.Request, next http.Handler) error {
	if d.delay > 0 {
		if err := d.sleep(r.Context(), d.delay); err != nil {
			return d.giveUp(w, r, err)
		}
	}
	if d.spec.Kind != "" {
		return d.breakConnection(w, r)
	}
	if d.answer != nil {
		next = d.answer
	}
	if d.spec.ChunkedDribbleDelay == nil && d.spec.TruncateBodyAtFraction == nil {
		next.ServeHTTP(w, r)
		return nil
	}
	rec := newRecording(w)
	next.ServeHTTP(rec, r)
	return d.send(w, r, rec)
}

// send sends what was recorded, slowly or not to its end.
func (d *Decision) send(w http.ResponseWriter, r *http.Request, rec *recording) error {
	body := rec.begin(w)
	whole := len(body)
	if fraction := d.spec.TruncateBodyAtFraction; fraction != nil {
		body = body[:int(*fraction*float64(whole))] // less than whole: the product never rounds up to it
	}
	if err := d.write(w, r, body); err != nil {
		abort(w, &ConnectionError{d.id, "broken off", err})
		return err
	}
	if len(body) < whole && r.Method != http.MethodHead {
		// net/http closes the connection, as less was written than declared.
		abort(w, &ConnectionError{d.id, "body truncated", io.ErrUnexpectedEOF})
	}
	return nil
}

// write writes the body, in parts when it is to be dribbled.
func (d *Decision) write(w http.ResponseWriter, r *http.Request, body []byte) error {
	dribble := d.spec.ChunkedDribbleDelay
	if dribble == nil {
		dribble = &Dribble{NumberOfChunks: 1}
	}
	flush := http.NewResponseController(w).Flush
	parts := min(dribble.NumberOfChunks, len(body))
	total := time.Duration(dribble.TotalDuration) * time.Millisecond
	for i := range parts {
		if err := flush(); err != nil && !errors.Is(err, http.ErrNotSupported) {
			return err
		}
		// Computed from the whole each time, so that nothing is lost to rounding.
		wait := total*time.Duration(i+1)/time.Duration(parts) - total*time.Duration(i)/time.Duration(parts)
		if wait > 0 {
			if err := d.sleep(r.Context(), wait); err != nil {
				return err
			}
		}
		if _, err := w.Write(body[len(body)*i/parts : len(body)*(i+1)/parts]); err != nil {
			return err
		}
	}
	return nil
}

// recording is a ResponseWriter that keeps an answer in memory.
type recording struct {
	header http.Header // what the handler sees and changes
	sent   http.Header // as it was when the status was set
	status int
	body   bytes.Buffer
}

func newRecording(w http.ResponseWriter) *recording {
	return &recording{header: w.Header().Clone()}
}

// Header implements http.ResponseWriter.
func (r *recording) Header() http.Header {
	if r.header == nil {
		r.header = http.Header{}
	}
	return r.header
}

// WriteHeader implements http.ResponseWriter. Informational answers are left out.
func (r *recording) WriteHeader(status int) {
	if r.status == 0 && status >= 200 {
		r.status, r.sent = status, r.Header().Clone()
	}
}

// Write implements http.ResponseWriter.
func (r *recording) Write(p []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	if r.status == http.StatusNoContent || r.status == http.StatusNotModified {
		return 0, http.ErrBodyNotAllowed
	}
	return r.body.Write(p)
}

// begin sends header and status and returns the body that is to follow. The
// header declares its length: a body that ends early is seen to end early.
func (r *recording) begin(w http.ResponseWriter) []byte {
	r.WriteHeader(http.StatusOK)
	body := r.body.Bytes()
	h := w.Header()
	clear(h)
	maps.Copy(h, r.sent)
	if len(body) > 0 {
		if _, set := h["Content-Type"]; !set && h.Get("Content-Encoding") == "" {
			h.Set("Content-Type", http.DetectContentType(body)) // net/http would see a part of it
		}
		h.Del("Transfer-Encoding")
		h.Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(r.status)
	return body
}
