// Package report is what digakit's commands tell: findings, what passed and what
// was skipped, in one form for verify, drift, proxy and recorded traffic alike.
//
// A command makes a [Report] with [New], adds to it as it goes, and ends it with
// [Report.Finish]; what is written then is the same for the same findings,
// whatever the order in which they came.
package report
