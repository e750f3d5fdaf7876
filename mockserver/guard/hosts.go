package guard

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/digakit/digakit/contract"
)

// hosts are those a server answers to. A page that reaches the server by DNS
// rebinding has a name for its host, and the browser sends that name: so names
// are what must be known. Loopback names and addresses always are: browsers and
// resolvers keep localhost and all below it on the machine (RFC 6761, section
// 6.3), and nobody else can own it.
type hosts struct {
	names    map[string]struct{}
	suffixes []string // with the dot: ".localhost"
	addrs    map[netip.Addr]struct{}
	// anyAddr accepts all IP addresses. A page that reached the server by address
	// has that address in its origin, so no rebinding happened. Bound beyond
	// loopback, a server cannot know its addresses: containers and NAT hide them.
	// Bound to loopback, it has no other than loopback ones.
	anyAddr bool
}

// newHosts returns the hosts of a server bound to addr.
func newHosts(addr string, allow []string) (hosts, []error) {
	hs := hosts{
		names:    map[string]struct{}{"localhost": {}},
		suffixes: []string{".localhost"},
		addrs:    map[netip.Addr]struct{}{},
	}
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

// allow reports whether a server answers to what a Host header says. An empty
// one, which only HTTP/1.0 permits, is refused like a malformed one: browsers
// send neither.
func (hs *hosts) allow(header string) bool {
	h, ok := parseHost(header)
	if !ok {
		return false
	}
	if h.addr.IsValid() {
		_, known := hs.addrs[h.addr]
		return known || hs.anyAddr || h.addr.IsLoopback()
	}
	if _, known := hs.names[h.name]; known {
		return true
	}
	for _, suffix := range hs.suffixes {
		if strings.HasSuffix(h.name, suffix) {
			return true
		}
	}
	return false
}

func (*hosts) refusal(header string) *contract.Problem {
	const why = "This server answers only to hosts it knows, as protection against DNS rebinding, and "
	h, ok := parseHost(header)
	if !ok {
		return forbidden("host-not-allowed", "Host not allowed", why+"the Host header \""+shown(header)+"\" is empty or malformed. Send a host such as localhost:4010.")
	}
	name := h.name
	if h.addr.IsValid() {
		name = h.addr.String()
	}
	name = shown(name)
	return forbidden("host-not-allowed", "Host not allowed", why+"\""+name+"\" is none of them. Use localhost, or start the server with --allow-host "+name+".")
}
