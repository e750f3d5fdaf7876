package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/digakit/digakit/mockserver"
)

// address is the value of --addr, a pflag.Value: HOST:PORT, or a port of loopback.
type address string

func (a *address) String() string { return string(*a) }
func (a *address) Type() string   { return "string" }

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

// serveOwn serves a mock of the command's own, until ctx ends or end is called.
func serveOwn(ctx context.Context, srv *mockserver.Server, addr address) (url string, end func() error, err error) {
	l, err := listen(ctx, addr)
	if err != nil {
		return "", nil, err
	}
	ctx, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(ctx, l) }()
	return "http://" + openable(l), func() error { stop(); return <-ended }, nil
}

// openable is where a client on this machine finds what listens, on all interfaces or
// one.
func openable(l net.Listener) string {
	host, port, _ := net.SplitHostPort(l.Addr().String()) // of TCP, as listen makes it
	hosts := reachable(host)
	return net.JoinHostPort(hosts[len(hosts)-1], port) // of two, the IPv4 one: mostly both are served
}

// How long a request's headers, requests under way at the end, and then their handlers
// may take.
const (
	headerTimeout  = 10 * time.Second
	drainTimeout   = 5 * time.Second
	abandonTimeout = time.Second
)

// serveUntil serves on l until ctx ends, lets requests under way finish, and ends those
// that do not. When it returns, handlers have too.
func serveUntil(ctx context.Context, l net.Listener, h http.Handler, log *slog.Logger) error {
	requests, abandon := context.WithCancel(context.WithoutCancel(ctx))
	defer abandon()
	var active sync.WaitGroup
	server := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			active.Add(1)
			defer active.Done()
			h.ServeHTTP(w, r)
		}),
		BaseContext:                  func(net.Listener) context.Context { return requests },
		ReadHeaderTimeout:            headerTimeout,
		DisableGeneralOptionsHandler: true,
		ErrorLog:                     slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(requests, drainTimeout)
	defer cancel()
	err := server.Shutdown(drain)
	if errors.Is(err, context.DeadlineExceeded) {
		log.Warn("requests that did not finish were ended")
		err = server.Close()
	}
	abandon()
	ended := make(chan struct{})
	go func() {
		active.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(abandonTimeout):
		log.Warn("some requests did not end, and are not in the report")
	}
	return err
}

// healthTimeout bounds the whole question.
const healthTimeout = 5 * time.Second

// checkHealth asks this machine's mock on addr, whatever it binds, whether it is well.
func checkHealth(ctx context.Context, addr string, https bool) error {
	host, port, err := net.SplitHostPort(addr)
	if err != nil || port == "0" {
		return usagef("--health needs the address the mock listens on, not %q", addr)
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

// reachable returns where a server bound to host can be asked on this machine, in the
// order to try: addresses, as an image made from scratch need not have a hosts file.
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
