package client

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// retryAfter reads the Retry-After header in both forms of RFC 9110, section
// 10.2.3: seconds, or an HTTP date. A date is taken relative to the answer's own
// Date, so that a wrong clock on either side does not matter. Anything else, and
// a date gone by, is zero: no wish.
//
// Our own because the libraries at hand fall short: go-retryablehttp overflows
// on large numbers of seconds (18446744074 becomes 0.29 s), has no upper limit and
// knows one of the three date formats; backoff leaves the header to its caller.
func retryAfter(header http.Header, now time.Time) time.Duration {
	value := strings.TrimSpace(header.Get("Retry-After"))
	if value == "" {
		return 0
	}
	if strings.Trim(value, "0123456789") == "" {
		const most = int64(math.MaxInt64 / time.Second)
		seconds, err := strconv.ParseInt(value, 10, 64)
		if err != nil || seconds > most {
			seconds = most
		}
		return time.Duration(seconds) * time.Second
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	if date, err := http.ParseTime(header.Get("Date")); err == nil {
		now = date
	}
	return max(at.Sub(now), 0)
}
