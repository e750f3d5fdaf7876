package main

import (
	"context"
	"net"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/mockserver"
)

func TestReachable(t *testing.T) {
	t.Parallel()
	for host, want := range map[string][]string{
		"":                 {"127.0.0.1"},
		"0.0.0.0":          {"127.0.0.1"},
		"::":               {"::1", "127.0.0.1"},
		"0:0:0:0:0:0:0:0":  {"::1", "127.0.0.1"},
		"127.0.0.2":        {"127.0.0.2"},
		"::1":              {"::1"},
		"localhost":        {"localhost"},
		"mock.example.com": {"mock.example.com"},
	} {
		if diff := cmp.Diff(want, reachable(host)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", host, diff)
		}
	}
}

// A mock that listens on 127.0.0.1 alone answers for every address that covers
// it, so [::] falls back to it.
func TestHealthOfUnspecifiedAddresses(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithDocument(spectest.SeedDocument()))
	_, port, err := net.SplitHostPort(strings.TrimPrefix(srv.URL(), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	for _, addr := range []string{":", "0.0.0.0:", "[::]:", "127.0.0.1:"} {
		if err := checkHealth(context.Background(), addr+port, false); err != nil {
			t.Errorf("%s: %v", addr+port, err)
		}
	}
}
