package guard

import (
	"fmt"
	"strings"
)

// Loopback reports whether a server bound to addr, HOST:PORT or HOST, can be
// reached from its own machine alone: the host is localhost or an address in
// 127.0.0.0/8 or ::1. An empty host and 0.0.0.0 mean all interfaces, and other
// names are not looked up; so they, and what is no address at all, are not
// loopback. The address of a listener is surer than what it was asked to bind.
func Loopback(addr string) bool {
	h, err := parseBound(addr)
	return err == nil && h.isLoopback()
}

// parseBound returns the host of an address to bind; the zero host for all
// interfaces.
func parseBound(addr string) (host, error) {
	s := addr
	if s == "" || s[0] == ':' && isPort(s) {
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
