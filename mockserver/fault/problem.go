package fault

import "strings"

// Problem is one mistake in a [Spec]. It holds no value of a body.
type Problem struct {
	Field  string `json:"field"`  // such as delayDistribution.maxValue; empty: the fault as a whole
	Rule   string `json:"rule"`   // what must hold
	Remedy string `json:"remedy"` // what to do about it
}

// String returns the problem in one line.
func (p Problem) String() string {
	subject := p.Field
	if subject == "" {
		subject = "a fault"
	}
	return subject + " " + p.Rule + " (" + p.Remedy + ")"
}

// SpecError tells all that is wrong with a [Spec], in the order of its fields.
type SpecError struct {
	Problems []Problem // never empty
}

// Error names all problems.
func (e *SpecError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.String()
	}
	return "fault: " + strings.Join(lines, "; ")
}

// problems collects.
type problems []Problem

// want adds a problem unless ok.
func (p *problems) want(ok bool, field, rule, remedy string) {
	if !ok {
		*p = append(*p, Problem{field, rule, remedy})
	}
}

func (p *problems) err() error {
	if len(*p) == 0 {
		return nil
	}
	return &SpecError{*p}
}
