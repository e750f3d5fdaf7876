package main

import (
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
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	scheme := "http"
	if https {
		scheme = "https"
	}
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, scheme+"://"+net.JoinHostPort(host, port)+"/_mock/health", nil)
	if err != nil {
		return &usageError{message: err.Error()}
	}
	// Our own certificate may be self-signed; nothing is sent that could be stolen.
	transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}} //nolint:gosec // see above
	defer transport.CloseIdleConnections()
	resp, err := transport.RoundTrip(r)
	if err != nil {
		return &exitError{code: exitUnreachable, err: fmt.Errorf("the mock does not answer: %w", err)}
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return &exitError{code: exitFindings, err: fmt.Errorf("the mock is not well: it answers %s", resp.Status)}
	}
	return nil
}
