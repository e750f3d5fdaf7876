package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"syscall"
)

// address is the value of --addr: HOST:PORT, or a port of loopback.
type address string

// String implements pflag.Value.
func (a *address) String() string { return string(*a) }

// Type implements pflag.Value.
func (a *address) Type() string { return "string" }

// Set implements pflag.Value.
func (a *address) Set(s string) error {
	if s != "" && strings.Trim(s, "0123456789") == "" {
		s = "127.0.0.1:" + s
	}
	_, port, err := net.SplitHostPort(s)
	if err != nil {
		return errors.New("takes HOST:PORT, such as 127.0.0.1:4010, or a port alone")
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return fmt.Errorf("takes HOST:PORT, and %q is no port: give 0 to 65535", port)
	}
	*a = address(s)
	return nil
}

func listen(ctx context.Context, addr address) (net.Listener, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", string(addr))
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("address %s is taken: stop what listens there, or choose another with --addr (port 0 picks a free one)", addr)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %q: %w; --addr takes HOST:PORT, such as 127.0.0.1:4010", addr, err)
	}
	return l, nil
}

// openable is where a client on this machine finds what listens: bound to all
// interfaces, a listener has an address that nobody can open.
func openable(l net.Listener) string {
	host, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return l.Addr().String()
	}
	hosts := reachable(host)
	return net.JoinHostPort(hosts[len(hosts)-1], port) // of two, the IPv4 one: mostly both are served
}
