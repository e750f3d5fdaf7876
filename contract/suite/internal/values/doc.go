// Package values holds the checks of what an operation takes: valid values
// accepted, invalid ones refused, and nothing hostile breaking it.
package values
