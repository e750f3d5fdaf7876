// Package contract says whether HTTP exchanges match an OpenAPI document.
//
// [New] compiles a document into a [Validator] once. Three doors lead to it,
// and none has checks of its own: [Validator.Request] and [Validator.Response]
// judge what a caller holds, [Validator.Middleware] stands around a server,
// [Validator.Transport] inside a client.
//
// The package knows no particular API and no web framework. OpenAPI 3.0 and
// 3.1, JSON Schema 2020-12; formats are assertions (uuid, date-time, date,
// email, uri, ipv4, ipv6, int32, int64, and the engine's other standard ones).
//
// Opaque to it, and never a violation: multipart, XML and binary bodies
// beyond their media type, callbacks, webhooks, links, credentials.
package contract
