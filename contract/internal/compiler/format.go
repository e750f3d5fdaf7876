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

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// errFormat carries no value: what it would say stands in payloads.
var errFormat = errors.New("not of this format")

// Format returns the check for a format of strings that is ours; nil for one
// that the engine checks, or nobody. Safe for concurrent use.
func Format(name string) func(string) bool {
	switch name {
	case "uuid":
		return isUUID
	case "date":
		return isDate
	case "date-time":
		return isDateTime
	case "ipv4":
		return isIPv4
	case "ipv6":
		return isIPv6
	case "uri":
		return isURI
	case "email":
		return isEmail
	case "uri-template":
		return isURITemplate
	}
	return nil
}

// registerFormats gives the engine the formats whose checks are ours. The rest
// of JSON Schema's own formats are the engine's.
func registerFormats(c *jsonschema.Compiler) {
	for _, name := range []string{"uuid", "date", "date-time", "ipv4", "ipv6", "uri", "email", "uri-template"} {
		check := Format(name)
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

// isUUID wants the canonical 8-4-4-4-12 form of RFC 9562, either case.
func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	if s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return false
	}
	return allHex(s[:8]) && allHex(s[9:13]) && allHex(s[14:18]) && allHex(s[19:23]) && allHex(s[24:])
}

func allHex(s string) bool {
	// Bit c of the mask: is the ASCII character c a hex digit?
	const low, high = 0x03ff_0000_0000_0000, 0x0000_007e_0000_007e
	for i := range len(s) {
		c := s[i]
		if c >= 0x80 || (c < 0x40 && low>>c&1 == 0) || (c >= 0x40 && high>>(c-0x40)&1 == 0) {
			return false
		}
	}
	return true
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// digits reads a fixed number of ASCII digits; -1 when they are not.
func digits(s string) int {
	n := 0
	for i := range len(s) {
		if !isDigit(s[i]) {
			return -1
		}
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// isDate is full-date of RFC 3339, section 5.6.
func isDate(s string) bool {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return false
	}
	year, month, day := digits(s[:4]), digits(s[5:7]), digits(s[8:])
	return year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month)
}

func daysIn(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// isDateTime is date-time of RFC 3339, section 5.6, with its leap seconds:
// :60 only where it is 23:59 in UTC.
func isDateTime(s string) bool {
	if len(s) < 20 || !isDate(s[:10]) || s[10]|0x20 != 't' || s[13] != ':' || s[16] != ':' {
		return false
	}
	hour, minute, second := digits(s[11:13]), digits(s[14:16]), digits(s[17:19])
	if hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60 {
		return false
	}
	rest := s[19:]
	if rest[0] == '.' {
		end := 1
		for end < len(rest) && isDigit(rest[end]) {
			end++
		}
		if end == 1 {
			return false
		}
		rest = rest[end:]
	}
	offset, ok := zoneOffset(rest)
	if !ok {
		return false
	}
	utc := (hour*60 + minute - offset + 2*24*60) % (24 * 60)
	return second < 60 || utc == 23*60+59
}

func zoneOffset(s string) (minutes int, ok bool) {
	if s == "Z" || s == "z" {
		return 0, true
	}
	if len(s) != 6 || (s[0] != '+' && s[0] != '-') || s[3] != ':' {
		return 0, false
	}
	hour, minute := digits(s[1:3]), digits(s[4:])
	if hour < 0 || hour > 23 || minute < 0 || minute > 59 {
		return 0, false
	}
	minutes = hour*60 + minute
	if s[0] == '-' {
		minutes = -minutes
	}
	return minutes, true
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
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>\\^`{|}", c) >= 0 {
			return false
		}
	}
	u, err := url.Parse(s)
	if err != nil || !u.IsAbs() {
		return false
	}
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && (i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2])) {
			return false
		}
	}
	return true
}

func isHex(c byte) bool {
	return isDigit(c) || (c|0x20 >= 'a' && c|0x20 <= 'f')
}

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

// isURITemplate is URI-Template of RFC 6570, section 2.
func isURITemplate(s string) bool { return templatePattern.MatchString(s) }

var templatePattern = regexp.MustCompile(strings.ReplaceAll("^(?:[^\\x00-\\x20\"<>%\\\\^`{|}\\x7f]|%[0-9a-fA-F]{2}|"+
	`\{[+#./;?&=,!@|]?VAR(?:,VAR)*\})*$`, "VAR", `(?:[a-zA-Z0-9_]|%[0-9a-fA-F]{2})(?:\.?(?:[a-zA-Z0-9_]|%[0-9a-fA-F]{2}))*(?::[1-9][0-9]{0,3}|\*)?`))
