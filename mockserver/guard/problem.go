package guard

import (
	"encoding/json"
	"net/http"
	"strings"
)

// problem is a refusal as an RFC 9457 document. All refusals are 403, that of a
// missing token too: a 401 would ask for credentials in the place where the API
// behind the guard expects keys, and browsers and HTTP clients react to it by
// trying others.
type problem struct {
	Type     string `json:"type"`
	Title    string `json:"title"`
	Status   int    `json:"status"`
	Detail   string `json:"detail"`
	Instance string `json:"instance,omitempty"` // the path, without the query
}

// problemType begins the type of every refusal.
const problemType = "urn:digakit:problem:"

// forbidden returns a refusal. kind ends its type, which stays the same between
// versions.
func forbidden(kind, title, detail string) *problem {
	return &problem{Type: problemType + kind, Title: title, Status: http.StatusForbidden, Detail: detail}
}

// maxInstance bounds the path that an answer repeats, in bytes.
const maxInstance = 256

func (p problem) write(w http.ResponseWriter, r *http.Request) {
	if path := r.URL.EscapedPath(); len(path) <= maxInstance {
		p.Instance = path
	}
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(p.Status)
	// A client that went away needs no answer.
	_ = json.NewEncoder(w).Encode(p)
}

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
