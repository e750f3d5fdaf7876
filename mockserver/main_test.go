package mockserver_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"testing"
)

// TestMain keeps every test on this machine.
func TestMain(m *testing.M) {
	var d net.Dialer
	transport := http.DefaultTransport.(*http.Transport)
	transport.Proxy = nil
	transport.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		host, _, err := net.SplitHostPort(addr)
		if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
			return nil, fmt.Errorf("tests stay on loopback: %s", addr)
		}
		return d.DialContext(ctx, network, addr)
	}
	os.Exit(m.Run())
}
