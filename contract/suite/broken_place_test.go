package suite_test

import (
	"net/http"
	"strings"
)

// Methods and paths the document does not have.
var brokenPlaces = []broken{
	{
		name: "fails over HEAD",
		around: instead(func(r *http.Request) *reply {
			if r.Method == http.MethodHead {
				return envelope(http.StatusInternalServerError)
			}
			return nil
		}),
		check: "not_a_server_error",
	},
	{
		name: "deletes",
		around: instead(func(r *http.Request) *reply {
			if r.Method == http.MethodDelete {
				return &reply{status: http.StatusNoContent, header: http.Header{}}
			}
			return nil
		}),
		check: "unsupported_method", cases: []string{http.MethodDelete}, target: unsafe,
	},
	{
		name: "reads any method as GET",
		around: asked(func(r *http.Request) {
			if r.Method != http.MethodHead && r.Method != http.MethodOptions {
				r.Method = http.MethodGet
			}
		}),
		check: "unsupported_method", cases: []string{http.MethodPost, http.MethodPut, "DIGAKIT"}, target: unsafe,
	},
	{
		name: "sends the credential back to TRACE",
		around: instead(func(r *http.Request) *reply {
			if r.Method == http.MethodTrace {
				return &reply{http.StatusOK, http.Header{"Content-Type": {"message/http"}}, []byte("TRACE " + r.URL.Path + "\r\nAuthorization: " + r.Header.Get("Authorization"))}
			}
			return nil
		}),
		check: "unsupported_method", cases: []string{http.MethodTrace}, target: unsafe,
	},
	{
		name: "refuses a method without saying which it allows",
		around: answered(func(r *http.Request, a *reply) {
			a.header.Del("Allow")
		}),
		check: "allow_header_conformance",
	},
	{
		name: "allows methods, but not the documented one",
		around: answered(func(r *http.Request, a *reply) {
			if a.header.Get("Allow") != "" {
				a.header.Set("Allow", "POST, PUT")
			}
		}),
		check: "allow_header_conformance",
	},
	{
		name: "says it allows the method it refuses",
		around: answered(func(r *http.Request, a *reply) {
			if a.header.Get("Allow") != "" {
				a.header.Set("Allow", "GET, "+r.Method)
			}
		}),
		check: "allow_header_conformance",
	},
	{
		name: "answers unknown paths with a page",
		around: instead(func(r *http.Request) *reply {
			if r.URL.Path != listPath {
				return &reply{http.StatusOK, http.Header{"Content-Type": {"text/html"}}, []byte("<!doctype html><title>Welcome</title>")}
			}
			return nil
		}),
		check: "undocumented_path", cases: []string{"below", "beside", "above", "one letter more", "one letter less", "in upper case", "doubled slashes"},
	},
	{
		name: "routes by prefix",
		around: asked(func(r *http.Request) {
			if strings.HasPrefix(r.URL.Path, listPath) {
				r.URL.Path, r.URL.RawPath = listPath, ""
			}
		}),
		check: "undocumented_path", cases: []string{"below"},
	},
	{
		name: "routes without regard to case",
		around: asked(func(r *http.Request) {
			r.URL.Path = strings.ToLower(r.URL.Path)
		}),
		check: "undocumented_path", cases: []string{"in upper case"},
	},
	{
		name: "loses the query on the way to the slash", around: redirects(func(r *http.Request) string { return r.URL.Path + "/" }),
		check: "slash_redirect", cases: []string{"query"},
	},
	{
		name: "loses a part of the query on the way to the slash",
		around: redirects(func(r *http.Request) string {
			first, _, _ := strings.Cut(r.URL.RawQuery, "&")
			return r.URL.Path + "/?" + first
		}),
		check: "slash_redirect", cases: []string{"query"},
	},
	{
		name: "redirects to the host behind its proxy", around: redirects(func(r *http.Request) string {
			return "http://backend.internal:8000" + r.URL.Path + "/?" + r.URL.RawQuery
		}),
		check: "slash_redirect", cases: []string{"host"},
	},
	{
		name: "redirects to a page to log in", around: redirects(func(r *http.Request) string { return "/login?" + r.URL.RawQuery }),
		check: "slash_redirect", cases: []string{"path"},
	},
	{
		name: "redirects nowhere", around: redirects(func(r *http.Request) string { return "" }),
		check: "slash_redirect", cases: []string{"location"},
	},
}

