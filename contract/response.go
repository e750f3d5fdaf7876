package contract

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Response judges a response against an operation: status, headers and body,
// and returns the violations in a stable order, nil when there are none.
//
// body is the whole body as sent, before any Content-Encoding is undone.
// `default` and ranges such as 4XX count as documented. 1xx, 204 and 304
// answers and answers to HEAD have no body (RFC 9110, 6.4.1); none is asked
// of them.
func (v *Validator) Response(o *Operation, status int, header http.Header, body []byte) []Violation {
	f := findings{side: SideResponse, operation: o.plan.name, status: status}
	doc := o.plan.answer(status)
	if doc == nil {
		f.add(Violation{Kind: KindUndocumentedStatus, In: inStatus, Keyword: "responses", Message: o.notThisStatus(status)})
		return f.result()
	}
	for i := range doc.headers {
		p := &doc.headers[i]
		v.judgeParameter(p, p.headerValues(header), &f)
	}
	if v.strict {
		judgeUndeclaredHeaders(doc, header, &f)
	}
	v.judgeResponseBody(o, doc, status, header, body, &f)
	return f.result()
}

// notThisStatus says which statuses are documented.
func (o *Operation) notThisStatus(status int) string {
	if len(o.Responses) == 0 {
		return fmt.Sprintf("must be a documented status, and %d is not: the document lists none", status)
	}
	listed := make([]string, len(o.Responses))
	for i, r := range o.Responses {
		listed[i] = r.Status
	}
	return fmt.Sprintf("must be a documented status (%s), not %d", strings.Join(listed, ", "), status)
}

func (v *Validator) judgeResponseBody(o *Operation, doc *Response, status int, header http.Header, body []byte, f *findings) {
	switch {
	case bodiless(o.Method, status):
		if len(body) > 0 {
			f.add(Violation{Kind: KindUnexpectedBody, In: inBody, Message: "must be empty: such an answer has no body in HTTP"})
		}
	case len(doc.media) == 0:
		if len(body) > 0 {
			f.add(Violation{Kind: KindUnexpectedBody, In: inBody, Keyword: "content", Message: "must be empty: no content is documented for this status"})
		}
	case len(body) == 0 && !doc.mayBeEmpty(header.Get("Content-Type")):
		f.add(Violation{Kind: KindMissingBody, In: inBody, Keyword: "content", Message: "must be there: the document lists " + doc.documented()})
	default:
		v.judgeBody(&doc.body, header, body, f)
	}
}

// bodiless says whether HTTP rules a body out, whatever the document says.
func bodiless(method string, status int) bool {
	return method == http.MethodHead || status < 200 || status == http.StatusNoContent || status == http.StatusNotModified
}

// mayBeEmpty says whether no bytes can be a whole body: of text and of opaque
// types they can, of JSON not.
func (r *Response) mayBeEmpty(contentType string) bool {
	if contentType == "" {
		return false
	}
	sent, index, err := r.find(contentType)
	return err == nil && index >= 0 && !sent.isJSON()
}

func judgeUndeclaredHeaders(doc *Response, header http.Header, f *findings) {
	for name := range header {
		key := http.CanonicalHeaderKey(name)
		documented := func(p parameter) bool { return http.CanonicalHeaderKey(p.Name) == key }
		if slices.ContainsFunc(doc.headers, documented) || standardHeader(key) {
			continue
		}
		f.add(Violation{Kind: KindUndeclaredHeader, In: inHeader, Name: safeName(key), Keyword: "headers",
			Message: "must not be there: the document declares no such header"})
	}
}

// standardHeader lists the response headers any HTTP server or intermediary
// may add (RFC 9110, RFC 9111, RFC 6265, Fetch) and no API documents.
func standardHeader(key string) bool {
	switch key {
	case "Age", "Allow", "Alt-Svc", "Cache-Control", "Connection", "Content-Encoding", "Content-Language",
		"Content-Length", "Content-Location", "Content-Range", "Content-Security-Policy", "Content-Type",
		"Date", "Etag", "Expires", "Keep-Alive", "Last-Modified", "Location", "Pragma", "Proxy-Authenticate",
		"Referrer-Policy", "Retry-After", "Server", "Set-Cookie", "Strict-Transport-Security", "Trailer",
		"Transfer-Encoding", "Upgrade", "Vary", "Via", "Www-Authenticate", "X-Content-Type-Options", "X-Frame-Options":
		return true
	}
	return strings.HasPrefix(key, "Access-Control-")
}
