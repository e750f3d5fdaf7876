package proxy_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/proxy"
)

// A proxy between clients and a server, which leaves out what the document
// promises.
func ExampleNew() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"hallo":"world"}`)
	}))
	defer server.Close()
	v, err := contract.New([]byte(document))
	if err != nil {
		fmt.Println(err)
		return
	}
	upstream, err := url.Parse(server.URL)
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := proxy.New(upstream, v)
	if err != nil {
		fmt.Println(err)
		return
	}
	front := httptest.NewServer(p)
	resp, err := http.Get(front.URL + "/greetings")
	if err != nil {
		fmt.Println(err)
		return
	}
	body, _ := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	fmt.Printf("%d %s\n", resp.StatusCode, body)
	front.Close() // waits for what is under way
	for _, f := range p.Report().Findings {
		fmt.Println(f.Check, f.Operation, f.Message)
	}
	// Output:
	// 200 {"hallo":"world"}
	// response_schema_conformance greet response body: must have the property "hello"
}

// With Enforce, nothing that breaks the document gets through.
func ExampleEnforce() {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	v, err := contract.New([]byte(document))
	if err != nil {
		fmt.Println(err)
		return
	}
	upstream, err := url.Parse(server.URL)
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := proxy.New(upstream, v, proxy.Enforce())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, target := range []string{"/greetings?times=0", "/greetings"} {
		rec := httptest.NewRecorder()
		p.ServeHTTP(rec, httptest.NewRequest("GET", target, nil))
		fmt.Println(rec.Code, rec.Header().Get("sl-violations"))
	}
	// Output:
	// 422 [{"location":["request","query","times"],"severity":"Error","code":"minimum","message":"must be >= 1"}]
	// 502 [{"location":["response","status"],"severity":"Error","code":"responses","message":"must be a documented status (200, 204), not 404"}]
}
