package control

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/spec"
)

// binder reads bodies for the generated handlers. The validator has judged them
// by then, and calls valid what echo's own binder refuses: APPLICATION/JSON, a
// Content-Encoding, 2.0 for an integer, t and z in a date.
type binder struct{}

// Bind implements echo.Binder.
func (binder) Bind(to any, c echo.Context) error {
	data, err := io.ReadAll(c.Request().Body)
	if err == nil {
		data, err = contract.PlainBody(c.Request().Header, data, maxBody)
	}
	if err != nil {
		return &problem{status: http.StatusBadRequest, detail: "the body cannot be read: " + err.Error()}
	}
	if len(data) > maxWrite && c.Request().Method != http.MethodPut {
		return invalidBody("", fmt.Errorf("control: must not be larger than %d bytes", maxWrite))
	}
	if len(data) == 0 {
		return nil
	}
	if err = decode(data, to); err == nil {
		return nil
	}
	value, err := spec.DecodeJSON(data)
	if err != nil {
		return err
	}
	plain, err := json.Marshal(usual(value))
	if err != nil {
		return err
	}
	err = decode(plain, to)
	if mismatch, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return invalidBody("/"+strings.ReplaceAll(mismatch.Field, ".", "/"), fmt.Errorf("control: cannot take a %s", mismatch.Value))
	}
	return err
}

// decode keeps the digits of numbers, as items have them.
func decode(data []byte, to any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	return d.Decode(to)
}

// usual writes numbers that are integers as such, 2.0 and 20e-1 as 2, and dates
// as Go does.
func usual(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for k := range v {
			v[k] = usual(v[k])
		}
	case []any:
		for i := range v {
			v[i] = usual(v[i])
		}
	case string:
		return usualDate(v)
	case json.Number:
		const exact = 1 << 53 // as a float64
		if f, err := v.Float64(); err == nil && f == math.Trunc(f) && math.Abs(f) < exact {
			return json.Number(strconv.FormatInt(int64(f), 10))
		}
	}
	return value
}

// usualDate writes a date-time as Go does: T and Z in capitals, and a leap second as the
// one after it.
func usualDate(s string) string {
	at, zoned, ok := spec.Instant(s)
	if _, err := time.Parse(time.RFC3339, s); err == nil || !ok || !zoned {
		return s
	}
	return at.Format(time.RFC3339Nano)
}

// usualRequest returns the request with its path encoded no more than it must be
// (RFC 3986, section 6.2.2.2) and its dates as Go writes them, as the generated routes
// and binders know them.
func usualRequest(r *http.Request) *http.Request {
	u := *r.URL
	if u.RawPath != "" {
		segments := strings.Split(u.RawPath, "/")
		for i, s := range segments {
			if plain, err := url.PathUnescape(s); err == nil {
				segments[i] = url.PathEscape(plain)
			}
		}
		u.RawPath = strings.Join(segments, "/")
	}
	pairs := strings.Split(u.RawQuery, "&")
	for i, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(value); err == nil && usualDate(plain) != plain {
			pairs[i] = name + "=" + url.QueryEscape(usualDate(plain))
		}
	}
	u.RawQuery = strings.Join(pairs, "&")
	r.URL = &u
	return r
}
