package guard_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/digakit/digakit/mockserver/guard"
)

func ExampleGuard_Wrap() {
	g, err := guard.New(guard.Config{Addr: "127.0.0.1:4010", AllowHosts: []string{"mock"}})
	if err != nil {
		panic(err)
	}
	handler := g.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if guard.IsControl(r) {
			fmt.Fprint(w, "the control API")
			return
		}
		fmt.Fprint(w, "the API")
	}))
	for _, ask := range []struct{ url, origin string }{
		{"http://localhost:4010/_mock/projects", ""},
		{"http://mock:4010/v1/api_key/", "https://anyone.example"},
		{"http://mock:4010/_mock/projects", "https://anyone.example"},
		{"http://rebound.example:4010/v1/api_key/", ""},
	} {
		r := httptest.NewRequest(http.MethodGet, ask.url, nil)
		if ask.origin != "" {
			r.Header.Set("Origin", ask.origin)
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code == http.StatusOK {
			fmt.Println(w.Body)
		} else {
			fmt.Println(w.Code, w.Header().Get("Content-Type"))
		}
	}
	// Output:
	// the control API
	// the API
	// 403 application/problem+json
	// 403 application/problem+json
}

// Wrong: a router outside the guard has already decided, and maybe redirected,
// when the guard looks at the request. Right: Wrap the router.
func ExampleGuard_Wrap_incorrect() {
	g, err := guard.New(guard.Config{Addr: "localhost"})
	if err != nil {
		panic(err)
	}
	control := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {})
	mux := http.NewServeMux()
	mux.Handle("/_mock/", g.Wrap(control))
	mux.HandleFunc("/v1/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "answered under any Host") })

	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://rebound.example:4010/v1/api_key/", nil))
	fmt.Println(w.Body)
	// Output: answered under any Host
}

func ExampleNew_mistakes() {
	_, err := guard.New(guard.Config{
		Addr:         "0.0.0.0:4010",
		AllowHosts:   []string{"mock:4010", "*"},
		AllowOrigins: []string{"*"},
	})
	fmt.Println(err)
	// Output:
	// guard: cannot allow the host "mock:4010": leave out the port, it does not matter
	// guard: cannot allow the host "*": that would let every web page reach this server by DNS rebinding; name each host
	// guard: cannot allow the origin "*": a pattern would open the control API to pages you do not know; name each origin
	// guard: other machines can reach the address "0.0.0.0:4010", so the control API needs a token; give one, or bind 127.0.0.1
}
