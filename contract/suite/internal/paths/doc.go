// Package paths holds the checks of what lies beside the documented operations:
// other methods, other paths, the slash at the end.
package paths
