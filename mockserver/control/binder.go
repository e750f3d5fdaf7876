package control

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"
)

// binder reads bodies for the generated handlers. The validator has judged them
// by then, and calls valid what echo's own binder refuses: APPLICATION/JSON, and
// 2.0 for an integer.
type binder struct{}

// Bind implements echo.Binder.
func (binder) Bind(to any, c echo.Context) error {
	data, err := io.ReadAll(c.Request().Body)
	if err != nil || len(data) == 0 {
		return err
	}
	err = json.Unmarshal(data, to)
	mismatch, ok := errors.AsType[*json.UnmarshalTypeError](err)
	if ok && strings.HasPrefix(mismatch.Value, "number") {
		var value any
		if value, err = numbers(data); err == nil {
			data, _ = json.Marshal(whole(value)) // what was JSON is again
			err = json.Unmarshal(data, to)
		}
		mismatch, ok = errors.AsType[*json.UnmarshalTypeError](err)
	}
	if ok {
		return invalidBody("/"+strings.ReplaceAll(mismatch.Field, ".", "/"), fmt.Errorf("control: cannot take a %s", mismatch.Value))
	}
	return err
}

// numbers reads JSON and keeps every digit of its numbers.
func numbers(data []byte) (value any, err error) {
	d := json.NewDecoder(strings.NewReader(string(data)))
	d.UseNumber()
	err = d.Decode(&value)
	return value, err
}

// whole writes numbers that are integers as such: 2.0 and 20e-1 as 2.
func whole(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for k := range v {
			v[k] = whole(v[k])
		}
	case []any:
		for i := range v {
			v[i] = whole(v[i])
		}
	case json.Number:
		const exact = 1 << 53 // as a float64
		if f, err := v.Float64(); err == nil && f == math.Trunc(f) && math.Abs(f) < exact {
			return json.Number(strconv.FormatInt(int64(f), 10))
		}
	}
	return value
}

// plainPath returns the request with its path encoded no more than it must be
// (RFC 3986, section 6.2.2.2), as the generated routes know it.
func plainPath(r *http.Request) *http.Request {
	if r.URL.RawPath == "" {
		return r
	}
	segments := strings.Split(r.URL.RawPath, "/")
	for i, s := range segments {
		if plain, err := url.PathUnescape(s); err == nil {
			segments[i] = url.PathEscape(plain)
		}
	}
	u := *r.URL
	u.RawPath = strings.Join(segments, "/")
	r = r.WithContext(r.Context()) // a copy: the caller's URL stays as it is
	r.URL = &u
	return r
}
