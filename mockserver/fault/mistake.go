package fault

import "strings"

// Mistake is one mistake in a [Spec]. It holds no value of a body.
type Mistake struct {
	Field  string `json:"field"`  // such as delayDistribution.maxValue; empty: the fault as a whole
	Rule   string `json:"rule"`   // what must hold
	Remedy string `json:"remedy"` // what to do about it
}

// String returns the mistake in one line.
func (m Mistake) String() string {
	subject := m.Field
	if subject == "" {
		subject = "a fault"
	}
	return subject + " " + m.Rule + " (" + m.Remedy + ")"
}

// SpecError tells all that is wrong with a [Spec], in the order of its fields.
type SpecError struct {
	Mistakes []Mistake // never empty
}

// Error names all mistakes.
func (e *SpecError) Error() string {
	lines := make([]string, len(e.Mistakes))
	for i, m := range e.Mistakes {
		lines[i] = m.String()
	}
	return "fault: " + strings.Join(lines, "; ")
}

// mistakes collects.
type mistakes []Mistake

// want adds a mistake unless ok.
func (m *mistakes) want(ok bool, field, rule, remedy string) {
	if !ok {
		*m = append(*m, Mistake{field, rule, remedy})
	}
}

func (m *mistakes) err() error {
	if len(*m) == 0 {
		return nil
	}
	return &SpecError{*m}
}
