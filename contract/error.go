package contract

import (
	"errors"
	"strconv"
	"strings"
)

// What the Kind of an [Error] is.
var (
	// ErrRequest: the request was not sent.
	ErrRequest = errors.New("contract: request breaks the contract")
	// ErrResponse: the request was sent and answered; its effects stand.
	ErrResponse = errors.New("contract: response breaks the contract")
)

// Error is what a [Validator.Transport] returns for an exchange that breaks
// the contract. net/http wraps it in a *url.Error: use errors.As.
type Error struct {
	Kind       error      // which half of the exchange: ErrRequest or ErrResponse
	Operation  *Operation // nil when none matched
	Status     int        // of the response; 0 for ErrRequest
	Violations []Violation
}

// Unwrap returns Kind.
func (e *Error) Unwrap() error { return e.Kind }

// Error names the first violations. It holds no value of the payload.
func (e *Error) Error() string {
	const shown = 3
	var lines []string
	for _, v := range e.Violations[:min(shown, len(e.Violations))] {
		lines = append(lines, v.String())
	}
	text := e.Kind.Error()
	if e.Operation != nil {
		text += " (" + e.Operation.Name() + ")"
	}
	text += ": " + strings.Join(lines, "; ")
	if more := len(e.Violations) - shown; more > 0 {
		text += "; and " + strconv.Itoa(more) + " more"
	}
	return text
}
