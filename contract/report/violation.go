package report

import (
	"slices"

	"github.com/digakit/digakit/contract"
)

// Violation makes a finding of one violation of an exchange. The check is named
// as Schemathesis and Redocly name theirs. The finding has no Curl: who has the
// request's body adds it.
func Violation(x contract.Exchange, v contract.Violation) Finding {
	rule := ruleOf(v)
	f := Finding{
		Check: rule.check, Severity: Error, Basis: Documented,
		Status: v.Status, Pointer: v.Pointer, Keyword: v.Keyword,
		Message:     v.String(),
		Explanation: rule.explanation, HowToFix: v.HowToFix,
		Case: violationCase(v),
	}
	switch {
	case x.Operation != nil:
		f.Operation, f.Method, f.Path = x.Operation.Name(), x.Operation.Method, x.Operation.Path
	case x.Request != nil:
		f.Method, f.Path = x.Request.Method, x.Request.URL.EscapedPath()
	}
	return f
}

// violationCase tells apart violations at the same place: by kind and name, and,
// where a property is missing, by the message, which alone says which.
func violationCase(v contract.Violation) string {
	c := string(v.Kind)
	if v.Name != "" {
		c += " " + v.In + " " + v.Name
	}
	if v.Keyword == "required" || v.Keyword == "dependentRequired" {
		c += ": " + v.Message
	}
	return c
}

// Explanation says why a check of [Violation] matters; empty for other checks.
func Explanation(check string) string {
	i := slices.IndexFunc(violationRules, func(r violationRule) bool { return r.check == check })
	if i < 0 {
		return ""
	}
	return violationRules[i].explanation
}

// violationRule is how some kinds of violation are reported.
type violationRule struct {
	check, explanation string
	kinds              []contract.Kind
}

const checkUndocumented = "undocumented_endpoint"

// violationRules are all of them. The first is that of what else is wrong with a
// request, the second that of what else is wrong with a response.
var violationRules = []violationRule{
	{"request_conformance", "A request that breaks the document is refused by a server that keeps to it, or read in a way nobody promised.", nil},
	{
		"response_schema_conformance",
		"Callers, and code generated from the document, rely on the shape of the body; what departs from it is lost or fails to decode.", nil,
	},
	{
		"content_type_conformance", "Callers choose how to read a body by its media type; generated code reads documented ones alone.",
		[]contract.Kind{contract.KindMissingContentType, contract.KindUndocumentedContentType},
	},
	{
		"response_headers_conformance", "Callers rely on documented headers.",
		[]contract.Kind{contract.KindMissingHeader, contract.KindInvalidHeader, contract.KindUndeclaredHeader},
	},
	{
		checkUndocumented, "What the document does not have, no generated client can call and no check can judge.",
		[]contract.Kind{contract.KindUndocumentedPath, contract.KindUndocumentedMethod},
	},
	{
		"status_code_conformance", "Callers handle the documented statuses; generated code gives them no decoded body for another.",
		[]contract.Kind{contract.KindUndocumentedStatus},
	},
}

// ruleOf finds the rule of a violation.
func ruleOf(v contract.Violation) violationRule {
	i := slices.IndexFunc(violationRules, func(r violationRule) bool { return slices.Contains(r.kinds, v.Kind) })
	switch {
	case v.Side == contract.SideRequest && (i < 0 || violationRules[i].check != checkUndocumented):
		return violationRules[0]
	case i < 0:
		return violationRules[1]
	}
	return violationRules[i]
}
