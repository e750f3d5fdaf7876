// Package coverage counts what of an OpenAPI document has been exercised:
// operations, their parameters and the boundaries and values of these, statuses,
// and the properties and values of bodies.
//
// [Coverage.Record] takes a [contract.Exchange], so that whatever judges traffic
// feeds it: contract.Observe(c.Record) for a Middleware and a Transport, and a
// plain call for traffic that was recorded.
//
// # What counts
//
// An exchange is counted when its operation is documented, its answer has a
// documented status, and the answer was judged. Anything else, such as a declared
// departure, a request that was never answered or a status the document does not
// list, raises [Operation].Calls and covers nothing. Violations take nothing
// away: a wrong answer was asked for all the same, and is told elsewhere.
//
//   - An operation is covered by one counted exchange, a status by one that has it.
//     `4XX` and `default` stand for what is not listed by itself.
//   - A parameter is covered when it was given at all.
//   - A boundary is covered when a value stood exactly on it, or when the
//     validator said of a value that it lies beyond: tried, whatever the answer
//     was. Left out is a boundary where the document has a default or requires
//     the parameter. Text has no null, so null is none.
//   - A value of an enum, true, false or null is covered when it was there.
//   - A property is covered when a JSON body held it, at that status.
//
// # What is planned
//
// References are followed, and what allOf, anyOf, oneOf, then, else and
// dependentSchemas say of the same value is put together. A schema inside
// itself is not entered again. Bodies other than JSON, objects in parameters
// (given or not is all that is seen of them), response headers and what stands
// under not, if and contains are left out.
//
// What a run that reads alone cannot reach is listed apart and not counted: see
// [UnsafeMethods] and [ServerErrors].
package coverage
