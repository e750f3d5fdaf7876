package main

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"testing"

	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/mockserver"
	"github.com/digakit/digakit/mockserver/seed"
)

// While a seed file is edited, a request is answered by one of its contents, whole.
func TestAnEditOfTheSeedIsOneStep(t *testing.T) {
	t.Parallel()
	try := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	document, err := spec.Parse(spectest.Document(30))
	try(err)
	path := filepath.Join(t.TempDir(), "seed.yaml")
	load := func(edit int) seed.File {
		content := fmt.Sprintf("projects: [{name: one, keys: [{name: k, secret: a-secret-of-the-seed}], collections: {vessel: [{name: edit-%d}, {name: edit-%[1]d}]}}]", edit)
		try(os.WriteFile(path, []byte(content), 0o600))
		f, err := seed.Load(path, seed.Document(document))
		try(err)
		return f
	}
	load(0)
	w, opts, err := openWorld(path, "", document)
	try(err)
	srv, err := mockserver.New(append(opts, mockserver.WithDocument(document))...)
	try(err)

	whole := regexp.MustCompile(`"name":"edit-\d+".*"name":"edit-\d+"`)
	edited := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for {
				r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://localhost/v1/vessel/", nil)
				r.Header.Set("Authorization", "Bearer a-secret-of-the-seed")
				answer := httptest.NewRecorder()
				srv.ServeHTTP(answer, r)
				if names := regexp.MustCompile(`"name":"[^"]*"`).FindAllString(answer.Body.String(), -1); len(names) != 2 || names[0] != names[1] || !whole.Match(answer.Body.Bytes()) {
					t.Errorf("the answer is %d with the vessels %q", answer.Code, names)
					return
				}
				select {
				case <-edited:
					return
				default:
				}
			}
		})
	}
	for edit := range 20 {
		w.reseed(srv, load(edit+1), nil, slog.New(slog.DiscardHandler))
	}
	close(edited)
	readers.Wait()
}