// redirects sends who left out the slash elsewhere.
func redirects(to func(r *http.Request) string) around {
	return instead(func(r *http.Request) *reply {
		if r.URL.Path != strings.TrimSuffix(listPath, "/") {
			return nil
		}
		a := &reply{status: http.StatusTemporaryRedirect, header: http.Header{}}
		if location := to(r); location != "" {
			a.header.Set("Location", location)
		}
		return a
	})
}

// failsOver answers 500 where the query, as it came, is so.
func failsOver(so func(query string) bool) around {
	return instead(func(r *http.Request) *reply {
		if so(r.URL.RawQuery) {
			return envelope(http.StatusInternalServerError)
		}
		return nil
	})
}

// contains is for failsOver.
func contains(part string) func(string) bool {
	return func(query string) bool { return strings.Contains(query, part) }
}

var brokenHostile = []broken{
	{name: "fails over what is no UTF-8", around: failsOver(contains("%FF")), check: "not_a_server_error"},
	{name: "fails over bytes that are not encoded", around: failsOver(contains("\xff")), check: "not_a_server_error"},
	{name: "fails over a surrogate", around: failsOver(contains("%ED%A0%80")), check: "not_a_server_error"},
	{name: "fails over NUL", around: failsOver(contains("%00")), check: "not_a_server_error"},
	{name: "fails over a broken escape", around: failsOver(contains("%zz")), check: "not_a_server_error"},
	{name: "fails over a number beyond 64 bits", around: failsOver(contains("page=9223372036854775808")), check: "not_a_server_error"},
	{name: "fails over 8 kB", around: failsOver(func(query string) bool { return len(query) > 8000 }), check: "not_a_server_error"},
	{name: "fails over many parameters", around: failsOver(func(query string) bool { return strings.Count(query, "&") > 400 }), check: "not_a_server_error"},
	{name: "fails over brackets", around: failsOver(contains("limit[]")), check: "not_a_server_error"},
	{name: "fails over a quote", around: failsOver(contains("%27")), check: "not_a_server_error"},
	{
		name: "copies line breaks into a header",
		around: answered(func(r *http.Request, a *reply) {
			if strings.Contains(r.URL.RawQuery, "%0D%0AX-Digakit-Injected") {
				a.header.Set("X-Digakit-Injected", "1") // what a reader of the copied lines sees
			}
		}),
		check: "hostile_input",
	},
	{
		name: "refuses with what is not the JSON it says it is",
		around: instead(func(r *http.Request) *reply {
			if strings.Contains(r.URL.RawQuery, "%zz") {
				return &reply{http.StatusBadRequest, http.Header{"Content-Type": {"application/json"}}, []byte(`{"error": %zz}`)}
			}
			return nil
		}),
		check: "hostile_input",
	},
	{
		name: "hangs up over brackets",
		around: instead(func(r *http.Request) *reply {
			if strings.Count(r.URL.RawQuery, "%5B") > 500 {
				panic(http.ErrAbortHandler)
			}
			return nil
		}),
		check: "response_completeness",
	},
}

// What is assumed, and not so.
var brokenAssumptions = []broken{
	{name: "403 where 401 was assumed", around: asked(func(*http.Request) {}), check: "unauthenticated", target: assume("unauthenticated", "unauthorized")},
	{name: "redirect where 404 was assumed", around: asked(func(*http.Request) {}), check: "no_trailing_slash", target: assume("trailing_slash", "not_found")},
	{name: "redirect where an answer was assumed", around: asked(func(*http.Request) {}), check: "no_trailing_slash", target: assume("trailing_slash", "serve")},
	{name: "redirect where 404 was assumed, by its old name", around: asked(func(*http.Request) {}), check: "no_trailing_slash", target: assume("no_trailing_slash", "not_found")},
	{name: "the last where the first was assumed", around: asked(func(*http.Request) {}), check: "repeated_parameter", target: assume("repeated_parameter", "first")},
	{name: "the last where a refusal was assumed", around: asked(func(*http.Request) {}), check: "repeated_parameter", target: assume("repeated_parameter", "reject")},
}
