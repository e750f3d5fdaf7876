package contract

import (
	"cmp"
	"fmt"
	"slices"
)

// Side says which half of an exchange a violation stands in.
type Side string

// The two sides of an exchange.
const (
	SideRequest  Side = "request"
	SideResponse Side = "response"
)

// Kind says what sort of departure a violation is. Kinds are stable: other
// programs may store and compare them.
type Kind string

// Kinds of violations. Those marked (strict) are reported only with [Strict].
const (
	KindUndocumentedPath        Kind = "undocumented_path"         // no path template matches
	KindUndocumentedMethod      Kind = "undocumented_method"       // the path has no such method; HEAD is not implied by GET
	KindMissingParameter        Kind = "missing_parameter"         // a required parameter is absent
	KindInvalidParameter        Kind = "invalid_parameter"         // a parameter breaks its schema
	KindMalformedParameter      Kind = "malformed_parameter"       // bad percent-encoding, not UTF-8, or not in the documented style
	KindBeyondInt64             Kind = "beyond_int64"              // an integer parameter that fits its schema but not in 64 bits
	KindRepeatedParameter       Kind = "repeated_parameter"        // (strict) a scalar parameter given more than once
	KindUndeclaredParameter     Kind = "undeclared_parameter"      // (strict) a query parameter the operation does not have
	KindMissingBody             Kind = "missing_body"              // a body is documented and required, none was sent
	KindUnexpectedBody          Kind = "unexpected_body"           // a body where HTTP or the document has none
	KindMalformedBody           Kind = "malformed_body"            // not what its media type says: broken JSON, invalid UTF-8
	KindInvalidBody             Kind = "invalid_body"              // breaks its schema
	KindUndeclaredProperty      Kind = "undeclared_property"       // (strict) a property no applicable schema declares
	KindDuplicateKey            Kind = "duplicate_key"             // (strict) an object key given twice
	KindTrailingBytes           Kind = "trailing_bytes"            // (strict) something follows the JSON value
	KindReadOnly                Kind = "read_only"                 // a readOnly property in a request
	KindWriteOnly               Kind = "write_only"                // a writeOnly property in a response
	KindMissingContentType      Kind = "missing_content_type"      // a body without Content-Type
	KindUndocumentedContentType Kind = "undocumented_content_type" // a media type the document does not list
	KindUndocumentedStatus      Kind = "undocumented_status"       // a status the document does not list
	KindMissingHeader           Kind = "missing_header"            // a required response header is absent
	KindInvalidHeader           Kind = "invalid_header"            // a response header breaks its schema
	KindUndeclaredHeader        Kind = "undeclared_header"         // (strict) a response header neither documented nor standard
	KindBodyTooLarge            Kind = "body_too_large"            // over the cap of [MaxBody], before or after decompression
	KindCannotJudge             Kind = "cannot_judge"              // an unknown encoding, a number or nesting beyond all reason
	KindMoreViolations          Kind = "more_violations"           // stands for those beyond the first 100
)

// Violation is one departure of an exchange from the document.
//
// Its texts never hold a value of the payload: they name the rule, and the
// place by pointer. Names the sender chose (undeclared properties, undeclared
// parameters) are escaped and cut at 64 bytes.
type Violation struct {
	Side      Side   `json:"side"`
	Kind      Kind   `json:"kind"`
	Operation string `json:"operation,omitempty"` // operationId, else "GET /path"; empty when none matched
	Status    int    `json:"status,omitempty"`    // of the response judged; 0 in requests
	In        string `json:"in"`                  // query, header, path, cookie, body, status, method
	Name      string `json:"name,omitempty"`      // of the parameter or header
	Pointer   string `json:"pointer,omitempty"`   // RFC 6901, into the value of the parameter, header or body
	Keyword   string `json:"keyword,omitempty"`   // of JSON Schema or OpenAPI: "minimum", "required", "responses"
	Property  string `json:"-"`                   // that is missing, of the keyword required; Pointer is that of the object
	Message   string `json:"message"`
	HowToFix  string `json:"how_to_fix"`
}

// String returns one line: side, place, message.
func (v Violation) String() string {
	place := v.In
	if v.Name != "" {
		place += " " + v.Name
	}
	if v.Pointer != "" {
		place += " " + v.Pointer
	}
	return fmt.Sprintf("%s %s: %s", v.Side, place, v.Message)
}

// maxViolations bounds what one exchange may report per side.
const maxViolations = 100

// maxSorted bounds of how many those are the first: what comes after is counted alone.
const maxSorted = 10_000

// findings collects the violations of one side of one exchange.
type findings struct {
	side      Side
	operation string
	status    int
	list      []Violation
	more      int // than maxSorted
}

// full tells that nothing is listed any more, and counts what would be.
func (f *findings) full() bool {
	if len(f.list) < maxSorted {
		return false
	}
	f.more++
	return true
}

func (f *findings) add(v Violation) {
	v.Side, v.Operation, v.Status = f.side, f.operation, f.status
	if v.HowToFix == "" {
		v.HowToFix = howToFix(v.Side, v.Kind)
	}
	if !f.full() {
		f.list = append(f.list, v)
	}
}

// addAt adds what is wrong at a place.
func (f *findings) addAt(where Violation, kind Kind, keyword, message string) {
	where.Kind, where.Keyword, where.Message = kind, keyword, message
	f.add(where)
}

// result returns the violations in their stable order, without duplicates and
// bounded; nil when there are none.
func (f *findings) result() []Violation {
	if len(f.list) == 0 {
		return nil
	}
	slices.SortFunc(f.list, compareViolations)
	list := slices.Compact(f.list)
	if extra := len(list) - maxViolations + f.more; extra > 0 {
		f.list, f.more = list[:maxViolations:maxViolations], 0
		f.add(Violation{Kind: KindMoreViolations, In: "body", Message: fmt.Sprintf("%d more violations are not listed", extra)})
		return f.list
	}
	return list
}

func compareViolations(a, b Violation) int {
	return cmp.Or(
		cmp.Compare(a.Side, b.Side), cmp.Compare(a.In, b.In), cmp.Compare(a.Name, b.Name),
		cmp.Compare(a.Pointer, b.Pointer), cmp.Compare(a.Keyword, b.Keyword),
		cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Message, b.Message),
	)
}
