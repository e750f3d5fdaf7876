package guard_test

import (
	"strings"
	"testing"

	"github.com/digakit/digakit/mockserver/guard"
)

func TestLoopback(t *testing.T) {
	t.Parallel()
	for addr, want := range map[string]bool{
		"127.0.0.1:4010":          true,
		"127.0.0.1":               true,
		"127.1.2.3:0":             true,
		"[::1]:4010":              true,
		"[::1]":                   true,
		"::1":                     true,
		"[::ffff:127.0.0.1]:4010": true,
		"[::1%lo]:4010":           true,
		"localhost:4010":          true,
		"localhost":               true,
		"LOCALHOST.:4010":         true,
		"":                        false,
		":4010":                   false,
		":":                       false,
		"0.0.0.0:4010":            false,
		"[::]:4010":               false,
		"::":                      false,
		"192.168.1.5:4010":        false,
		"[fe80::1%eth0]:4010":     false,
		"devbox:4010":             false,
		"localhost.example:4010":  false,
		"app.localhost:4010":      false, // not every resolver keeps it on the machine
		"127.0.0.1.example:4010":  false,
		"localhost:4010:4011":     false,
		"local host":              false,
		"http://localhost":        false,
	} {
		if got := guard.Loopback(addr); got != want {
			t.Errorf("Loopback(%q) is %t, want %t", addr, got, want)
		}
	}
}

func TestAddrMistakes(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"localhost:4010:4011", "http://localhost:4010", "local host", "[::1", "/run/mock.sock"} {
		if _, err := guard.New(guard.Config{Addr: addr, Token: "t"}); err == nil || !strings.Contains(err.Error(), "HOST:PORT") {
			t.Errorf("%q: got %v", addr, err)
		}
	}
}
