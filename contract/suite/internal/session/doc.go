// Package session sends calls to a target and judges what comes back.
//
// A [Session] is one run: [Session.Send] keeps the rate, waits when it is told to (429
// and Retry-After), bounds time and size, and puts every answer through the checks
// that each has to pass ([Always]). A [Check] is one thing to try, on each operation it
// is for: its run is given a [Probe], which sends calls of that operation and says how
// each case went: [Probe.Pass], [Probe.Skip] (it cannot be tried here, and why) or
// [Probe.Fail], which makes the finding with the command that repeats the request.
//
// What a check makes on the server, it has removed by what it appends to
// Session.Cleanup.
package session
