// Package ledger gathers what exchanges of live and of recorded traffic came
// to, for the reports of contract/proxy and contract/har.
package ledger
