// Package har judges recorded traffic against an OpenAPI document: HTTP Archive
// 1.2 files, as browsers, proxies and test tools save them.
//
//	r, err := har.Judge(ctx, file, validator)
//
// An archive is what a program remembers of exchanges, not the exchanges: bodies
// are missing or cut, credentials are taken out, content codings are undone
// while their headers stand. What an archive does not hold is not judged, and
// never a finding; the notes of the report say how often and why.
package har
