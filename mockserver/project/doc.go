// Package project is the domain behind the mock, with no HTTP in it: projects,
// the API keys they own, who a secret belongs to, and pages of keys in a total
// order.
//
// A [Store] holds projects; a [Project] holds its keys and is the unit of
// isolation. All methods are safe for concurrent use.
package project
