package guard

import (
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/digakit/digakit/contract"
)

// hosts are those a server answers to. A page that reaches the server by DNS rebinding
// has a name for its host, so names must be known. Loopback always is: localhost and all
// below it stay on the machine (RFC 6761, section 6.3).
type hosts struct {
	names    map[string]struct{}
	suffixes []string // with the dot: ".localhost"
	addrs    map[netip.Addr]struct{}
	// anyAddr accepts all IP addresses: a page that reached the server by address did so
	// without rebinding, and bound beyond loopback a server cannot know its addresses.
	anyAddr bool
}

// newHosts returns the hosts of a server bound to addr.
func newHosts(addr string, allow []string) (hosts, []error) {
	hs := hosts{names: map[string]struct{}{"localhost": {}}, suffixes: []string{".localhost"}, addrs: map[netip.Addr]struct{}{}}
	var errs []error
	bound, err := parseBound(addr)
	if err != nil {
		errs = append(errs, err)
	}
	hs.anyAddr = !bound.isLoopback()
	if bound.name != "" {
		hs.names[bound.name] = struct{}{}
	}
	for _, entry := range allow {
		if err := hs.add(entry); err != nil {
			errs = append(errs, fmt.Errorf("guard: cannot allow the host %q: %w", entry, err))
		}
	}
	return hs, errs
}

// add allows one entry of Config.AllowHosts.
func (hs *hosts) add(entry string) error {
	base, wild := strings.CutPrefix(entry, "*.")
	if addr, ok := parseAddr(strings.TrimSuffix(strings.TrimPrefix(base, "["), "]")); ok && !wild {
		if strings.Contains(base, "%") {
			return errors.New("leave out the zone, it does not matter")
		}
		hs.addrs[addr] = struct{}{}
		return nil
	}
	h, ok := parseHost(base)
	switch {
	case entry == "*":
		return errors.New("that would let every web page reach this server by DNS rebinding; name each host")
	case strings.Contains(entry, "/"):
		return errors.New("it is a host without scheme and path, such as mock.example.test")
	case !ok:
		return errors.New("it is no host name, *.name or IP address; write names beyond ASCII in their xn-- form")
	case strings.Contains(base, ":"):
		return errors.New("leave out the port, it does not matter")
	case h.addr.IsValid():
		return errors.New("there is nothing below an IP address")
	case !wild:
		hs.names[h.name] = struct{}{}
		return nil
	}
	// Anyone can register a name below a public suffix, and rebind it. Unlisted
	// top-level names, .test and .internal among them, are their own "suffix".
	if suffix, icann := publicsuffix.PublicSuffix(h.name); suffix == h.name && (icann || strings.Contains(suffix, ".")) {
		return errors.New("anyone can register a name below it; name a domain of your own")
	}
	hs.suffixes = append(hs.suffixes, "."+h.name)
	return nil
}

// allow reports whether a server answers to what a Host header says. An empty one is
// refused like a malformed one: browsers send neither.
func (hs *hosts) allow(header string) bool {
	h, ok := parseHost(header)
	if !ok {
		return false
	}
	if h.addr.IsValid() {
		_, known := hs.addrs[h.addr]
		return known || hs.anyAddr || h.addr.IsLoopback()
	}
	_, known := hs.names[h.name]
	return known || slices.ContainsFunc(hs.suffixes, func(suffix string) bool { return strings.HasSuffix(h.name, suffix) })
}

// refusal returns nil for a request to a known host, and for a probe of the health in
// HTTP/1.0, which need not name one: no browser speaks that.
func (hs *hosts) refusal(r *http.Request) *contract.Problem {
	if hs.allow(r.Host) || r.Host == "" && !r.ProtoAtLeast(1, 1) && isHealth(r) {
		return nil
	}
	header := r.Host
	const why = "This server answers only to hosts it knows, as protection against DNS rebinding, and "
	h, ok := parseHost(header)
	if !ok {
		return forbidden("host-not-allowed", "Host not allowed", why+"the Host header \""+shown(header)+"\" is empty or malformed. Send a host such as localhost:4010.")
	}
	name := shown(h.name)
	if h.addr.IsValid() {
		name = shown(h.addr.String())
	}
	return forbidden("host-not-allowed", "Host not allowed", why+"\""+name+"\" is none of them. Use localhost, or start the server with --allow-host "+name+".")
}

// host is what a Host header or an address names: a DNS name in lower case
// without final dot, or else an IP address without zone.
type host struct {
	name string
	addr netip.Addr // valid: the host is an address
}

func (h host) isLoopback() bool { return h.addr.IsLoopback() || h.name == "localhost" }

const (
	maxName = 253                      // longest name in the DNS, in bytes (RFC 1035, section 2.3.4)
	maxHost = maxName + len(".:65535") // of what is parsed
)

// hostPattern is uri-host [":" port] (RFC 9110, section 7.2): an IPv6 address, or a name of
// labels of letters, digits, hyphens and underscores; the port may be missing or empty.
var hostPattern = regexp.MustCompile(`^(?:\[([^\]]*:[^\]]*)\]|((?:[\w-]{1,63}\.)*[\w-]{1,63})\.?)(?::[0-9]{0,5})?$`)

func parseHost(s string) (host, bool) {
	if len(s) > maxHost {
		return host{}, false
	}
	m := hostPattern.FindStringSubmatch(s)
	if m == nil || len(m[2]) > maxName {
		return host{}, false
	}
	// Of names, only those that begin so can be addresses.
	if m[2] == "" || '0' <= m[2][0] && m[2][0] <= '9' {
		if addr, ok := parseAddr(m[1] + m[2]); ok {
			return host{addr: addr}, true
		}
	}
	return host{name: strings.ToLower(m[2])}, m[2] != ""
}

// parseAddr parses an address without its zone; an IPv4 address in IPv6 form is IPv4.
func parseAddr(s string) (netip.Addr, bool) {
	addr, err := netip.ParseAddr(s)
	return addr.WithZone("").Unmap(), err == nil
}

// Loopback reports whether a server bound to addr, HOST:PORT or HOST, can be reached from
// its own machine alone: the host is localhost or an address in 127.0.0.0/8 or ::1. Other
// names are not looked up; an empty host and 0.0.0.0 mean all interfaces.
func Loopback(addr string) bool {
	h, err := parseBound(addr)
	return err == nil && h.isLoopback()
}

// parseBound returns the host of an address to bind; the zero host for all
// interfaces.
func parseBound(addr string) (host, error) {
	s := addr
	if _, isPort := parseHost("any" + s); s == "" || s[0] == ':' && isPort {
		return host{}, nil
	}
	if strings.Count(s, ":") > 1 && s[0] != '[' {
		s = "[" + s + "]" // an IPv6 address alone
	}
	h, ok := parseHost(s)
	if !ok {
		return host{}, fmt.Errorf("guard: %q is no address to bind; it is HOST:PORT, such as 127.0.0.1:4010 or [::1]:4010", addr)
	}
	if h.addr.IsValid() && h.addr.IsUnspecified() {
		return host{}, nil
	}
	return h, nil
}
