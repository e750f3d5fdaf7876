package suite_test

import (
	"encoding/json"
	"math"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/suite"
)

const (
	libraryKey = "reader:library-secret-1"
	deniedKey  = "denied:library-secret-2"
)

// library is a server written by hand that does what testdata/library.yaml says,
// but for one defect.
type library struct{ defect string }

// ok tells whether a condition holds, or the library does not care.
func (l library) ok(defect string, condition bool) bool { return condition || l.defect == defect }

func (l library) refuse(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(`{"error":"no"}`))
}

func (l library) answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

// locked looks for the key where an operation wants it.
func (l library) locked(where string, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		key := ""
		switch where {
		case "header":
			key = r.Header.Get("X-Library-Key")
		case "query":
			key = r.URL.Query().Get("library_key")
		case "cookie":
			if c, err := r.Cookie("library_session"); err == nil {
				key = c.Value
			}
		case "basic":
			user, password, _ := r.BasicAuth()
			key = user + ":" + password
			if l.defect == "any password" && user == "reader" {
				key = libraryKey
			}
		}
		switch {
		case l.defect == "no lock on "+where, key == libraryKey:
			next(w, r)
		case key == deniedKey:
			l.refuse(w, http.StatusForbidden)
		default:
			l.refuse(w, http.StatusUnauthorized)
		}
	}
}

func within(text string, low, high int64) bool {
	n, err := strconv.ParseInt(text, 10, 64)
	return err == nil && n >= low && n <= high
}

var (
	codePattern = regexp.MustCompile(`^[0-9]{3}-[A-F]{2}$`)
	halves      = regexp.MustCompile(`^[0-9]+(\.[05]0*)?$`)
)

// scalars are the rules of the plain parameters of /books, each a defect's name, too.
var scalars = map[string]func(text string) bool{
	"available": func(text string) bool { return text == "true" || text == "false" },
	"since":     func(text string) bool { _, err := time.Parse(time.DateOnly, text); return err == nil },
	"seen":      func(text string) bool { _, err := time.Parse(time.RFC3339, text); return err == nil },
	"price": func(text string) bool {
		f, err := strconv.ParseFloat(text, 64)
		return err == nil && halves.MatchString(text) && f > 0 && f <= 1000
	},
	"code":    codePattern.MatchString,
	"word":    func(text string) bool { n := len([]rune(text)); return n >= 2 && n <= 5 },
	"mail":    func(text string) bool { a, err := mail.ParseAddress(text); return err == nil && a.Address == text },
	"offset":  func(text string) bool { return within(text, 0, math.MaxInt32) },
	"version": func(text string) bool { return text == "latest" || within(text, 1, 3) },
}

func (l library) books(w http.ResponseWriter, r *http.Request) {
	q, err := url.ParseQuery(r.URL.RawQuery)
	good := err == nil
	tenant := r.Header.Values("X-Tenant")
	good = good && l.ok("tenant", len(tenant) == 1) && (len(tenant) == 0 || l.ok("which tenant", tenant[0] == "north" || tenant[0] == "south"))
	if copies := r.Header.Get("X-Copies"); copies != "" || r.Header["X-Copies"] != nil {
		good = good && l.ok("copies", within(copies, 1, 9))
	}
	if theme, err := r.Cookie("theme"); err == nil {
		good = good && l.ok("theme", theme.Value == "dark" || theme.Value == "light")
	}
	for name, rule := range scalars {
		for _, text := range q[name] {
			good = good && l.ok(name, rule(text))
		}
	}
	if l.defect == "refuses true" && q.Get("available") == "true" || l.defect == "refuses exploded" && len(q["shelves"]) > 1 {
		good = false
	}
	if q.Has("tags") {
		tags := strings.Split(q.Get("tags"), ",")
		good = good && l.ok("how many tags", len(tags) <= 3)
		for _, tag := range tags {
			good = good && l.ok("tags", slices.Contains([]string{"poetry", "prose", "maps"}, tag))
		}
	}
	for i, shelf := range q["shelves"] {
		good = good && l.ok("shelves", within(shelf, 1, 40)) && l.ok("twice", !slices.Contains(q["shelves"][:i], shelf))
	}
	if q.Has("sizes") {
		for _, size := range strings.Split(q.Get("sizes"), "|") {
			good = good && l.ok("sizes", size == "small" || size == "large")
		}
	}
	if !good {
		l.refuse(w, http.StatusBadRequest)
		return
	}
	if l.defect == notFound && q.Has("mail") {
		l.refuse(w, http.StatusNotFound)
		return
	}
	l.answer(w, []map[string]any{{"id": 7, "title": "Moby-Dick", "tags": []string{"prose"}}, {"id": 9, "title": "Atlas"}})
}

