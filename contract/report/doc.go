// Package report is what digakit's commands tell: findings, what passed and what
// was skipped, in one form for verify, drift, proxy and recorded traffic alike.
//
// A command makes a [Report] with [New], adds to it as it goes, lets known
// findings be accepted with [Report.Accept], and ends it with [Report.Finish];
// what [Write] then writes is the same for the same findings, whatever the order in
// which they came.
//
// There is a format for each reader: text for people, json and ndjson for programs,
// junit for test reporters, github for annotations, sarif for code scanning and
// markdown for a job summary. All of them tell of known findings, too, and all say
// of an empty run that it is no pass.
package report
