// Package call derives from an OpenAPI document what can be sent to a server:
// values of parameters, and calls that carry them. It sends nothing.
//
// A [Document] knows the operations, the plan of what each is for, and what answers
// have shown so far ([Document.Learn]): what names something (an id in the path, a
// cursor) is taken from there. [Document.Values] lists the valid values of a parameter,
// at its boundaries first, [Document.Invalid] values that are certainly none,
// [Document.Required] the required parameters with a value each. A [Setting] gives a
// parameter a value; [Compose] makes a [Call] of settings.
//
// Values are made from the schema and then shown to the validator, so that none is
// called wrong that is not.
package call
