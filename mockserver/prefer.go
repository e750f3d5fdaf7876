package mockserver

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/digakit/digakit/contract"
)

// preference is what a request asks for in its Prefer header, by the rules of
// the Prism mock server.
type preference struct {
	code    int    // 0: none asked for
	example string // key of a documented example; empty: none asked for
}

// parsePrefer reads the preferences code and example; others are ignored, and of
// a repeated one the first counts (RFC 7240, section 2).
func parsePrefer(h http.Header) (p preference, violations []contract.Violation) {
	seen := map[string]bool{}
	for _, item := range strings.Split(strings.Join(h.Values("Prefer"), ","), ",") {
		item, _, _ = strings.Cut(item, ";") // parameters of a preference
		name, value, _ := strings.Cut(item, "=")
		name = strings.ToLower(strings.TrimSpace(name))
		value = strings.Trim(strings.TrimSpace(value), `"`)
		if seen[name] {
			continue
		}
		seen[name] = true
		switch name {
		case "code":
			code, err := strconv.Atoi(value)
			if err != nil || len(value) != 3 || code < 100 {
				violations = append(violations, badPreference("code", "pattern", "must have a code of three digits, such as code=403"))
			}
			p.code = code
		case "example":
			if value == "" {
				violations = append(violations, badPreference("example", "minLength", "must name an example, such as example=NAME"))
			}
			p.example = value
		}
	}
	return p, violations
}

func badPreference(name, keyword, rule string) contract.Violation {
	return contract.Violation{
		Side: contract.SideRequest, Kind: contract.KindInvalidParameter, In: "header", Name: "Prefer", Pointer: "/" + name,
		Keyword: keyword, Message: rule,
	}
}

// applied is what Preference-Applied says (RFC 7240, section 3).
func (p preference) applied() string {
	var parts []string
	if p.code != 0 {
		parts = append(parts, fmt.Sprintf("code=%d", p.code))
	}
	if p.example != "" {
		parts = append(parts, "example="+p.example)
	}
	return strings.Join(parts, ", ")
}

// preferred is the documented answer that a preference picks.
type preferred struct {
	status int
	media  string
	body   json.RawMessage
}

// pick finds the answer that p asks for. It returns nil and no refusal when the
// mock's own answer is what is wanted: the operation's status of success without a
// named example.
func (p preference) pick(op *contract.Operation, success int) (*preferred, *refusal) {
	code := cmp.Or(p.code, success)
	response := op.Response(code)
	switch {
	case p.code != 0 && response == nil:
		return nil, &refusal{
			status: http.StatusNotFound, code: codeNotFound,
			message: fmt.Sprintf("Requested status code %d is not defined in the document.", p.code),
		}
	case p.example == "" && code == success:
		return nil, nil
	}
	picked := answerFrom(response, code, p.example)
	switch {
	case picked != nil:
		return picked, nil
	case p.example == "":
		// Documented without an example: the envelope with the status' own text.
		return nil, &refusal{status: p.code, code: codeInternalServerError, message: http.StatusText(p.code)}
	}
	none := &refusal{status: http.StatusNotFound, code: codeNotFound, message: "The document has no example of the name that Prefer asks for."}
	if p.code != 0 { // as Prism does, look for the example where it would be without a code
		picked = answerFrom(op.Response(success), success, p.example)
		none.status, none.code = http.StatusInternalServerError, "UNKNOWN"
	}
	if picked != nil {
		none = nil
	}
	return picked, none
}

// documented returns the response that the document has for a status: the exact
// one, its range, or the default.
func documented(op *contract.Operation, status int) *contract.Response { return op.Response(status) }

// answerFrom returns the named example of a response, or its first one when no
// name is given; nil when there is none.
func answerFrom(r *contract.Response, status int, example string) *preferred {
	if r == nil {
		return nil
	}
	for _, media := range r.Content {
		for _, e := range media.Examples {
			if example == "" || e.Name == example {
				return &preferred{status: status, media: media.Name, body: e.Value}
			}
		}
	}
	return nil
}

func (p *preferred) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", p.media)
	w.WriteHeader(p.status)
	// The body is shared with the document, so nothing is appended to it.
	_, _ = w.Write(p.body) //nolint:gosec // G705: it is Diga's published example, as JSON
}
