package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/textproto"
	"strings"
	"time"
)

// certificateLife is how long a made certificate is valid; it is never stored.
const certificateLife = 30 * 24 * time.Hour

// serverTLS returns the TLS settings that the flags ask for, nil for none.
func serverTLS(selfSigned bool, certFile, keyFile, addr string) (*tls.Config, error) {
	var cert tls.Certificate
	var err error
	switch {
	case (certFile == "") != (keyFile == ""):
		return nil, &usageError{message: "--tls-cert and --tls-key go together"}
	case selfSigned && certFile != "":
		return nil, &usageError{message: "--tls makes a certificate of its own: leave it out with --tls-cert"}
	case certFile != "":
		if cert, err = tls.LoadX509KeyPair(certFile, keyFile); err != nil {
			return nil, fmt.Errorf("cannot use the certificate: %w", err)
		}
	case selfSigned:
		if cert, err = makeCertificate(addr); err != nil {
			return nil, fmt.Errorf("cannot make a certificate: %w", err)
		}
	default:
		return nil, nil
	}
	return &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}}, nil
}

// showCertificate writes a self-signed certificate, for clients to trust.
func showCertificate(w io.Writer, c *tls.Config) {
	der := c.Certificates[0].Certificate[0]
	fmt.Fprintf(w, "Self-signed certificate, SHA-256 %X:\n%s", sha256.Sum256(der), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

// makeCertificate makes a self-signed certificate for loopback and the host of
// addr.
func makeCertificate(addr string) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return tls.Certificate{}, err
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: "digakit mock"},
		NotBefore:    now.Add(-time.Hour), // clocks differ
		NotAfter:     now.Add(certificateLife),
		KeyUsage:     x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames:     []string{"localhost"},
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
		IsCA:         true, BasicConstraintsValid: true,
	}
	if host, _, err := net.SplitHostPort(addr); err == nil && host != "" {
		if ip := net.ParseIP(host); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, host)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, err
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}

// transport returns what the requests of verify go through: certificates are
// checked against the system's and those of --ca, unless --insecure says not to.
func (f *verifyFlags) transport() (*http.Transport, error) {
	standard, _ := http.DefaultTransport.(*http.Transport)
	t := standard.Clone()
	switch {
	case f.insecure:
		t.TLSClientConfig = &tls.Config{InsecureSkipVerify: true} //nolint:gosec // --insecure says so
	case f.ca != "":
		pem, err := readFlagged("ca", f.ca)
		if err != nil {
			return nil, err
		}
		roots, err := x509.SystemCertPool()
		if err != nil {
			roots = x509.NewCertPool() // there is none on this system; those of the file remain
		}
		if !roots.AppendCertsFromPEM(pem) {
			return nil, usagef("--ca: %s holds no certificate in PEM form", f.ca)
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
			return nil, usagef("--header %q: write 'Name: value'", name)
		case strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }):
			return nil, usagef("--header %s: the value holds control characters", name)
		}
		h.Add(textproto.CanonicalMIMEHeaderKey(name), value)
	}
	return h, nil
}

// headerName is what the name of a field is made of (RFC 9110, 5.1: token).
const headerName = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
