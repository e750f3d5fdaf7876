// Package proxy judges the traffic between clients and a real server against
// an OpenAPI document, from the middle:
//
//	p, err := proxy.New(upstream, validator)
//	http.ListenAndServe("127.0.0.1:4011", p)
//	// clients call http://127.0.0.1:4011 in place of the server
//	r := p.Report()
//
// By default it only observes: requests and answers pass as they are and when
// they come, and what breaks the document becomes a finding. With [Enforce]
// nothing that breaks the document gets through, either way.
//
// What passes is the same message, not the same bytes: headers that concern one
// connection (Connection, Keep-Alive, Transfer-Encoding and the like, RFC 9110,
// 7.6.1) are each connection's own. Host becomes the upstream's. Nothing else
// is added, taken or changed: no X-Forwarded-*, Forwarded or Via (those of the
// client pass), no User-Agent, no decompression. A redirect passes too; one to
// an absolute URL leads a client past the proxy, which a note tells.
//
// Not judged, and told so in the notes: connections upgraded to another
// protocol (WebSocket), Server-Sent Events, CORS preflight requests of
// documented paths, bodies in a content coding other than gzip, deflate, br and
// zstd, 304s to conditional requests (they stand for what the client holds),
// answers that break off.
//
// A Proxy reaches its one upstream and no other server: it refuses CONNECT and
// request targets in absolute form (RFC 9112, 3.2.2). It does not look at the
// Host header: who serves it to browsers guards against DNS rebinding outside.
package proxy
