package har

import "fmt"

// Error says that an archive cannot be read, and where.
type Error struct {
	Name    string // of the file; empty when none was given
	Offset  int64  // in bytes, from 0
	Line    int    // from 1
	Problem string // with the remedy
	Err     error  // of the reader; nil when the content is at fault
}

// Error names the place, the problem and the remedy.
func (e *Error) Error() string {
	text := "har: "
	if e.Name != "" {
		text += e.Name + ": "
	}
	return text + fmt.Sprintf("line %d, byte %d: %s", e.Line, e.Offset, e.Problem)
}

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }
