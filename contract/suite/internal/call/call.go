package call

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/digakit/digakit/contract"
)

// Call is a request in the making. The zero call is the operation's own, with
// the target's key and the required parameters alone.
type Call struct {
	Method string      // empty: the operation's
	Path   string      // escaped; empty: the operation's, with a value for each parameter
	Query  string      // as it goes on the wire, without the question mark
	Header http.Header // besides those of the target
	Body   []byte      // nil: none
	Media  string      // of Body; empty: as Header says, if it does
	Auth   Credential
	Beside bool                // of no operation: the path is not one of the document's
	Like   *contract.Operation // whose credentials are wanted, for a call of no operation
	bare   bool                // as it is here, without the operation's required parameters
	About  string              // what a failure of the server over it is told apart by: a parameter
	Label  string              // what is special about it, for the message
	// Edge: what stands before the application (a proxy, the HTTP server) may
	// refuse it with a 4xx of its own, documented or not.
	Edge     bool
	Bodiless bool // without the body that the operation requires
}

// Credential is what a call authenticates with. The zero credential is the
// target's key.
type Credential struct {
	Kind   CredentialKind
	Secret string // of literal kinds; the whole value of the header for RawHeader
	// Variable is how a shell makes the secret from the real key, when it was
	// made from it: DIGAKIT_KEY and what is done to it, without the first $.
	Variable string
}

// CredentialKind is where a credential goes.
type CredentialKind int

// The kinds of credentials.
const (
	FullKey   CredentialKind = iota // the target's
	OtherKey                        // Secret, as the document wants keys to be sent
	NoKey                           // none
	RawHeader                       // Authorization: Secret, whatever it is
)

// Query writes pairs of names and values as a query, escaped, in the order given.
func Query(pairs ...string) string {
	var b strings.Builder
	for i := 0; i+1 < len(pairs); i += 2 {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(url.QueryEscape(pairs[i]) + "=" + url.QueryEscape(pairs[i+1]))
	}
	return b.String()
}
