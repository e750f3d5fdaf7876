package har

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/internal/recorder"
	"github.com/digakit/digakit/contract/report"
)

// Judge reads an HTTP Archive 1.2 and judges every exchange whose path the
// document of v has; others are counted in a note. Entries are read one by one,
// and one whose text is larger than what is judged of two bodies (see
// [contract.MaxBody]) is counted and left out. Findings name the first entry they
// came with, counted from 0, and when it began. The tool of the report is "har".
//
// A report in which nothing was judged is empty (see report.Report.Empty), and
// never a pass. An archive that cannot be read is an *[Error]; a context that
// ends ends the reading with its error.
func Judge(ctx context.Context, r io.Reader, v *contract.Validator, opts ...Option) (*report.Report, error) {
	var c config
	for _, opt := range opts {
		opt(&c)
	}
	if v == nil {
		c.errs = append(c.errs, errors.New("har: the validator is missing; make one with contract.New"))
	}
	if err := errors.Join(c.errs...); err != nil {
		return nil, err
	}
	j := &judge{config: c, validator: v, recorder: recorder.New("har", c.name, v, nil)}
	archive, err := newArchive(c.name, r, v.MaxBody())
	if err != nil {
		return nil, err
	}
	index := 0
	err = archive.each(func(e entry, wrong string) error {
		if wrong != "" {
			j.recorder.Skip(nil, wrong)
		} else {
			j.judge(&e, index)
		}
		index++
		return ctx.Err()
	})
	if err != nil {
		return nil, err
	}
	if j.others > 0 {
		j.recorder.Note(fmt.Sprintf("entries to other hosts or undocumented paths, not looked at: %d of %d", j.others, index))
	}
	return j.recorder.Report(), nil
}

// judge judges the entries of one archive.
type judge struct {
	config
	validator *contract.Validator
	recorder  *recorder.Recorder
	others    int
}

func (j *judge) judge(e *entry, index int) {
	u, err := e.target()
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		j.others++
		return
	}
	o, _, err := j.validator.Route(e.Request.Method, u.EscapedPath())
	route, _ := errors.AsType[*contract.RouteError](err)
	switch {
	case route != nil && route.Allow == nil:
		j.others++
		return
	case route != nil && preflight(e):
		j.recorder.Skip(nil, "CORS preflight requests")
		return
	}
	mark := fmt.Sprintf("entry %d", index)
	if at := e.started(); at != "" {
		mark += ", " + at
	}
	request := e.request()
	sent := &http.Request{Method: e.Request.Method, URL: u, Host: u.Host, Header: request.header, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}
	x := contract.Exchange{Operation: o, Request: sent, RequestBody: request.body, Status: e.Response.Status}
	if route != nil {
		x.Violations = route.Violations()
	} else {
		j.judgeBoth(&x, e, request)
	}
	j.recorder.Record(recorder.Entry{
		Exchange: x, Mark: mark, Body: request.body,
		Repeat: func() *http.Request { return x.Request.Clone(context.Background()) },
	})
}

// preflight tells the question a browser asks before a request to another origin
// (Fetch, "CORS-preflight request").
func preflight(e *entry) bool {
	h := headerOf(e.Request.Headers)
	return e.Request.Method == http.MethodOptions && h.Get("Access-Control-Request-Method") != ""
}

// judgeBoth judges both sides as far as they were recorded.
func (j *judge) judgeBoth(x *contract.Exchange, e *entry, request half) {
	x.Violations = j.recorded(j.validator.Request(x.Operation, x.Request, request.body), request)
	x.Unjudged = request.partial
	if why := unanswered(e); why != "" {
		x.Unjudged, x.Status = why, 0
		return
	}
	response := e.response()
	bad := j.validator.Response(x.Operation, x.Status, response.header, response.body)
	if x.Status == http.StatusNotModified && slices.ContainsFunc(bad, func(v contract.Violation) bool { return v.Kind == contract.KindUndocumentedStatus }) {
		x.Unjudged = "answers 304: what they stand for is in the browser's cache"
		return
	}
	if response.partial == cutBody && !slices.ContainsFunc(bad, inBody) {
		response.partial = "" // whole after all: sizes differ between character encodings
	}
	x.Header, x.Body = response.header, response.body
	if response.partial != "" {
		x.Unjudged, x.Body = response.partial, nil
	}
	x.Violations = append(x.Violations, j.recorded(bad, response)...)
}

// unanswered says why there is no answer to judge; empty when there is one.
func unanswered(e *entry) string {
	switch status := e.Response.Status; {
	case status == 0:
		return "no answer was recorded: the request was aborted, blocked or still under way"
	case status == http.StatusSwitchingProtocols:
		return "the connection was upgraded to another protocol"
	case status < 200 || status > 599:
		return "the status is none of an answer (200 to 599)"
	}
	if contract.IsEventStream(cmp.Or(headerOf(e.Response.Headers).Get("Content-Type"), e.Response.Content.MimeType)) {
		return "Server-Sent Events"
	}
	return ""
}

func inBody(v contract.Violation) bool { return v.In == "body" }

// recorded leaves out violations in what was not recorded as it was sent: a
// partial body, headers when there are none at all, credentials that were taken
// out, and cookies, which recorders take out without a trace.
func (j *judge) recorded(violations []contract.Violation, h half) []contract.Violation {
	return slices.DeleteFunc(violations, func(v contract.Violation) bool {
		switch v.In {
		case "body":
			return h.partial != ""
		case "header":
			return h.bare || v.Kind == contract.KindMissingParameter && j.validator.HoldsSecret(v.Name) ||
				slices.ContainsFunc(h.header.Values(v.Name), redacted)
		case "cookie":
			return len(h.header.Values("Cookie")) == 0 || slices.ContainsFunc(h.header.Values("Cookie"), redacted)
		}
		return false
	})
}
