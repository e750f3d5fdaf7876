package guard

import (
	"errors"
	"net/http"
)

// CheckHost lets through to next only requests for a host that a server bound to
// addr answers to, as [Config] says of Addr and AllowHosts: what a [Guard] does
// first, for a server that has neither a control API nor CORS of its own. All
// mistakes in allow are reported together.
func CheckHost(addr string, allow []string, next http.Handler) (http.Handler, error) {
	known, errs := newHosts(addr, allow)
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	g := &Guard{hosts: known}
	return g.checkHost(next), nil
}
