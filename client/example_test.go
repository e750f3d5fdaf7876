package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/digakit/digakit/client"
	"github.com/digakit/digakit/gen"
)

// startDiga stands for the API; in another repository it would be the mock.
func startDiga(keys int) *httptest.Server { return httptest.NewServer(newProject(keys)) }

func Example() {
	server := startDiga(3)
	defer server.Close()

	c, err := client.New(server.URL, "diga-example-key")
	if err != nil {
		fmt.Println(err)
		return
	}
	for key, err := range c.APIKeys(context.Background()) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(key.Name, "ending in", key.LastFourDigits)
	}
	// Output:
	// key 2 ending in 0002
	// key 1 ending in 0001
	// key 0 ending in 0000
}

// Any list of the document is walked in this way, with its own filters. With
// one that lies below a parent it is client.Below(c.API().…WithResponse, id).
func ExampleAll() {
	server := startDiga(3)
	defer server.Close()

	c, err := client.New(server.URL, "diga-example-key")
	if err != nil {
		fmt.Println(err)
		return
	}
	order := gen.ListAPIKeysParamsOrderAsc
	params := &gen.ListAPIKeysParams{Order: &order}
	for key, err := range client.All(context.Background(), c.API().ListAPIKeysWithResponse, params, client.PageSize(2)) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(key.Name)
	}
	// Output:
	// key 0
	// key 1
	// key 2
}

func ExampleErrorCode() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, http.StatusNotFound, "PROJECT_NOT_FOUND", "Project not found")
	}))
	defer server.Close()

	c, err := client.New(server.URL, "diga-example-key")
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = c.API().ListAPIKeysWithResponse(context.Background(), nil)
	fmt.Println(errors.Is(err, client.ErrorCode("PROJECT_NOT_FOUND")), errors.Is(err, client.ErrNotFound))
	// Output: true true
}

func ExampleClient_APIKeyPages() {
	server := startDiga(5)
	defer server.Close()

	c, err := client.New(server.URL, "diga-example-key")
	if err != nil {
		fmt.Println(err)
		return
	}
	// Backward from the end: pages come nearest first, and inside a page the
	// keys keep the order of the list (newest first).
	for page, err := range c.APIKeyPages(context.Background(), client.FromEnd(), client.PageSize(2)) {
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, key := range page.Data {
			fmt.Print(key.Name, "; ")
		}
		fmt.Println("more:", page.HasMore)
	}
	// Output:
	// key 1; key 0; more: true
	// key 3; key 2; more: true
	// key 4; more: false
}

func ExampleClient_ListAPIKeys() {
	server := startDiga(5)
	defer server.Close()

	c, err := client.New(server.URL, "diga-example-key")
	if err != nil {
		fmt.Println(err)
		return
	}
	tooMany := 1001
	_, err = c.ListAPIKeys(context.Background(), &gen.ListAPIKeysParams{Limit: &tooMany})
	fmt.Println(err)

	var refused *client.Error
	if errors.As(err, &refused) && errors.Is(err, client.ErrInvalidPagination) {
		fmt.Println(refused.StatusCode, refused.Code)
	}
	// Output:
	// client: GET /v1/api_key/?limit=1001: 422 INVALID_PAGINATION_PARAMETERS: limit must be from 1 to 1000
	// 422 INVALID_PAGINATION_PARAMETERS
}

func ExampleClient_Raw() {
	server := startDiga(0)
	defer server.Close()

	c, err := client.New(server.URL, "diga-example-key")
	if err != nil {
		fmt.Println(err)
		return
	}
	res, err := c.Raw().ListAPIKeys(context.Background(), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	fmt.Println(res.StatusCode, string(body), err)
	// Output:
	// 200 {"data":[],"first_id":null,"has_more":false,"last_id":null}
	//  <nil>
}

// A page from in between is not an empty list of keys, and not a success.
func ExampleError_unexpected() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<html>Please sign in</html>"))
	}))
	defer server.Close()

	c, err := client.New(server.URL, "diga-example-key")
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = c.ListAPIKeys(context.Background(), nil)
	var unexpected *client.Error
	if errors.As(err, &unexpected) && errors.Is(err, client.ErrUnexpectedResponse) {
		fmt.Println(unexpected.StatusCode, unexpected.ContentType, unexpected.Snippet)
	}
	// Output: 200 text/html <html>Please sign in</html>
}

// Wrong use: every mistake is reported, and none of them quotes the key.
func ExampleNew_wrongUse() {
	_, err := client.New("api.diga.io", "Bearer diga-example-key", client.WithMaxBody(0))
	fmt.Println(err)
	// Output:
	// client: invalid option: the base URL must start with http:// or https://
	// client: invalid option: the key has a character that is not visible ASCII at byte 6; give the key alone, without "Bearer" or a line end
	// client: invalid option: WithMaxBody: the number of bytes is below 1
}

// Wrong use: a walk cannot go both ways. The mistake comes out of the loop.
func ExampleAfter_wrongUse() {
	c, err := client.New("https://api.diga.io", "diga-example-key")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, err := range c.APIKeys(context.Background(), client.After(keyID(1)), client.FromEnd()) {
		fmt.Println(err)
	}
	// Output: client: invalid option: give only one of After, Before and FromEnd
}
