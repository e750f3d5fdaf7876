package client_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/client"
)

// FuzzResponse: whatever a server sends is a page, the API's refusal or
// an unexpected response; a page is a fixed point of encoding and decoding, and an error is one
// printable line without the key.
func FuzzResponse(f *testing.F) {
	full, err := json.Marshal(sample())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(200, "application/json", full)
	f.Add(200, "application/json", []byte(emptyPage+" \n"))
	f.Add(200, "application/json", full[:len(full)/2])
	f.Add(200, "application/json", []byte(`{"data":[null],"has_more":true}`))
	f.Add(200, "application/json", []byte(`null`))
	f.Add(403, "application/json;charset=utf-8", []byte(`{"error_code":"E","message":"`+strings.Repeat("\u202e", 9)+`"}`))
	f.Add(422, "application/problem+json", []byte(`{}`))
	f.Add(502, "text/html", []byte("<html>\x1b["+key))
	f.Add(304, "", []byte(nil))
	f.Fuzz(func(t *testing.T, status int, contentType string, body []byte) {
		if status < 200 || status > 599 {
			t.Skip("net/http delivers nothing else")
		}
		send := func(status int, contentType string, body []byte) (any, error) {
			c := dial(t, "https://diga.test", noRetry(), inProcess(func(w http.ResponseWriter, _ *http.Request) {
				w.Header()["Content-Type"] = []string{contentType}
				w.WriteHeader(status)
				_, _ = w.Write(body)
			}))
			page, err := c.ListAPIKeys(t.Context(), nil)
			if (page == nil) == (err == nil) {
				t.Fatalf("page %v, error %v", page, err)
			}
			return page, err
		}
		page, err := send(status, contentType, body)
		if err == nil {
			again, err := json.Marshal(page)
			if err != nil {
				t.Skip("a date beyond the year 9999 cannot be encoded")
			}
			second, err := send(200, "application/json", again)
			if err != nil {
				t.Fatalf("%s does not decode again: %v", again, err)
			}
			if diff := cmp.Diff(page, second); diff != "" {
				t.Errorf("(-first +second):\n%s", diff)
			}
			return
		}
		var failed *client.Error
		if !errors.As(err, &failed) || errors.Is(err, client.ErrRefused) == errors.Is(err, client.ErrUnexpectedResponse) {
			t.Fatalf("neither the API's refusal nor an unexpected response: %v", err)
		}
		text := err.Error()
		if strings.Contains(text, key) || !strings.HasPrefix(text, "client: GET /v1/api_key/: ") {
			t.Errorf("%q", text)
		}
		for _, r := range text {
			if !unicode.IsPrint(r) {
				t.Errorf("%q holds %U", text, r)
			}
		}
	})
}
