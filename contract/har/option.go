package har

import "errors"

type config struct {
	name string
	errs []error
}

// Option changes what [Judge] looks at.
type Option func(*config)

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
