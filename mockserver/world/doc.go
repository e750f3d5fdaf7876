// Package world is the powers of a test author over the mock's projects, with no
// HTTP in it: making and removing projects, keys and members; faults; what was
// asked; the clock; snapshots and resets. The control API and the Go fixture are
// two doors to it and do the same.
package world
