package journal

import (
	"net/http"
	"time"

	"github.com/digakit/digakit/contract"
)

// Exchange is what [Journal.Record] is told of a request and its response. It is
// read and redacted during the call and not kept: its bodies and headers may be
// reused afterwards.
type Exchange struct {
	Time     time.Time     // when the request came
	Duration time.Duration // until the answer was complete

	// Request is the request as it came, before its query was made canonical.
	// Method, URL, Header and RemoteAddr are read; the body is not. It must not be
	// nil.
	Request *http.Request
	// Declared says whether the operation documents a query parameter, by its
	// decoded name; nil declares none. The values of others are left out.
	Declared func(name string) bool
	// RequestBody is what was read of the body, as sent.
	RequestBody []byte
	// RequestSize is the size of the whole body, in bytes; it need not be given
	// when that is len(RequestBody).
	RequestSize int64

	Status         int // 0: no answer was sent
	ResponseHeader http.Header
	ResponseBody   []byte // as sent
	ResponseSize   int64  // like RequestSize

	Operation   string // name of the operation; empty: for none
	Project     string
	KeyID       string // empty: no valid key
	KeyLastFour string
	Violations  []contract.Violation // of both sides, the request's first
	Departure   string               // why the answer leaves the document; empty: it does not
	FaultID     string               // of the fault that answered or disturbed; empty: none
	Preference  string               // what of the Prefer header was applied; empty: nothing
}
