package spec

// Error says what is wrong with a source, where, and what to do about it.
type Error struct {
	// Position is the place; its Line is 0 when the source as a whole is meant.
	Position Position
	// Pointer is the RFC 6901 pointer into the document, when there is one.
	Pointer string
	// Message names the thing and the rule, HowToFix the remedy.
	Message, HowToFix string
	// Err is the cause; may be nil.
	Err error
}

// Error writes everything on one line.
func (e *Error) Error() string { return "spec: " + e.line() }

func (e *Error) line() (text string) {
	if e.Position.Source != "" || e.Position.Line > 0 {
		text = e.Position.String() + ": "
	}
	text += e.Message
	if e.Pointer != "" {
		text += " (at " + e.Pointer + ")"
	}
	if e.HowToFix != "" {
		text += "; " + e.HowToFix
	}
	return text
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

func (e *Error) because(err error) *Error {
	e.Err = err
	return e
}

// fail makes an Error at a node's place.
func (n *node) fail(message, howToFix string) *Error {
	return &Error{Position: n.position(), Message: message, HowToFix: howToFix}
}
