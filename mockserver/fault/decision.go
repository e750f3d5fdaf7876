package fault

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/spec"
)

// Decision is a fault that fires on one call, for one goroutine and one Serve.
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

// Departure says in printable ASCII why the answer is not what the document says, such as
// "fault fault-1: status 418"; empty when the document allows it, as with a delay or a
// documented example.
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

// Serve answers a call as the fault says. next makes the answer when the fault has none
// of its own: into memory when the body is to be dribbled or truncated.
//
// The error is for a log: the client left, a clock stopped, a write failed. There is
// nothing left to answer. A delay that ends with an error while the client still waits
// closes the connection.
//
// Put Serve outside of contract's Middleware, which holds answers back. To break a
// connection, Serve looks for an [Aborter], then an [http.Hijacker], and else, over
// HTTP/2 in particular, panics with [http.ErrAbortHandler]: handlers around it must let
// that pass.
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

func (r *recording) Write(p []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	if r.status == http.StatusNoContent || r.status == http.StatusNotModified {
		return 0, http.ErrBodyNotAllowed
	}
	return r.body.Write(p)
}

// begin sends header and status, with the length of the body that it returns.
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

const (
	mediaJSON = "application/json"
	mediaText = "text/plain; charset=utf-8"
)

// answer is what a fault sends in place of the operation. It is a handler.
type answer struct {
	status      int
	contentType string // empty: there is no body
	retryAfter  string // empty: not sent
	body        []byte
}

// answerTo returns the answer of a valid Spec for a call of op, or nil when it
// has none of its own.
func (s *Spec) answerTo(op *contract.Operation) *answer {
	if !s.answers() {
		return nil
	}
	a := &answer{status: cmp.Or(s.Status, http.StatusOK)}
	if s.RetryAfter != nil {
		a.retryAfter = strconv.Itoa(*s.RetryAfter)
	}
	var text string
	switch {
	case bodiless(a.status):
	case s.Body == nil:
		a.contentType, a.body = s.defaultBody(op, a.status)
	case json.Unmarshal(s.Body, &text) == nil && !bytes.Equal(bytes.TrimSpace(s.Body), []byte("null")):
		a.contentType, a.body = mediaText, []byte(text)
	default:
		a.contentType, a.body = mediaJSON, s.Body
	}
	return a
}

// defaultBody is the documented example, or else the envelope.
func (s *Spec) defaultBody(op *contract.Operation, status int) (contentType string, body []byte) {
	contentType, example := exampleOf(op, status)
	if s.ErrorCode == "" && s.Message == "" && example != nil {
		return contentType, example
	}
	envelope := map[string]json.RawMessage{}
	if err := json.Unmarshal(example, &envelope); err != nil || envelope["error_code"] == nil || envelope["message"] == nil {
		// None, or not the example of an error.
		contentType = mediaJSON
		envelope = map[string]json.RawMessage{"status": quoted("error"), "error_code": quoted(codeOf(status)), "message": quoted(textOf(status))}
	}
	if s.ErrorCode != "" {
		envelope["error_code"] = quoted(s.ErrorCode)
	}
	if s.Message != "" {
		envelope["message"] = quoted(s.Message)
	}
	text, _ := spec.EncodeJSON(envelope) // texts marshal
	return contentType, append(text, '\n')
}

// exampleOf returns the first JSON example documented for a status.
func exampleOf(op *contract.Operation, status int) (contentType string, example []byte) {
	if r := op.Response(status); r != nil {
		for _, m := range r.Content {
			if spec.IsJSON(m.Name) && len(m.Examples) > 0 {
				return m.Name, m.Examples[0].Value
			}
		}
	}
	return mediaJSON, nil
}

// codeOf is the status' standard text as an error code: TOO_MANY_REQUESTS.
func codeOf(status int) string {
	return strings.NewReplacer(" ", "_", "-", "_", "'", "").Replace(strings.ToUpper(textOf(status)))
}

func textOf(status int) string {
	return cmp.Or(http.StatusText(status), "Status "+strconv.Itoa(status))
}

func quoted(s string) json.RawMessage {
	text, _ := spec.EncodeJSON(s) // a text marshals
	return text
}

// header sets the answer's headers.
func (a *answer) header(h http.Header) {
	h.Del("Content-Type")
	if a.contentType != "" {
		h.Set("Content-Type", a.contentType)
	}
	if a.status != http.StatusNoContent && a.status != http.StatusNotModified {
		h.Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	if a.retryAfter != "" {
		h.Set("Retry-After", a.retryAfter)
	}
	if a.status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", "Bearer") // RFC 9110, 15.5.2
	}
}

func (a *answer) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	a.header(w.Header())
	w.WriteHeader(a.status)
	if len(a.body) > 0 {
		_, _ = w.Write(a.body) // a client that is gone cannot be told
	}
}
