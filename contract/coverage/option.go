package coverage

import (
	"net/http"
	"slices"
)

// Option changes what [New] takes to be within reach.
type Option func(*reach)

// reach says what a run can bring about.
type reach struct{ unsafe, serverErrors bool }

// UnsafeMethods counts all operations. By default only GET, HEAD, OPTIONS and
// TRACE (the safe methods of RFC 9110, 9.2.1) are within reach; everything of the
// others, bodies of requests included, is listed apart.
func UnsafeMethods() Option { return func(r *reach) { r.unsafe = true } }

// ServerErrors counts the 5xx statuses and their properties. By default they are
// listed apart: nobody can ask a real server for one. A mock can be asked.
func ServerErrors() Option { return func(r *reach) { r.serverErrors = true } }

// operation says why an operation is out of reach; empty when it is not.
func (r reach) operation(method string) string {
	if r.unsafe || slices.Contains([]string{http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace}, method) {
		return ""
	}
	return method + " is not sent by a run that only reads"
}

// status says why a status is out of reach; empty when it is not.
func (r reach) status(status string) string {
	if !r.serverErrors && len(status) == 3 && status[0] == '5' {
		return "a server cannot be asked for an error of its own"
	}
	return ""
}
