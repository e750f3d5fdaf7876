package guard

import (
	"net/http"
	"strings"

	"github.com/digakit/digakit/contract"
)

// forbidden returns a refusal of a kind. All are 403, that of a missing token too:
// a 401 would ask for credentials in the place where the API behind the guard
// expects keys, and browsers and HTTP clients react to it by trying others.
func forbidden(kind, title, detail string) *contract.Problem {
	return &contract.Problem{Type: contract.ProblemType + kind, Title: title, Status: http.StatusForbidden, Detail: detail}
}

// maxInstance bounds the path that an answer repeats, in bytes.
const maxInstance = 256

// maxShown bounds what an answer repeats of a header, in bytes.
const maxShown = 100

// shown returns what may stand in an answer of a header that anyone can send:
// printable ASCII without quotes, and not much of it.
func shown(s string) string {
	cut := len(s) > maxShown
	if cut {
		s = s[:maxShown]
	}
	s = strings.Map(func(r rune) rune {
		if r <= ' ' || r > '~' || r == '"' || r == '\'' || r == '\\' {
			return '?'
		}
		return r
	}, s)
	if cut {
		s += "..."
	}
	return s
}
