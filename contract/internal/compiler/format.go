package compiler

import (
	"encoding/json"
	"errors"
	"math/big"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// errFormat carries no value: what it would say stands in payloads.
var errFormat = errors.New("not of this format")

// formats are the checks that are ours: the engine's own are laxer, or slower.
var formats = map[string]func(string) bool{
	"uuid":      func(s string) bool { return len(s) == 36 && uuid.Validate(s) == nil },
	"date":      func(s string) bool { _, err := time.Parse(time.DateOnly, s); return err == nil },
	"date-time": func(s string) bool { _, zoned, ok := Instant(s); return ok && zoned },
	"ipv4":      isIPv4, "ipv6": isIPv6, "uri": isURI, "email": isEmail, "uri-template": templatePattern.MatchString,
}

// Format returns the check for a format of strings that is ours; nil for one
// that the engine checks, or nobody. Safe for concurrent use.
func Format(name string) func(string) bool { return formats[name] }

// registerFormats gives the engine the formats whose checks are ours. The rest
// of JSON Schema's own formats are the engine's.
func registerFormats(c *jsonschema.Compiler) {
	for name, check := range formats {
		c.RegisterFormat(&jsonschema.Format{Name: name, Validate: func(v any) error {
			if s, ok := v.(string); ok && !check(s) {
				return errFormat
			}
			return nil
		}})
	}
	for name, bits := range map[string]int{"int32": 32, "int64": 64} {
		c.RegisterFormat(&jsonschema.Format{Name: name, Validate: func(v any) error {
			if n, ok := v.(json.Number); ok && !FitsInt(string(n), bits) {
				return errFormat
			}
			return nil
		}})
	}
}

// FitsInt reports whether a JSON number is an integer of that many bits. A
// number with a zero fraction (5.0) is an integer (JSON Schema 2020-12,
// validation 6.1.1).
func FitsInt(number string, bits int) bool {
	if _, err := strconv.ParseInt(number, 10, bits); err == nil {
		return true
	}
	if !InBounds(number) {
		return false
	}
	r, ok := new(big.Rat).SetString(number)
	if !ok || !r.IsInt() {
		return false
	}
	_, err := strconv.ParseInt(r.Num().String(), 10, bits)
	return err == nil
}

func isIPv4(s string) bool {
	a, err := netip.ParseAddr(s)
	return err == nil && a.Is4()
}

func isIPv6(s string) bool {
	a, err := netip.ParseAddr(s)
	return err == nil && a.Is6() && a.Zone() == ""
}

// isURI is URI of RFC 3986: absolute, ASCII, percent-encoded where needed.
func isURI(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.IsAbs() && uriPattern.MatchString(s)
}

var uriPattern = regexp.MustCompile("^(?:[^\\x00-\\x20\"<>\\\\^`{|}%\\x7f-\\x{10ffff}]|%[0-9a-fA-F]{2})*$")

// isEmail is Mailbox of RFC 5321, section 4.1.2, within its sizes.
func isEmail(s string) bool {
	m := emailPattern.FindStringSubmatch(s)
	if m == nil || len(s) > 254 || len(m[1]) > 64 || len(m[2]) > 253 {
		return false
	}
	literal := m[3]
	address, isV6 := strings.CutPrefix(literal, "IPv6:")
	return literal == "" || isV6 && isIPv6(address) || isIPv4(literal)
}

var emailPattern = regexp.MustCompile("^([a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]+(?:\\.[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]+)*|\"[^\"\\\\[:cntrl:]]*\")@" +
	"([a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*|\\[([^\\]]+)\\])$")

// templatePattern is URI-Template of RFC 6570, section 2.
var templatePattern = regexp.MustCompile(strings.ReplaceAll("^(?:[^\\x00-\\x20\"<>%\\\\^`{|}\\x7f]|%[0-9a-fA-F]{2}|"+
	`\{[+#./;?&=,!@|]?VAR(?:,VAR)*\})*$`, "VAR", `(?:[a-zA-Z0-9_]|%[0-9a-fA-F]{2})(?:\.?(?:[a-zA-Z0-9_]|%[0-9a-fA-F]{2}))*(?::[1-9][0-9]{0,3}|\*)?`))
