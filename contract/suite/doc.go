// Package suite is a table of checks to run against any server that claims to
// be the one an OpenAPI document describes.
//
// Two doors lead to the same table: [Run] makes a subtest of each check, [Check]
// returns a report. What is sent is derived from the document, so that a new
// operation or parameter is covered without new code; every answer is judged by
// the validator of package contract. Only GET, HEAD and OPTIONS are sent, unless
// Target.Unsafe or Target.Lab says otherwise.
//
// A check never guesses. What the data of the server cannot show is reported as
// skipped, with the reason; what the document leaves open is no finding; what
// rests on an assumption is at most a warning.
package suite
