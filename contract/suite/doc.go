// Package suite is a table of checks to run against any server that claims to
// be the one an OpenAPI document describes.
//
// Two doors lead to the same table: [Run] makes a subtest of each check, [Check]
// returns a report. What is sent is derived from the document, so that a new
// operation or parameter is covered without new code; every answer is judged by
// the validator of package contract. Only GET, HEAD and OPTIONS are sent, unless
// Target.Unsafe or Target.Lab says otherwise.
//
// Of every parameter the values at its boundaries are to be accepted and every
// kind of wrong value refused, one at a time, then two parameters together;
// credentials, methods and paths the document does not have are tried, and what
// nobody sends who means well. Values are made from the schema, and shown to the
// validator before they are sent, so that none is called wrong that is not. What
// names something (a cursor, an id in the path) is taken from earlier answers;
// where none showed one, the case is skipped. Two runs over the same data send the
// same requests in the same order, one at a time.
//
// A check never guesses. What the data of the server cannot show is reported as
// skipped, with the reason; what the document leaves open is no finding; what
// rests on an assumption is at most a warning.
//
// The files: what can be sent is made of the document in parameter.go, value.go
// and call.go; session.go, sender.go and answer.go send it and judge what every
// answer has to be; checks.json says what the checks are and check.go what
// they do, by functions in check_*.go that work with a probe. Checks of operations that page stand on
// paging.go besides, which knows what a list holds and whether it changes meanwhile.
package suite
