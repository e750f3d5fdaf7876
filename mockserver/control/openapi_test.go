package control_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/digakit/digakit/contract"
)

// Each body in openapi.yaml has an example, and each example is what its schema
// says.
func TestExamplesKeepTheirSchemas(t *testing.T) {
	t.Parallel()
	document, err := os.ReadFile("openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	v, err := contract.New(document)
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Operations()) < 25 {
		t.Errorf("there are %d operations", len(v.Operations()))
	}
	for _, op := range v.Operations() {
		t.Run(op.ID, func(t *testing.T) {
			t.Parallel()
			if op.RequestBody != nil {
				media := op.RequestBody.Content[0]
				if len(media.Examples) == 0 {
					t.Fatal("the request's body has no example")
				}
				r := httptest.NewRequest(op.Method, strings.NewReplacer("{project}", "demo", "{key_id}", "0f5b8c1e-6a3d-5f0e-9a53-0d1f0c2b7a11").Replace(op.Path), nil)
				r.Header.Set("Content-Type", media.Name)
				for _, violation := range v.Request(op, r, media.Examples[0].Value) {
					t.Errorf("the request's example: %s", violation)
				}
			}
			for _, response := range op.Responses {
				if len(response.Content) == 0 || response.Content[0].Name == "text/event-stream" {
					continue
				}
				media := response.Content[0]
				if len(media.Examples) == 0 {
					t.Errorf("%s has no example", response.Status)
					continue
				}
				status, err := strconv.Atoi(response.Status)
				if err != nil {
					status = http.StatusUnprocessableEntity // of default
				}
				for _, violation := range v.Response(op, status, http.Header{"Content-Type": {media.Name}}, media.Examples[0].Value) {
					t.Errorf("the example of %s: %s", response.Status, violation)
				}
			}
		})
	}
}
