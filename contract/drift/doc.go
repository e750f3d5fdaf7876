// Package drift compares two OpenAPI documents and says what somebody who
// ships a client will notice.
//
// Both documents are put into normal form first ([spec.Document.Normalise]), so
// that what means the same compares equal. What then differs becomes findings:
// one for each change, at the place where it stands, however many operations
// reach that place. [Rules] is the table of what can be found. How a change in
// the branches of anyOf, oneOf or allOf and in conditions is to be judged is
// asked of oasdiff; all else is judged here.
//
// Nothing differs in silence: what no rule names is told as other-changed.
package drift
