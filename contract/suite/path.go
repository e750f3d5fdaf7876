package suite

import "github.com/digakit/digakit/contract"

// pathOf is the escaped path of an operation.
func (s *session) pathOf(o *contract.Operation) string { return o.Path }
