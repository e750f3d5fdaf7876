package report

import (
	"github.com/digakit/digakit/contract"
)

// Violation makes a finding of one violation of an exchange. The check is named
// as Schemathesis and Redocly name theirs. The finding has no Curl: who has the
// request's body adds it.
func Violation(x contract.Exchange, v contract.Violation) Finding {
	rule := violationRules[v.Kind]
	if v.Side == contract.SideRequest && rule.check != checkUndocumented {
		rule = requestRule
	}
	place := v.In
	if v.Name != "" {
		place += " " + v.Name
	}
	if v.Pointer != "" {
		place += " " + v.Pointer
	}
	f := Finding{
		Check: rule.check, Severity: Error, Basis: Documented,
		Status: v.Status, Pointer: v.Pointer, Keyword: v.Keyword,
		Message:     string(v.Side) + " " + place + ": " + v.Message,
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
	for _, rule := range []violationRule{requestRule, bodyRule, typeRule, headerRule, endpointRule, statusRule} {
		if rule.check == check {
			return rule.explanation
		}
	}
	return ""
}

// violationRule is how a kind of violation is reported.
type violationRule struct{ check, explanation string }

const checkUndocumented = "undocumented_endpoint"

var (
	requestRule = violationRule{
		"request_conformance",
		"A request that breaks the document is refused by a server that keeps to it, or read in a way nobody promised.",
	}
	bodyRule = violationRule{
		"response_schema_conformance",
		"Callers, and code generated from the document, rely on the shape of the body; what departs from it is lost or fails to decode.",
	}
	typeRule = violationRule{
		"content_type_conformance",
		"Callers choose how to read a body by its media type; generated code reads documented ones alone.",
	}
	headerRule = violationRule{
		"response_headers_conformance",
		"Callers rely on documented headers.",
	}
	endpointRule = violationRule{
		checkUndocumented,
		"What the document does not have, no generated client can call and no check can judge.",
	}
	statusRule = violationRule{
		"status_code_conformance",
		"Callers handle the documented statuses; generated code gives them no decoded body for another.",
	}
)

var violationRules = map[contract.Kind]violationRule{
	contract.KindUndocumentedPath:        endpointRule,
	contract.KindUndocumentedMethod:      endpointRule,
	contract.KindUndocumentedStatus:      statusRule,
	contract.KindMissingContentType:      typeRule,
	contract.KindUndocumentedContentType: typeRule,
	contract.KindMissingHeader:           headerRule,
	contract.KindInvalidHeader:           headerRule,
	contract.KindUndeclaredHeader:        headerRule,
	contract.KindMissingBody:             bodyRule,
	contract.KindUnexpectedBody:          bodyRule,
	contract.KindMalformedBody:           bodyRule,
	contract.KindInvalidBody:             bodyRule,
	contract.KindUndeclaredProperty:      bodyRule,
	contract.KindDuplicateKey:            bodyRule,
	contract.KindTrailingBytes:           bodyRule,
	contract.KindReadOnly:                bodyRule,
	contract.KindWriteOnly:               bodyRule,
	contract.KindBodyTooLarge:            bodyRule,
	contract.KindCannotJudge:             bodyRule,
	contract.KindMoreViolations:          bodyRule,
	contract.KindMissingParameter:        requestRule,
	contract.KindInvalidParameter:        requestRule,
	contract.KindMalformedParameter:      requestRule,
	contract.KindBeyondInt64:             requestRule,
	contract.KindRepeatedParameter:       requestRule,
	contract.KindUndeclaredParameter:     requestRule,
}
