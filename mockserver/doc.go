// Package mockserver is an offline, stateful stand-in for the Diga API. It
// implements the strict server generated from Diga's OpenAPI document and
// answers as the real service is documented, or assumed, to answer; [Behaviours]
// says on what evidence. Every request is validated against the document, and so
// is every answer: one that breaks it is never sent.
//
// In a test, [Start] gives a server of the test's own:
//
//	srv := mockserver.Start(t)
//	client := srv.Client(mockserver.UnrestrictedKey)
//	resp, err := client.Get(srv.URL() + "/v1/api_key/")
//
// A [Project] made with [Server.CreateProject] is isolated from all others: its
// keys, faults, journal and clock are its own. The control API under /_mock/ has
// the same powers over HTTP.
//
// In a program, [New] makes a [Server], an [http.Handler] that
// [Server.Serve] can also put on a listener and [Server.Transport] can ask in
// process.
package mockserver
