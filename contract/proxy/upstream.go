package proxy

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"time"
)

// checkUpstream says what is wrong with the URL of an upstream. It does not
// repeat the URL: there may be a password in it.
func checkUpstream(u *url.URL) error {
	switch {
	case u == nil:
		return errors.New("proxy: the upstream is missing; give a URL such as https://api.example.test")
	case u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("proxy: the upstream's scheme is %q; it must be http or https, as in https://api.example.test", u.Scheme)
	case u.Hostname() == "":
		return errors.New("proxy: the upstream has no host; give a URL such as https://api.example.test")
	case u.User != nil:
		return errors.New("proxy: the upstream must not hold a user name or password; clients send their own credentials")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return errors.New("proxy: the upstream must end with its path, without query and fragment; clients send their own")
	}
	return nil
}

// dialTimeout is how long a connection to the upstream may take to be made.
const dialTimeout = 10 * time.Second

// forwarding are headers that ReverseProxy takes out of requests.
var forwarding = []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"}

// rewrite makes the upstream's request of the client's, changing nothing but
// where it goes.
func (p *Proxy) rewrite(pr *httputil.ProxyRequest) {
	pr.SetURL(p.upstream)
	pr.Out.URL.RawQuery = pr.In.URL.RawQuery // with what ReverseProxy thinks malformed
	for _, name := range forwarding {
		if values, ok := pr.In.Header[name]; ok {
			pr.Out.Header[name] = values
		}
	}
	pr.Out.Trailer = pr.In.Trailer // the map that is filled when the body ends
	if p.enforce {
		judgeableCodings(pr.Out.Header)
	}
}

// judgeableCodings leaves in Accept-Encoding the content codings that a
// Validator can undo.
func judgeableCodings(h http.Header) {
	offered, ok := h["Accept-Encoding"]
	if !ok {
		return
	}
	var kept []string
	for coding := range strings.SplitSeq(strings.Join(offered, ","), ",") {
		name, _, _ := strings.Cut(coding, ";")
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "gzip", "x-gzip", "deflate", "br", "zstd", "identity":
			kept = append(kept, strings.TrimSpace(coding))
		}
	}
	if len(kept) == 0 {
		kept = []string{"identity"}
	}
	h["Accept-Encoding"] = []string{strings.Join(kept, ", ")}
}
