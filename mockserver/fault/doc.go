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
// Nothing is random unless a fault says so, and then it is repeatable: the same
// calls meet the same faults on every run.
//
// # Broken connections and retries
//
// Go's http.Transport, like browsers, sends a GET again, silently and at once, when
// a connection it had used before breaks off without the first byte of an answer
// (RFC 9110, section 9.2.2). So CONNECTION_RESET_BY_PEER or EMPTY_RESPONSE with
// times: 1 can stay invisible. To see it in the caller, leave times away, or use a
// client without a pool of connections (http.Transport.DisableKeepAlives).
package fault
