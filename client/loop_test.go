package client_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/digakit/digakit/client"
	"github.com/digakit/digakit/gen"
)

// looping servers, each of which would keep a trusting iterator busy for ever.
func TestServersThatLoop(t *testing.T) {
	t.Parallel()
	keys := newProject(6).keys
	ring := func(w http.ResponseWriter, r *http.Request) {
		// Three pages of two, and after the last one the first again.
		at := 0
		for i, key := range keys {
			if key.ID.String() == r.URL.Query().Get("after") {
				at = (i + 1) % len(keys)
			}
		}
		writePage(w, keys[at:at+2], true)
	}
	for _, test := range []struct {
		name, why string
		handler   http.HandlerFunc
		opts      []client.ListOption
		keys      int // visited before the error
		want      string
	}{
		{"same page", "a server that ignores after", func(w http.ResponseWriter, _ *http.Request) {
			writePage(w, keys[:2], true)
		}, nil, 2, "has been the cursor before"},
		{"same page backward", "a server that ignores before", func(w http.ResponseWriter, _ *http.Request) {
			writePage(w, keys[:2], true)
		}, []client.ListOption{client.Before(keys[5].ID)}, 2, "has been the cursor before"},
		{"start included", "a cursor must be left out", func(w http.ResponseWriter, _ *http.Request) {
			writePage(w, keys[:2], false)
		}, []client.ListOption{client.After(keys[0].ID)}, 0, "has been the cursor before"},
		{"ring", "the loop need not be short", ring, nil, 6, "has been the cursor before"},
		{"empty page with has_more", "no cursor to go on with", func(w http.ResponseWriter, _ *http.Request) {
			writePage(w, nil, true)
		}, nil, 0, "empty page"},
		{"no last_id", "no cursor to go on with", answering(200, "application/json",
			`{"data":[{"id":"aa000000-0000-0000-0000-000000000000","name":"n","created_date":"2025-01-01T00:00:00Z",`+
				`"last_four_digits":"0001","creator_id":"aa000000-0000-0000-0000-000000000000","restricted":false}],"has_more":true,"last_id":null}`),
			nil, 1, "no last_id"},
		{"cursor of another key", "last_id does not move although the keys do", func(w http.ResponseWriter, r *http.Request) {
			data := []gen.APIKey{keys[0]}
			if r.URL.Query().Get("after") != "" {
				data = []gen.APIKey{keys[1], keys[2]}
				data[0].ID, data[1].ID = keyID(90), keyID(91)
			}
			recorder := &lastIDReplacer{ResponseWriter: w, from: keyID(91).String(), to: keys[0].ID.String()}
			writePage(recorder, data, true)
		}, nil, 1, "has been the cursor before"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := dial(t, "https://diga.test", inProcess(test.handler))
			seen, errs := 0, []error{}
			for _, err := range c.APIKeys(t.Context(), test.opts...) {
				if err != nil {
					errs = append(errs, err)
				} else if seen++; seen > 100 {
					t.Fatalf("still going: %s", test.why)
				}
			}
			if len(errs) != 1 || !errors.Is(errs[0], client.ErrPageLoop) || !strings.Contains(errs[0].Error(), test.want) || seen != test.keys {
				t.Errorf("%s: %d keys and %v; want %d and one ErrPageLoop with %q", test.why, seen, errs, test.keys, test.want)
			}
		})
	}
}

// lastIDReplacer makes last_id lie.
type lastIDReplacer struct {
	http.ResponseWriter
	from, to string
}

func (l *lastIDReplacer) Write(b []byte) (int, error) {
	changed := strings.Replace(string(b), `"last_id":"`+l.from, `"last_id":"`+l.to, 1)
	if _, err := l.ResponseWriter.Write([]byte(changed)); err != nil {
		return 0, err
	}
	return len(b), nil
}