// book reads the id in the path.
func (l library) book(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id := r.PathValue("id")
		n, err := strconv.ParseInt(id, 10, 64)
		switch {
		case l.defect == "fails over an id" && err != nil:
			l.refuse(w, http.StatusInternalServerError)
		case l.defect == "any id":
			next(w, r)
		case err != nil || n < 1, l.defect == "refuses 7" && n == 7:
			l.refuse(w, http.StatusBadRequest)
		case n != 7 && n != 9:
			l.refuse(w, http.StatusNotFound)
		default:
			next(w, r)
		}
	}
}

func (l library) handler() http.Handler {
	mux := http.NewServeMux()
	none := func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) }
	mux.HandleFunc("GET /books", l.locked("header", l.books))
	mux.HandleFunc("POST /books", l.locked("header", none))
	mux.HandleFunc("GET /books/{id}", l.locked("header", l.book(func(w http.ResponseWriter, r *http.Request) {
		l.answer(w, map[string]any{"id": 7, "title": "Moby-Dick"})
	})))
	mux.HandleFunc("GET /books/{id}/pages", l.locked("query", l.book(func(w http.ResponseWriter, r *http.Request) {
		from, given := r.URL.Query().Get("from"), r.URL.Query().Has("from")
		if !l.ok("from", given) || given && !within(from, 1, 10) {
			l.refuse(w, http.StatusBadRequest)
			return
		}
		l.answer(w, []string{"Call me Ishmael."})
	})))
	mux.HandleFunc("GET /me", l.locked("cookie", none))
	mux.HandleFunc("GET /desk", l.locked("basic", none))
	mux.HandleFunc("GET /status", none)
	return mux
}

