// Package fault is misbehaviour on purpose: answers, delays and broken
// connections that a test orders from the mock, to see how a client bears them.
//
// A fault is data, a [Spec]. A [Set] holds those of one project, decides for
// each call whether one fires, and counts:
//
//	set := fault.NewSet(validator)
//	_, err := set.Add(fault.Spec{Status: 429, RetryAfter: new(1), Times: 2})
//	...
//	if d := set.Fire(fault.Request{Operation: op, Query: query, KeyID: key}); d != nil {
//		err = d.Serve(w, r, next) // err is for a log; the answer is done
//		return
//	}
//
// Nothing is random unless a fault says so, and then it is repeatable: each
// fault draws from its own generator, in the order of its calls. The same calls
// meet the same faults on every run.
//
// A fault answers with what the document says as far as it can: a documented
// status has its documented example. [Decision.Departure] tells when the answer
// leaves the document.
//
// # Broken connections and retries
//
// Go's http.Transport sends a GET again, silently and at once, when a connection
// it had used before breaks off without the first byte of an answer (as RFC
// 9110, section 9.2.2, allows for idempotent methods). Browsers and other clients do
// the same. So CONNECTION_RESET_BY_PEER or EMPTY_RESPONSE with times: 1 can stay
// invisible: the fault fires, the repeated call succeeds. To see it in the
// caller, leave times away, make it higher than the connections in the client's
// pool, or use a client without a pool (http.Transport.DisableKeepAlives).
package fault
