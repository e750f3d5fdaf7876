package har

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

type config struct {
	hosts []string
	name  string
	errs  []error
}

// Option changes what [Judge] looks at.
type Option func(*config)

// Hosts restricts judgement to requests to these hosts: api.example.test, or
// with a port, api.example.test:8443. By default the host does not matter, and
// every request to a documented path is judged.
func Hosts(hosts ...string) Option {
	return func(c *config) {
		for _, host := range hosts {
			if host == "" || strings.ContainsAny(host, "/?#@* ") {
				c.errs = append(c.errs, fmt.Errorf("har: %q is no host; give a name such as api.example.test, with a port if need be", host))
				continue
			}
			c.hosts = append(c.hosts, strings.ToLower(host))
		}
	}
}

// Name is what the report names as its target, and errors as their place: the
// file's name. Default: none.
func Name(name string) Option {
	return func(c *config) {
		if name == "" {
			c.errs = append(c.errs, errors.New("har: Name: empty; leave the option out instead"))
		}
		c.name = name
	}
}

// looksAt tells whether a request to u is of interest.
func (c *config) looksAt(u *url.URL) bool {
	if len(c.hosts) == 0 {
		return true
	}
	for _, host := range c.hosts {
		if strings.EqualFold(host, u.Host) || strings.EqualFold(host, u.Hostname()) {
			return true
		}
	}
	return false
}
