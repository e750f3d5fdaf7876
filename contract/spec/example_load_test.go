package spec_test

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// A docs page, as documentation sites give it when .md is added to its address.
const docsPage = "# List things\n\n````yaml /openapi.json get /v1/things/\n" + thing + "````\n"

func ExampleLoad() {
	loaded, err := spec.Load(context.Background(), []string{"-"}, spec.Stdin(strings.NewReader(docsPage)))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(loaded.Taken[0])
	fmt.Println("partial:", loaded.Partial)
	place, _ := loaded.Document.Position("/paths/~1v1~1things~1/get")
	fmt.Println(place)
	// Output:
	// -:3: get /v1/things/ with 0 components, a fragment of /openapi.json
	// partial: true
	// -:8:5
}

// Wrong use: the page says one thing in its heading and another in its content.
func ExampleLoad_wrong() {
	page := strings.Replace(docsPage, "json get", "json post", 1)
	_, err := spec.Load(context.Background(), []string{"-"}, spec.Stdin(strings.NewReader(page)))
	var wrong *spec.Error
	if errors.As(err, &wrong) {
		fmt.Println(wrong.Position)
		fmt.Println(wrong.Message)
	}
	// Output:
	// -:3:1
	// the heading of the fragment says post "/v1/things/", but at line 8 it holds get "/v1/things/"
}
