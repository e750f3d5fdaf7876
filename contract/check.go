package contract

import (
	"errors"
	"fmt"
)

// check finds the schemas that operations use, directly or by reference, and that
// are none.
func (b *builder) check() error {
	var used []string
	for _, s := range b.schemas {
		used = append(used, s.pointer)
	}
	var errs []error
	for _, e := range b.doc.IllFormed(used) {
		errs = append(errs, fmt.Errorf("contract: a schema does not compile: %w", e))
	}
	return errors.Join(errs...)
}
