package mockserver_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/digakit/digakit/mockserver"
)

// What a valid request says counts, however it is written.
func TestSpellingsMeanTheSame(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t, mockserver.WithItems(0), mockserver.WithDocument(parsed(t, `
openapi: 3.1.0
info: {title: Ships, version: '1'}
paths:
  /ships:
    get:
      parameters:
        - {name: built_after, in: query, schema: {type: string, format: date-time}}
        - {name: id, in: query, schema: {type: string, format: uuid}}
      responses: {'200': {description: d, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Ship'}}}}}}
    post:
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [name], properties: {name: {type: string}, masts: {type: integer}, built: {type: string, format: date-time}}}}}}
      responses: {'201': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Ship'}}}}}
  /ships/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string, format: uuid}}]
    get: {responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Ship'}}}}}}
components: {schemas: {Ship: {type: object, required: [id, name, built], properties: {id: {type: string, format: uuid}, name: {type: string}, masts: {type: integer}, built: {type: string, format: date-time}}}}}
`)))
	send := func(method, path, body string, header ...string) string {
		return send(srv, method, path, body, header...)
	}
	ship := `{"name":"Ariel","masts":2.0,"built":"2016-12-31t23:59:60z"}`
	for _, as := range [][]string{ // media type and coding
		{"application/json", ""}, {"APPLICATION/JSON", ""}, {`application/json; charset="UTF-8"`, ""}, {"application/json", "identity"},
		{"application/json", "gzip"}, {"application/json", "GZIP"}, {"application/json", "deflate"}, {"application/json", "br"}, {"application/json", "zstd"},
	} {
		if got := send("POST", "/ships", string(compressed(as[1], []byte(ship))), "Content-Type", as[0], "Content-Encoding", as[1]); !strings.HasPrefix(got, "201 ") || !strings.Contains(got, `"name":"Ariel","masts":2.0,"built":"2016-12-31t23:59:60z"`) {
			t.Errorf("a ship that is sent as %q is answered %s", as, got)
		}
	}
	id := regexp.MustCompile(`"id":"([^"]+)"`).FindStringSubmatch(send("GET", "/ships", ""))[1]
	for path, found := range map[string]bool{
		"/ships/" + id: true, "/ships/" + strings.ToUpper(id): true, "/%73hips/" + id: true, "/ships/%" + fmt.Sprintf("%X", id[0]) + id[1:]: true, "/ships?id=" + strings.ToUpper(id): true,
		"/ships?built_after=2016-12-31T23:59:59Z": true, "/ships?built_after=2016-12-31t23:59:60z": true, "/ships?built%5Fafter=2016-12-31T15:59:60-08:00": true,
		"/ships?built_after=2017-01-01T00:00:00.5Z": false, "/ships?built_after=2017-01-01T00:00:00.000000000-00:01": false,
	} {
		if got := send("GET", path, ""); !strings.HasPrefix(got, "200 ") || strings.Contains(got, `"Ariel"`) != found {
			t.Errorf("GET %s is answered %.200s", path, got)
		}
	}
}

// send returns the status and the body of an answer; header are names and values.
func send(srv http.Handler, method, path, body string, header ...string) string {
	r := httptest.NewRequest(method, "http://localhost"+path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	srv.ServeHTTP(w, r)
	return strconv.Itoa(w.Code) + " " + w.Body.String()
}
