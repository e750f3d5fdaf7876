package guard

import (
	"net/http"
	"strings"
)

// Prefix is the path under which the control API lies.
const Prefix = "/_mock/"

// healthPath needs no token: the health check of a container has none, and the
// answer says no more than that the server runs.
const healthPath = Prefix + "health"

// IsControl reports whether r is for the control API: its path, percent-decoded
// once, is "/_mock" or begins with "/_mock/". Nothing else is done to the path,
// so /_MOCK/, //_mock/ and /x/../_mock/ are not for the control API.
//
// The guard decides by it what to protect, so whatever stands behind the guard
// must route by it too, before it cleans or redirects: an [http.ServeMux] alone
// would lead //_mock/ to the control API.
func IsControl(r *http.Request) bool {
	rest, ok := strings.CutPrefix(r.URL.Path, Prefix[:len(Prefix)-1])
	return ok && (rest == "" || rest[0] == '/')
}

// isHealth reports whether r asks for the server's health, spelled plainly:
// other spellings of the path may mean something else to a router.
func isHealth(r *http.Request) bool {
	return r.URL.Path == healthPath && r.URL.RawPath == "" && (r.Method == http.MethodGet || r.Method == http.MethodHead)
}
