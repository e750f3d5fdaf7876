package suite_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"

	"github.com/digakit/digakit/mockserver"
)

// around is a server made of another one.
type around = func(http.Handler) http.Handler

// asked changes the request before the mock sees it.
func asked(change func(r *http.Request)) around {
	return func(mock http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			changed := r.Clone(r.Context())
			change(changed)
			mock.ServeHTTP(w, changed)
		})
	}
}

// query changes the query before the mock sees it.
func changedQuery(change func(q url.Values)) around {
	return asked(func(r *http.Request) {
		q, err := url.ParseQuery(r.URL.RawQuery)
		if err != nil {
			return // as it is: for the mock to refuse
		}
		before := q.Encode()
		if change(q); q.Encode() != before {
			r.URL.RawQuery = q.Encode()
		}
	})
}

// reply is an answer that can still be changed.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// answered changes the answer of the mock.
func answered(change func(r *http.Request, a *reply)) around {
	return func(mock http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			a := ask(mock, r)
			change(r, a)
			a.write(w)
		})
	}
}

// instead answers without the mock when it returns a reply.
func instead(answer func(r *http.Request) *reply) around {
	return func(mock http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if a := answer(r); a != nil {
				a.write(w)
				return
			}
			mock.ServeHTTP(w, r)
		})
	}
}

func ask(mock http.Handler, r *http.Request) *reply {
	rec := httptest.NewRecorder()
	mock.ServeHTTP(rec, r)
	return &reply{rec.Code, rec.Result().Header, rec.Body.Bytes()}
}

func (a *reply) write(w http.ResponseWriter) {
	a.header.Del("Content-Length")
	maps.Copy(w.Header(), a.header)
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body)
}

// edit changes the JSON of an answer.
func (a *reply) edit(change func(body map[string]any)) {
	decoder := json.NewDecoder(bytes.NewReader(a.body))
	decoder.UseNumber()
	var body map[string]any
	if decoder.Decode(&body) != nil {
		return
	}
	change(body)
	a.body, _ = json.Marshal(body)
}

// items calls f for every item of a list.
func items(body map[string]any, f func(item map[string]any)) {
	data, _ := body["data"].([]any)
	for _, one := range data {
		if item, ok := one.(map[string]any); ok {
			f(item)
		}
	}
}

// envelope is an error in the documented form.
func envelope(status int) *reply {
	return &reply{status, http.Header{"Content-Type": {"application/json"}}, []byte(`{"status":"error","error_code":"SOME_CODE","message":"no"}`)}
}

func plainText(status int, text string) *reply {
	return &reply{status, http.Header{"Content-Type": {"text/plain"}}, []byte(text)}
}

// unlock gives the request the right key.
func unlock(r *http.Request) { r.Header.Set("Authorization", "Bearer "+mockserver.UnrestrictedKey) }

// bearer is the token of a request.
func bearer(r *http.Request) string {
	return strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
}

const listPath = "/v1/api_key/"

// isNumber tells a value the mock would take for one.
func isNumber(text string) bool {
	_, err := strconv.ParseInt(text, 10, 64)
	return err == nil
}
