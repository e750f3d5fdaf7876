package journal

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/digakit/digakit/contract"
)

// Exchange is what [Journal.Record] is told of a request and its response. Nothing of it
// is kept: its bodies and headers may be reused.
type Exchange struct {
	Time     time.Time     // when the request came
	Duration time.Duration // until the answer was complete

	// Request is the request as it came; it must not be nil. Its body is not read.
	Request *http.Request
	// Declared says whether the operation documents a query parameter, by its decoded
	// name; nil declares none. The values of others are left out.
	Declared func(name string) bool
	// Credential says whether a header or query parameter of a name holds a credential;
	// nil is [contract.HoldsSecret].
	Credential  func(name string) bool
	RequestBody []byte // what was read of the body, as sent
	RequestSize int64  // the size of the whole body, in bytes; 0: len(RequestBody)

	Status         int // 0: no answer was sent
	ResponseHeader http.Header
	ResponseBody   []byte // as sent
	ResponseSize   int64  // like RequestSize
	Secret         string // that the answer alone shows; empty: none

	Operation   string // name of the operation; empty: for none
	Project     string
	KeyID       string // empty: no valid key
	KeyLastFour string
	Violations  []contract.Violation // of both sides, the request's first
	Departure   string               // why the answer leaves the document; empty: it does not
	FaultID     string               // of the fault that answered or disturbed; empty: none
	Preference  string               // what of the Prefer header was applied; empty: nothing
	Basis       string               // what the answer rests on; empty: not told
}

// Bounds on what one record may hold beside its bodies, in bytes. With maxHeader they
// stay below maxBeside, even when replacing what is not UTF-8 doubles every string.
const (
	maxTarget     = 8 << 10 // path, and query
	maxField      = 1 << 10 // any other string
	maxViolations = 64 << 10
	maxBeside     = 256 << 10
	// recordCost stands for the struct, its place in the ring, and what the allocator
	// rounds up.
	recordCost    = 512
	violationCost = 192
)

// record is one exchange, redacted and packed. It never changes once it is in a ring.
type record struct {
	id       uint64
	time     time.Time
	duration time.Duration
	status   int

	operation, project, faultID, keyID, lastFour, basis string // the caller's own, not parts of the request

	// Slices of one string, so that nothing of the request's own memory is held.
	method, path, query, client, departure, preference string
	requestHeader, responseHeader                      string
	requestHeaderCut, responseHeaderCut                bool

	requestBody, responseBody kept
	violations                []contract.Violation
	bytes                     int64 // without the bodies
}

// scratch is where records are packed.
var scratch = sync.Pool{New: func() any { return new([]byte) }}

// newRecord packs x, but for the bodies.
func newRecord(x *Exchange, m masker) *record {
	r := &record{
		time: x.Time.Round(0).UTC(), duration: x.Duration, status: x.Status,
		operation: cutString(x.Operation, maxField), project: cutString(x.Project, maxField),
		faultID: cutString(x.FaultID, maxField), keyID: cutString(x.KeyID, maxField), lastFour: cutString(x.KeyLastFour, maxField), basis: cutString(x.Basis, maxField),
	}
	r.violations, r.bytes = m.violations(x.Violations)

	buf, _ := scratch.Get().(*[]byte)
	b := (*buf)[:0]
	var fields [8]string
	var ends [len(fields)]int
	end := func(i, limit int) {
		from := ends[max(i, 1)-1] // of the first, not set yet
		if len(b)-from > limit {
			b = append(cutBytes(b, from+limit), ellipsis...)
		}
		ends[i] = len(b)
	}
	u := x.Request.URL
	b = append(b, cmp.Or(x.Request.Method, http.MethodGet)...)
	end(0, maxField)
	b = m.appendPath(b, u)
	end(1, maxTarget)
	if u.RawQuery != "" {
		b = m.appendQuery(b, u.RawQuery)
	}
	end(2, maxTarget)
	b = append(b, x.Request.RemoteAddr...)
	end(3, maxField)
	b = m.appendPlain(b, x.Departure)
	end(4, maxField)
	b = m.appendPlain(b, x.Preference)
	end(5, maxField)
	b, r.requestHeaderCut = m.appendHeader(b, x.Request.Header)
	end(6, maxHeader)
	b, r.responseHeaderCut = m.appendHeader(b, x.ResponseHeader)
	end(7, maxHeader)

	whole := string(b)
	from := 0
	for i, end := range ends {
		fields[i] = strings.ToValidUTF8(whole[from:end], "\uFFFD")
		from = end
	}
	*buf = b
	scratch.Put(buf)
	r.method, r.path, r.query = fields[0], fields[1], fields[2]
	r.client, r.departure, r.preference = fields[3], fields[4], fields[5]
	r.requestHeader, r.responseHeader = fields[6], fields[7]

	r.bytes += recordCost + int64(len(r.operation)+len(r.project)+len(r.faultID)+len(r.keyID)+len(r.lastFour)+len(r.basis))
	for _, f := range fields {
		r.bytes += int64(len(f))
	}
	return r
}