func (l library) check(t *testing.T) *report.Report {
	t.Helper()
	document, err := os.ReadFile("testdata/library.yaml")
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(l.handler())
	t.Cleanup(srv.Close)
	r, err := suite.Check(t.Context(), suite.Target{URL: srv.URL, Document: document, Key: libraryKey, DeniedKey: deniedKey, Unsafe: true})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// notFound is no defect: nobody has the address that was asked for.
const notFound = "not found"

func TestNotFoundIsNoRefusal(t *testing.T) {
	t.Parallel()
	for _, f := range (library{notFound}).check(t).Findings {
		t.Errorf("%s %s: %s\n%s", f.Check, f.Operation, f.Message, f.Curl)
	}
}

// TestAnotherDocument: nothing of the suite knows one API.
func TestAnotherDocument(t *testing.T) {
	t.Parallel()
	r := library{}.check(t)
	for _, f := range r.Findings {
		t.Errorf("%s %s: %s\n%s", f.Check, f.Operation, f.Message, f.Curl)
	}
	passed := map[string]int{}
	for _, c := range r.Checks {
		passed[c.ID+" "+c.Operation] = c.Passed
	}
	for id, least := range map[string]int{
		"positive_data_acceptance list_books": 100, "negative_data_rejection list_books": 60, "hostile_input list_books": 300,
		"positive_data_acceptance get_book": 2, "negative_data_rejection get_book": 5, "negative_data_rejection read_pages": 8,
		"missing_required_header list_books": 1,
		"ignored_auth list_books":            4, "ignored_auth get_book": 4, "ignored_auth read_pages": 4, "ignored_auth me": 4, "ignored_auth desk": 4,
		"insufficient_permission read_pages": 1, "insufficient_permission me": 1, "insufficient_permission desk": 1,
		"unsupported_method list_books": 6, "allow_header_conformance status": 6, "undocumented_path read_pages": 6,
	} {
		if passed[id] < least {
			t.Errorf("%s: %d cases passed, want at least %d", id, passed[id], least)
		}
	}
	i := slices.IndexFunc(r.Checks, func(c report.Check) bool {
		return c.ID == "positive_data_acceptance" && c.Operation == "get_loan"
	})
	if i < 0 || r.Checks[i].Skipped == 0 || !strings.Contains(r.Checks[i].Reasons[0], "loan_id") {
		t.Error("what cannot be called is not told of")
	}
}

func TestBrokenLibrariesFail(t *testing.T) {
	t.Parallel()
	const (
		accepted = "positive_data_acceptance"
		rejected = "negative_data_rejection"
	)
	for _, tc := range []struct {
		defect, check, operation string
		cases                    []string
	}{
		{"tenant", "missing_required_header", "list_books", []string{"X-Tenant: missing"}},
		{"which tenant", rejected, "list_books", []string{"X-Tenant: not in the enum", "X-Tenant: enum in another case: NORTH"}},
		{"copies", rejected, "list_books", []string{"X-Copies: above the maximum", "X-Copies: not a number"}},
		{"theme", rejected, "list_books", []string{"theme: not in the enum"}},
		{"available", rejected, "list_books", []string{"available: not a boolean", "available: empty"}},
		{"since", rejected, "list_books", []string{"since: February 30", "since: month 13"}},
		{"seen", rejected, "list_books", []string{"seen: February 30", "seen: not a date"}},
		{"price", rejected, "list_books", []string{"price: the bound below", "price: above the maximum", "price: no multiple"}},
		{"code", rejected, "list_books", []string{"code: breaks the pattern", "code: breaks the pattern after a match"}},
		{"word", rejected, "list_books", []string{"word: shorter than minLength", "word: longer than maxLength"}},
		{"mail", rejected, "list_books", []string{"mail: not an address"}},
		{"offset", rejected, "list_books", []string{"offset: below the minimum"}},
		{"version", rejected, "list_books", []string{"version: above the maximum"}},
		{"tags", rejected, "list_books", []string{"tags: item not in the enum", "tags: second item not in the enum"}},
		{"how many tags", rejected, "list_books", []string{"tags: more than maxItems"}},
		{"shelves", rejected, "list_books", []string{"shelves: item not a number"}},
		{"twice", rejected, "list_books", []string{"shelves: the same item twice"}},
		{"sizes", rejected, "list_books", []string{"sizes: second item not in the enum"}},
		{"refuses true", accepted, "list_books", []string{"available: default"}},
		{"refuses exploded", accepted, "list_books", []string{"shelves: all kinds of items"}},
		{"from", rejected, "read_pages", []string{"from: missing"}},
		{"any id", rejected, "get_book", []string{"book_id: not a number", "book_id: below the minimum"}},
		{"refuses 7", accepted, "get_book", nil},
		{"fails over an id", "not_a_server_error", "get_book", nil},
		{"no lock on header", "ignored_auth", "list_books", []string{"no credential", "unknown key"}},
		{"no lock on query", "ignored_auth", "read_pages", []string{"no credential", "unknown key"}},
		{"no lock on cookie", "ignored_auth", "me", []string{"no credential", "unknown key"}},
		{"no lock on basic", "ignored_auth", "desk", []string{"no credential", "unknown key"}},
		{"any password", "ignored_auth", "desk", []string{"real key, last character changed"}},
	} {
		t.Run(tc.defect, func(t *testing.T) {
			t.Parallel()
			r := library{tc.defect}.check(t)
			for _, name := range append(tc.cases, "") {
				if !slices.ContainsFunc(r.Findings, func(f report.Finding) bool {
					return f.Check == tc.check && f.Operation == tc.operation && (name == "" || shows(f, name))
				}) {
					t.Errorf("%s does not find %q in %s", tc.check, name, tc.operation)
				}
			}
		})
	}
}
