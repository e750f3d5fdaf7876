// Package paging holds the checks of operations that list: walks, orders, cursors,
// numbered pages and their bounds, also while the list changes. A [pager] is a list under
// check, a [walk] what was met from one end of it to the other.
package paging
