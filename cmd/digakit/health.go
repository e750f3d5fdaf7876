package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"time"
)

// healthTimeout bounds the whole question.
const healthTimeout = 5 * time.Second

// checkHealth asks the mock that listens on addr whether it is well, as the
// health check of a container does. It asks this machine, whatever addr binds.
func checkHealth(ctx context.Context, addr string, https bool) error {
	host, port, err := net.SplitHostPort(addr)
	if err != nil || port == "0" {
		return &usageError{message: fmt.Sprintf("--health needs the address the mock listens on, not %q", addr)}
	}
	scheme := "http"
	if https {
		scheme = "https"
	}
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	// Our own certificate may be self-signed; nothing is sent that could be stolen.
	transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}} //nolint:gosec // see above
	defer transport.CloseIdleConnections()
	var unreachable error
	for _, host := range reachable(host) {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, scheme+"://"+net.JoinHostPort(host, port)+"/_mock/health", nil)
		if err != nil {
			return &usageError{message: err.Error()}
		}
		resp, err := transport.RoundTrip(r)
		if err != nil {
			unreachable = cmp.Or(unreachable, err)
			continue
		}
		defer resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			return &exitError{code: exitFindings, err: fmt.Errorf("the mock is not well: it answers %s", resp.Status)}
		}
		return nil
	}
	return &exitError{code: exitUnreachable, err: fmt.Errorf("the mock does not answer: %w", unreachable)}
}

// reachable returns where a server bound to host can be asked on this machine,
// in the order to try. Addresses, not localhost: an image made from scratch need
// not have a hosts file. Bound to ::, it mostly listens on IPv4 too, and a
// container may have no ::1.
func reachable(host string) []string {
	ip := net.ParseIP(host)
	switch {
	case host == "" || ip != nil && ip.IsUnspecified() && ip.To4() != nil:
		return []string{"127.0.0.1"}
	case ip != nil && ip.IsUnspecified():
		return []string{"::1", "127.0.0.1"}
	default:
		return []string{host}
	}
}
