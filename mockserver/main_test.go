package mockserver_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"testing"

	"github.com/digakit/digakit/mockserver"
)

// TestMain keeps every test on this machine and at the document of one operation.
func TestMain(m *testing.M) {
	mockserver.ServeSeed()
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
