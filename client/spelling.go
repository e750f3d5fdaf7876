package client

import (
	"cmp"
	"encoding/json"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/digakit/digakit/contract/spec"
)

// respell spells anew what is valid JSON of the documented type, and what the generated
// code, with encoding/json, does not read: 3.0 for an integer (JSON Schema 2020-12,
// 6.1.1), t and z in a date-time and leap seconds (RFC 3339, 5.6 and 5.7), and date-times
// without time zone where they are assumed to be UTC. An answer without these stays as it
// is, byte for byte.
func (a *answer) respell() {
	schema := operationOf(a.response.Request, a.sender.base).schema(a.response.StatusCode)
	r := reader{assumeUTC: a.sender.cfg.assumeUTC}
	if schema == nil {
		return
	}
	value, err := spec.DecodeJSON(a.body)
	if err != nil {
		return
	}
	if value = r.value(value, schema); !r.changed {
		return
	}
	if text, err := spec.EncodeJSON(value); err == nil {
		a.body = text
	}
}

// reader spells values anew.
type reader struct{ assumeUTC, changed bool }

func (r *reader) value(v any, schema *spec.Schema) any {
	if schema == nil {
		return v
	}
	switch value := v.(type) {
	case json.Number:
		if plain := plainInteger(value.String()); slices.Contains(schema.Types, "integer") && plain != value.String() {
			v, r.changed = json.Number(plain), true
		}
	case string:
		if at, problem := instant(value, r.assumeUTC); schema.Format == "date-time" && problem == "" {
			if _, err := time.Parse(time.RFC3339, value); err != nil {
				v, r.changed = at.Format(time.RFC3339Nano), true
			}
		}
	case []any:
		for i := range value {
			value[i] = r.value(value[i], schema.Items())
		}
	case map[string]any:
		for name := range value {
			value[name] = r.value(value[name], cmp.Or(schema.Property(name), schema.Additional()))
		}
	}
	for _, alternative := range schema.Alternatives() {
		v = r.value(v, alternative)
	}
	return v
}

// instant reads a date-time, or says what is wrong with it.
func instant(text string, assumeUTC bool) (at time.Time, problem string) {
	at, zoned, ok := spec.Instant(text)
	switch {
	case !ok:
		return at, "is not a date-time of RFC 3339"
	case !zoned && !assumeUTC:
		return at, "is a date-time without time zone; WithAssumedUTC (digakit keys --assume-utc) takes such as UTC"
	}
	return at, ""
}

// plainInteger spells an integer of 64 bits, such as 3.0 or 1e0, as encoding/json wants
// it; what is none stays as it is.
func plainInteger(raw string) string {
	const longest = 64 // bytes of a number that is looked at
	f, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.Abs(f) > math.MaxInt64 || f != 0 && math.Abs(f) < 1 || len(raw) > longest || !strings.ContainsAny(raw, ".eE") {
		return raw
	}
	if f == 0 && strings.Trim(strings.SplitN(strings.ToLower(raw), "e", 2)[0], "-0.") != "" {
		return raw // too small for a float64
	}
	if f == 0 {
		return "0"
	}
	exact, ok := new(big.Rat).SetString(raw)
	if !ok || !exact.IsInt() || !exact.Num().IsInt64() {
		return raw
	}
	return exact.Num().String()
}
