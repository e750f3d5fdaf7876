package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"net/textproto"
	"os"
	"strings"
)

// transport returns what the requests of verify go through: certificates are
// checked against the system's and those of --ca, unless --insecure says not to.
func (f *verifyFlags) transport() (*http.Transport, error) {
	standard, _ := http.DefaultTransport.(*http.Transport)
	t := standard.Clone()
	switch {
	case f.insecure:
		t.TLSClientConfig = &tls.Config{InsecureSkipVerify: true} //nolint:gosec // --insecure says so
	case f.ca != "":
		pem, err := os.ReadFile(f.ca)
		if err != nil {
			return nil, &usageError{message: fmt.Sprintf("--ca: %v", err)}
		}
		roots, err := x509.SystemCertPool()
		if err != nil {
			roots = x509.NewCertPool() // there is none on this system; those of the file remain
		}
		if !roots.AppendCertsFromPEM(pem) {
			return nil, &usageError{message: fmt.Sprintf("--ca: %s holds no certificate in PEM form", f.ca)}
		}
		t.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	}
	return t, nil
}

// parseHeaders reads lines such as "X-Tenant: 7". An error does not repeat the
// value: it may be a secret.
func parseHeaders(lines []string) (http.Header, error) {
	h := http.Header{}
	for _, line := range lines {
		name, value, found := strings.Cut(line, ":")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		switch {
		case !found || name == "" || strings.Trim(name, headerName) != "":
			return nil, &usageError{message: fmt.Sprintf("--header %q: write 'Name: value'", name)}
		case strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }):
			return nil, &usageError{message: fmt.Sprintf("--header %s: the value holds control characters", name)}
		}
		h.Add(textproto.CanonicalMIMEHeaderKey(name), value)
	}
	return h, nil
}

// headerName is what the name of a field is made of (RFC 9110, 5.1: token).
const headerName = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
