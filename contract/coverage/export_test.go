package coverage

// Made counts what a Coverage has made so far for bodies: kinds of values, trees
// they may share, and counters that hold what came.
func Made(c *Coverage) (kinds, bodies, counters int) {
	counts := c.counts.Load()
	for i := range counts.bodies {
		if held := counts.bodies[i].Load(); held != nil {
			counters += len(held.at)
		}
	}
	return len(c.plan.requests.known) + len(c.plan.answers.known), len(c.plan.shared), counters
}
