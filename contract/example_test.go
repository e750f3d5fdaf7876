package contract_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"

	"github.com/digakit/digakit/contract"
)

const document = `
openapi: 3.1.0
info: {title: Greeter, version: "1"}
paths:
  /greetings:
    get:
      operationId: greet
      parameters: [{name: times, in: query, schema: {type: integer, minimum: 1}}]
      responses:
        "200":
          description: ok
          content:
            application/json:
              schema: {type: object, required: [hello], properties: {hello: {type: string}}}
`

// A validator judges what one holds in hand.
func ExampleValidator() {
	v, err := contract.New([]byte(document), contract.Strict())
	if err != nil {
		fmt.Println(err)
		return
	}
	r := httptest.NewRequest("GET", "/greetings?times=0&colour=red", nil)
	o, _, err := v.Route(r.Method, r.URL.EscapedPath())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, violation := range v.Request(o, r, nil) {
		fmt.Println(violation)
	}
	header := http.Header{"Content-Type": {"application/json"}}
	for _, violation := range v.Response(o, 200, header, []byte(`{"hello":5}`)) {
		fmt.Println(violation)
	}
	// Output:
	// request query colour: must not be there: the document declares no such parameter
	// request query times: must be >= 1
	// response body /hello: must be a string
}

// The middleware stands around a whole server. Here it only watches.
func ExampleValidator_Middleware() {
	v, err := contract.New([]byte(document))
	if err != nil {
		fmt.Println(err)
		return
	}
	api := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"hallo":"world"}`)
	})
	server := v.Middleware(api, contract.Observe(func(x contract.Exchange) {
		fmt.Println(x.Operation.ID, x.Status, x.Violations)
	}))
	server.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/greetings", nil))
	// Output:
	// greet 200 [response body: must have the property "hello"]
}

// With the two functions set, nothing that breaks the contract gets in or out.
func ExampleReplaceResponses() {
	v, err := contract.New([]byte(document))
	if err != nil {
		fmt.Println(err)
		return
	}
	api := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	server := v.Middleware(api,
		contract.RefuseRequests(func(w http.ResponseWriter, _ *http.Request, _ *contract.Operation, list []contract.Violation) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = fmt.Fprintf(w, `{"hello":"no: %s"}`, list[0].Message)
		}),
		contract.ReplaceResponses(func(w http.ResponseWriter, _ *http.Request, _ *contract.Operation, status int, list []contract.Violation) {
			http.Error(w, fmt.Sprintf("held back a %d: %s", status, list[0].Message), http.StatusInternalServerError)
		}))
	for _, target := range []string{"/greetings?times=0", "/greetings"} {
		rec := httptest.NewRecorder()
		server.ServeHTTP(rec, httptest.NewRequest("GET", target, nil))
		fmt.Println(rec.Code, rec.Body)
	}
	// Output:
	// 200 {"hello":"no: must be >= 1"}
	// 500 held back a 418: must be a documented status (200), not 418
}

// Wrong use: a middleware inside a router sees what the router hands it, not
// what the client gets. Errors the router answers itself pass it by.
func ExampleValidator_Middleware_insideARouter() {
	v, err := contract.New([]byte(document))
	if err != nil {
		fmt.Println(err)
		return
	}
	seen := 0
	inside := v.Middleware(http.NotFoundHandler(), contract.Observe(func(contract.Exchange) { seen++ }))
	router := http.NewServeMux()
	router.Handle("GET /greetings", inside)
	router.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("POST", "/greetings", nil)) // the router says 405
	fmt.Println("exchanges seen:", seen)
	// Output:
	// exchanges seen: 0
}

// A client with the transport cannot send a bad request, nor read a bad answer.
func ExampleValidator_Transport() {
	v, err := contract.New([]byte(document))
	if err != nil {
		fmt.Println(err)
		return
	}
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	client := &http.Client{Transport: v.Transport(nil)}
	for _, target := range []string{"/greetings?times=0", "/greetings"} {
		_, err := client.Get(server.URL + target)
		var broken *contract.Error
		if errors.As(err, &broken) {
			fmt.Println(errors.Is(err, contract.ErrRequest), errors.Is(err, contract.ErrResponse), broken.Violations)
		}
	}
	// Output:
	// true false [request query times: must be >= 1]
	// false true [response status: must be a documented status (200), not 404]
}

// testOfYours stands for the *testing.T of a test.
type testOfYours struct{}

func (testOfYours) Helper()                           {}
func (testOfYours) Errorf(format string, args ...any) { fmt.Printf(format+"\n", args...) }
func (testOfYours) Cleanup(func())                    {}

// In a test, code of yours calls a server through the transport: it runs as
// usual, and the test fails for what breaks the document.
func ExampleFailTest() {
	var t testOfYours // in a test: t *testing.T
	v, err := contract.New([]byte(document))
	if err != nil {
		fmt.Println(err)
		return
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"hello":5}`)
	}))
	defer server.Close()
	base := behind(server) // not needed in a test: the output below should be stable
	client := &http.Client{Transport: v.Transport(base, contract.FailTest(t))}
	for range 3 {
		resp, err := client.Get("http://greeter.example/greetings?times=2")
		if err != nil {
			fmt.Println(err)
			return
		}
		_ = resp.Body.Close()
	}
	// Output:
	// contract: GET /greetings (greet), answered 200, breaks the document:
	//   response body /hello: must be a string
	//     fix: make the server keep the rule, or correct the document
	//   repeat: curl -i 'http://greeter.example/greetings?times=2'
}

// behind sends requests for a made-up host to a server.
func behind(server *httptest.Server) http.RoundTripper {
	return &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, server.Listener.Addr().String())
	}}
}

// An answer outside the document on purpose is declared, and so not judged.
func ExampleDeclareDeparture() {
	v, err := contract.New([]byte(document))
	if err != nil {
		fmt.Println(err)
		return
	}
	api := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		contract.DeclareDeparture(r.Context(), "asked for a teapot")
		w.WriteHeader(http.StatusTeapot)
	})
	server := v.Middleware(api, contract.Observe(func(x contract.Exchange) {
		fmt.Println(x.Status, x.Departure, len(x.Violations))
	}))
	server.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/greetings", nil))
	// Output:
	// 418 asked for a teapot 0
}
