package mockserver

import (
	"net/http"
	"net/url"
	"slices"
)

const calibrated = "calibrated" // basis of what a settled line of the profile decided

// settles tells whether a file that [ParseProfile] has read sets a line.
func (p Profile) settles(id string) bool {
	i := slices.IndexFunc(behaviours, func(b Behaviour) bool { return b.ID == id && b.field != nil })
	return i >= 0 && p.settled&(1<<i) != 0
}

// rest says what an answer rests on: its basis, unless a settled line of the profile
// decided it.
func (s *Server) rest(w http.ResponseWriter, x *exchange, basis string) {
	if s.profile.settles(x.decided) {
		basis = calibrated
	}
	if x.basis = basis; basis != "" {
		w.Header().Set(basisHeader, basis)
	}
}

// decidedBy is the line of the profile that decides how a request is read; empty: none.
func (s *Server) decidedBy(x *exchange, query string) string {
	if x.query != query {
		return "repeated_parameter"
	}
	if line := s.api.lines[x.operation]; line != nil && line.List != nil && line.List.Paging.Page != "" {
		values, _ := url.ParseQuery(query) // valid by now, or refused
		if p := line.List.Paging; values.Has(p.Page) && (values.Has(p.After) || values.Has(p.Before)) {
			return "page_with_cursor"
		}
	}
	return ""
}

// decidedRefusal is the line of the profile that decides a refusal; empty: none.
func (x *exchange) decidedRefusal(r *refusal) string {
	for _, v := range r.violations {
		if v.Keyword == "repeated_parameter" || v.Keyword == "page_with_cursor" || v.Keyword == "unknown_cursor" || v.Keyword == "missing_item" {
			return v.Keyword
		}
	}
	switch {
	case x.badKey != "" && r != errForbidden:
		return "unauthenticated"
	case x.operation == nil || len(r.violations) > 0:
	case r.status == http.StatusConflict && x.operation.Method == http.MethodDelete:
		return "in_use"
	case r.status == http.StatusNotFound && documented(x.operation, r.status) == nil:
		return "missing_item"
	}
	return ""
}
