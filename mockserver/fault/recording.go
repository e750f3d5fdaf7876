package fault

import (
	"bytes"
	"maps"
	"net/http"
	"strconv"
)

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