// violations returns a bounded copy of list without the request's memory, and its cost.
func (m masker) violations(list []contract.Violation) ([]contract.Violation, int64) {
	if len(list) == 0 {
		return nil, 0
	}
	var cost int64
	list = slices.Clone(list)
	for i := range list {
		v := &list[i]
		v.Name, v.Pointer, v.Message = m.clone(v.Name), m.clone(v.Pointer), m.clone(v.Message)
		c := violationCost + int64(len(v.Name)+len(v.Pointer)+len(v.Message)+len(v.HowToFix))
		if cost+c > maxViolations {
			return slices.Clip(slices.Clone(list[:i])), cost
		}
		cost += c
	}
	return list, cost
}

// Body is a body as the journal shows it. At most one of JSON, Text and Base64 is there.
type Body struct {
	JSON      json.RawMessage `json:"json,omitempty"`      // the body, when it is whole and one JSON value
	Text      string          `json:"text,omitempty"`      // else, when it is UTF-8
	Base64    []byte          `json:"base64,omitempty"`    // else; in JSON as standard base64
	Size      int64           `json:"size"`                // of the whole body as sent, in bytes
	Truncated bool            `json:"truncated,omitempty"` // says that only the beginning is shown
	Omitted   string          `json:"omitted,omitempty"`   // says why nothing is shown
}

// text is the kept part of a body, redacted. Exchanges with equal bodies share one.
type text struct {
	s      string
	shared bool // as sent, so that it may stand for equal bodies to come
	refs   int  // records in the ring that have it; the journal's lock guards it
}

// kept is a body in a record.
type kept struct {
	*text          // nil: nothing is kept
	size    int64  // as sent
	cut     bool   // text is the beginning
	omitted string // why there is no text
}

// show returns nil for an absent body.
func (k kept) show() *Body {
	if k.size == 0 {
		return nil
	}
	b := &Body{Size: k.size, Truncated: k.cut, Omitted: k.omitted}
	switch {
	case k.text == nil:
	case !utf8.ValidString(k.s):
		b.Base64 = []byte(k.s)
	case !k.cut && json.Valid([]byte(k.s)):
		b.JSON = json.RawMessage(k.s)
	default:
		b.Text = k.s
	}
	return b
}

// NewBody shows a body as it is, up to limit bytes; nil when it is empty.
func NewBody(b []byte, limit int) *Body {
	return kept{text: &text{s: string(b[:min(len(b), limit)])}, size: int64(len(b)), cut: len(b) > limit}.show()
}

// Bytes is what is shown; none of nil.
func (b *Body) Bytes() []byte {
	switch {
	case b == nil:
		return nil
	case b.JSON != nil:
		return b.JSON
	case b.Base64 != nil:
		return b.Base64
	}
	return []byte(b.Text)
}

// cutBytes returns the first limit bytes of b, or fewer to cut no UTF-8 sequence in two.
func cutBytes(b []byte, limit int) []byte {
	if len(b) <= limit {
		return b
	}
	end := limit
	for end > 0 && limit-end < utf8.UTFMax-1 && !utf8.RuneStart(b[end]) {
		end--
	}
	if !utf8.RuneStart(b[end]) {
		end = limit // not UTF-8 anyway
	}
	return b[:end]
}

// cutString is cutBytes for a short field, marking the cut with "…".
func cutString(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return strings.Clone(s[:limit]) + ellipsis
}
