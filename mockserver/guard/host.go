package guard

import (
	"net/netip"
	"strings"
)

// host is what a Host header or an address names: a DNS name in lower case
// without final dot, or else an IP address without zone.
type host struct {
	name string
	addr netip.Addr // valid: the host is an address
}

func (h host) isLoopback() bool {
	return h.addr.IsLoopback() || h.name == "localhost"
}

// maxHost bounds what is parsed, in bytes: the longest name, a dot and a port.
const maxHost = maxName + len(".:65535")

// parseHost parses uri-host [":" port] (RFC 9110, section 7.2; RFC 3986, section
// 3.2.2). The port may be missing or empty. It allocates for upper case alone.
func parseHost(s string) (host, bool) {
	if len(s) > maxHost {
		return host{}, false
	}
	if literal, ok := strings.CutPrefix(s, "["); ok {
		literal, port, ok := strings.Cut(literal, "]")
		if !ok || !isPort(port) {
			return host{}, false
		}
		addr, ok := parseAddr(literal)
		if !ok || !strings.Contains(literal, ":") {
			return host{}, false
		}
		return host{addr: addr}, true
	}
	end := strings.IndexByte(s, ':')
	if end < 0 {
		end = len(s)
	}
	name, port := strings.TrimSuffix(s[:end], "."), s[end:]
	if !isPort(port) || !isName(name) {
		return host{}, false
	}
	// Of names, only those that begin so can be addresses; for others the attempt
	// would cost an error.
	if '0' <= name[0] && name[0] <= '9' {
		if addr, ok := parseAddr(name); ok {
			return host{addr: addr}, true
		}
	}
	return host{name: strings.ToLower(name)}, true
}

// parseAddr parses an address in the usual form. Zones do not matter to the
// caller, and an IPv4 address in IPv6 clothes is the IPv4 address.
func parseAddr(s string) (netip.Addr, bool) {
	addr, err := netip.ParseAddr(s)
	return addr.WithZone("").Unmap(), err == nil
}

// isPort reports whether s is empty, or a colon and the digits of a port.
func isPort(s string) bool {
	if s == "" {
		return true
	}
	if s[0] != ':' || len(s) > len(":65535") {
		return false
	}
	for i := 1; i < len(s); i++ {
		if s[i] < '0' || '9' < s[i] {
			return false
		}
	}
	return true
}

// Longest name and label in the DNS, in bytes (RFC 1035, section 2.3.4).
const (
	maxName  = 253
	maxLabel = 63
)

// isName reports whether s is a name of letters, digits, hyphens, and
// underscores as container networks have them, in labels.
func isName(s string) bool {
	label := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '.':
			if label == 0 {
				return false
			}
			label = 0
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_':
			if label++; label > maxLabel {
				return false
			}
		default:
			return false
		}
	}
	return label > 0 && len(s) <= maxName
}
