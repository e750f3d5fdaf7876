package mockserver

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// parameter is a query parameter with the rule its value must keep.
type parameter struct {
	name string
	rule string
	ok   func(value string) bool
}

var listParameters = []parameter{
	{"after", "must be a UUID", isUUID},
	{"before", "must be a UUID", isUUID},
	{"page", "must be an integer of at least 1", func(v string) bool { return inRange(v, 1, 1<<63-1) }},
	{"limit", "must be an integer from 1 to 1000", func(v string) bool { return inRange(v, 1, 1000) }},
	{"order", "must be 'asc' or 'desc'", func(v string) bool { return v == "asc" || v == "desc" }},
}

// checkQuery refuses values that break the rule of their parameter and hands on
// a canonical query: each known parameter at most once (the last value counts;
// the generated binder refuses repeated ones), unknown parameters left out.
func checkQuery(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		given, err := url.ParseQuery(c.Request().URL.RawQuery)
		if err != nil {
			return invalidPagination("The query string is not validly encoded")
		}
		canonical := url.Values{}
		for _, p := range listParameters {
			values, present := given[p.name]
			if !present {
				continue
			}
			value := values[len(values)-1]
			if !p.ok(value) {
				return invalidPagination("Parameter '" + p.name + "' " + p.rule)
			}
			canonical.Set(p.name, value)
		}
		r := c.Request().Clone(c.Request().Context())
		r.URL.RawQuery = canonical.Encode()
		c.SetRequest(r)
		return next(c)
	}
}

// isUUID accepts the canonical form alone (RFC 9562, section 4), in either case.
func isUUID(v string) bool {
	return len(v) == 36 && uuid.Validate(v) == nil
}

// inRange accepts plain ASCII digits.
func inRange(v string, low, high int64) bool {
	if strings.Trim(v, "0123456789") != "" {
		return false
	}
	n, err := strconv.ParseInt(v, 10, 64)
	return err == nil && low <= n && n <= high
}
