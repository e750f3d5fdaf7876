package contract

// howToFix says what to change, for each kind of violation. In a response it
// is the server that departs, or the document that is behind.
func howToFix(side Side, kind Kind) string {
	switch kind { //nolint:exhaustive // the rest share the advice at the end
	case KindUndocumentedPath:
		return "use a documented path, to the slash, or document this one"
	case KindUndocumentedMethod:
		return "use a documented method, or document this one"
	case KindMissingParameter:
		return "send the parameter"
	case KindInvalidParameter:
		return "send a value that keeps the rule"
	case KindMalformedParameter:
		return "percent-encode the value as UTF-8, in the style the document gives"
	case KindBeyondInt64:
		return "send an integer that fits in 64 bits"
	case KindRepeatedParameter:
		return "send the parameter once"
	case KindUndeclaredParameter:
		return "drop the parameter, or document it"
	case KindMissingContentType:
		return "set Content-Type to a documented media type"
	case KindUndocumentedContentType:
		return "use a documented media type, or document this one"
	case KindUndocumentedStatus:
		return "answer with a documented status, or document this one"
	case KindUnexpectedBody:
		return "send no body here"
	case KindBodyTooLarge:
		return "send less, or raise the cap (MaxBody)"
	case KindMissingBody:
		return "send the documented body"
	case KindMalformedBody:
		return "send what the media type says, whole and in UTF-8"
	case KindReadOnly:
		return "leave the property out of requests"
	case KindWriteOnly:
		return "leave the property out of responses"
	case KindUndeclaredProperty:
		return "drop the property, or document it"
	case KindDuplicateKey:
		return "give each key once"
	case KindTrailingBytes:
		return "end the body where its JSON value ends"
	case KindUndeclaredHeader:
		return "drop the header, document it, or allow it (AllowHeaders)"
	case KindCannotJudge:
		return "send it in a form that can be judged"
	case KindMoreViolations:
		return "correct the ones listed first"
	}
	if side == SideResponse {
		return "make the server keep the rule, or correct the document"
	}
	return "send a value that keeps the rule"
}
