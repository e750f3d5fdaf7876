// Package guard keeps other people's web pages, and other people, away from a
// mock server. It goes around everything else the server does:
//
//	g, err := guard.New(guard.Config{Addr: listener.Addr().String()})
//	server.Handler = g.Wrap(mux)
//
// What it does, in this order:
//
//   - Host: only requests for a host that is allowed are served, so that a name
//     whose DNS entry is turned to this machine (DNS rebinding) leads nowhere.
//   - Site: a request to the control API, everything under [Prefix], that a
//     browser sends on behalf of another origin is refused, unless that origin
//     is allowed.
//   - CORS: pages of any origin may use the API, those of loopback and of allowed
//     origins with the browser's credentials, which nothing reads; pages of allowed
//     origins may use the control API. Preflight requests end here.
//   - Token: the control API of a server that other machines can reach wants a
//     bearer token.
//
// Each refusal is a 403 with a problem document (RFC 9457) that says why, and
// how to allow what was refused.
package guard
