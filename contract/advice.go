package contract

// advice says what to change, for each kind of violation.
var advice = map[Kind]string{
	KindUndocumentedPath:        "use a documented path, to the slash, or document this one",
	KindUndocumentedMethod:      "use a documented method, or document this one",
	KindMissingParameter:        "send the parameter",
	KindInvalidParameter:        "send a value that keeps the rule",
	KindMalformedParameter:      "percent-encode the value as UTF-8, in the style the document gives",
	KindBeyondInt64:             "send an integer that fits in 64 bits",
	KindRepeatedParameter:       "send the parameter once",
	KindUndeclaredParameter:     "drop the parameter, or document it",
	KindMissingContentType:      "set Content-Type to a documented media type",
	KindUndocumentedContentType: "use a documented media type, or document this one",
	KindUndocumentedStatus:      "answer with a documented status, or document this one",
	KindUnexpectedBody:          "send no body here",
	KindBodyTooLarge:            "send less, or raise the cap (MaxBody)",
	KindMissingBody:             "send the documented body",
	KindMalformedBody:           "send what the media type says, whole and in UTF-8",
	KindReadOnly:                "leave the property out of requests",
	KindWriteOnly:               "leave the property out of responses",
	KindUndeclaredProperty:      "drop the property, or document it",
	KindDuplicateKey:            "give each key once",
	KindTrailingBytes:           "end the body where its JSON value ends",
	KindUndeclaredHeader:        "drop the header, or document it",
	KindCannotJudge:             "send it in a form that can be judged",
	KindMoreViolations:          "correct the ones listed first",
}

// howToFix is advice, and the same for all other kinds. In a response it is the
// server that departs, or the document that is behind.
func howToFix(side Side, kind Kind) string {
	if text, ok := advice[kind]; ok {
		return text
	}
	if side == SideResponse {
		return "make the server keep the rule, or correct the document"
	}
	return "send a value that keeps the rule"
}
