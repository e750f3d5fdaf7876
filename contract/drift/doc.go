// Package drift compares two OpenAPI documents and says what somebody who
// ships a client will notice.
//
// Both documents are put into normal form first ([spec.Document.Normalise]), so
// that what means the same compares equal. What then differs becomes findings:
// one for each change, at the place where it stands, however many operations
// reach that place. [Rules] is the table of what can be found. Schemas are
// compared by what they admit, as they are sent: a readOnly property is not
// looked at in a request, nor a writeOnly one in an answer.
//
// Nothing differs in silence: what no rule names is told as other-changed.
package drift
