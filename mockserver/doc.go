// Package mockserver is an offline, stateful stand-in for the Diga API. It
// implements the strict server generated from Diga's OpenAPI document and
// answers as the real service is documented, or assumed, to answer.
//
// In a test:
//
//	srv := mockserver.Start(t)
//	client := srv.Client(mockserver.UnrestrictedKey)
//	resp, err := client.Get(srv.URL() + "/v1/api_key/")
//
// In a program, [New] makes a [Server], an [http.Handler] that
// [Server.Serve] can also put on a listener.
package mockserver
