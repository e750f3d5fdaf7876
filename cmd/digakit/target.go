package main

import (
	"context"
	"fmt"
	"net"

	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/suite"
	"github.com/digakit/digakit/mockserver"
)

// ownKeys is how many keys the mock has that verify starts for itself: enough
// for three pages of the default length, the last of them not full.
const ownKeys = 137

// target is what to check, and what ends it.
func (f *verifyFlags) target(ctx context.Context, document *spec.Document) (suite.Target, func() error, error) {
	t := suite.Target{
		URL: f.url, Only: f.only, Unsafe: f.unsafe, Rate: f.rate, Timeout: f.timeout,
	}
	var err error
	if t.Header, err = parseHeaders(f.headers); err != nil {
		return t, nil, err
	}
	profile, lines, err := readProfile(f.profile)
	if err != nil {
		return t, nil, err
	}
	t.Assume = lines
	if f.url == "" {
		return ownTarget(ctx, t, document, profile)
	}
	if t.Key, err = readSecret(f.key); err != nil {
		return t, nil, err
	}
	if t.DeniedKey, err = readSecret(f.deniedKey); err != nil {
		return t, nil, err
	}
	transport, err := f.transport()
	if err != nil {
		return t, nil, err
	}
	t.Transport = transport
	return t, func() error { transport.CloseIdleConnections(); return nil }, nil
}

// ownTarget starts a mock to check.
func ownTarget(ctx context.Context, t suite.Target, document *spec.Document, profile mockserver.Profile) (suite.Target, func() error, error) {
	srv, err := mockserver.New(mockserver.WithDocument(document), mockserver.WithKeys(ownKeys), mockserver.WithProfile(profile), mockserver.WithoutJournal())
	if err != nil {
		return t, nil, err
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return t, nil, fmt.Errorf("no loopback port for the mock: %w", err)
	}
	serving, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(serving, l) }()
	t.URL = "http://" + l.Addr().String()
	t.Key, t.DeniedKey, t.Lab = mockserver.UnrestrictedKey, mockserver.NoAccessKey, srv.Lab()
	return t, func() error { stop(); return <-ended }, nil
}
