package suite

import "slices"

// pagingChecks are the checks of operations that page. Those that look at every
// page come after those that ask for many.
func pagingChecks() []check {
	return slices.Concat(
		walkChecks(), orderChecks(), numberChecks(), cursorChecks(), moreChecks(), repeatChecks(),
		boundsChecks(), limitChecks(), assumedChecks(), keyChecks(), labKeyChecks(), labWalkChecks(),
	)
}
