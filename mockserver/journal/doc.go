// Package journal keeps what was asked and answered: the latest exchanges of
// one project, with every secret taken out before they are kept.
//
//	j, err := journal.New()
//	…
//	j.Record(journal.Exchange{Time: start, Duration: took, Request: r, Status: 200, …})
//	…
//	for _, e := range j.Entries(journal.Filter{Status: "4xx"}) {
//
// A test asks it what its program did:
//
//	journal.AssertRequested(t, j, journal.Want{Path: "/v1/api_key/", Query: map[string]string{"limit": "10"}})
//
// # What is left out
//
// Recording redacts; nothing unredacted is kept, not even for a moment after
// [Journal.Record] returns. Of a secret the last four characters stay, and of
// one shorter than twelve characters nothing. Redacted are
//
//   - the headers Authorization and Proxy-Authorization (a registered scheme
//     stays), those that hold a credential by their name, and the values in Cookie
//     and Set-Cookie;
//   - the values of query parameters that the operation does not declare or that
//     hold a credential, in the query and in the URLs of Location,
//     Content-Location and Referer;
//   - in bodies, the properties secret and admin_key, at any depth, also when
//     the JSON is cut short or invalid; the form fields of these names;
//   - the credential of the request's own Authorization wherever else the request
//     holds it literally.
//
// A body in a Content-Encoding, and a multipart or UTF-16 body that speaks of a
// secret, cannot be redacted and is left out.
package journal
