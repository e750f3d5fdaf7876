package fault

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/digakit/digakit/contract"
)

// Bounds on a Spec.
const (
	// MaxDelay bounds each of fixedDelayMilliseconds, delayDistribution and
	// chunkedDribbleDelay.
	MaxDelay = 10 * time.Minute
	MaxSize  = 1 << 20 // of a Spec as JSON, in bytes

	maxDelayMilliseconds = int(MaxDelay / time.Millisecond)
	maxChunks            = 10_000
)

// Validate returns a [*SpecError] with everything that is wrong, or nil. match.operation
// must be one of operations. Refused are also combinations that contradict each other,
// such as `fault` with anything about an answer, and a fault that would do nothing.
func (s Spec) Validate(operations []*contract.Operation) error {
	var p mistakes
	s.Match.check(&p, operations)
	s.checkAnswer(&p)
	p.want(s.Times >= 0, "times", "must be at least 1", "leave it out to fire for ever")
	p.want(s.Skip >= 0, "skip", "must not be negative", "give the number of calls to let pass")
	p.want(s.Probability == nil || *s.Probability >= 0 && *s.Probability <= 1, "probability", "must be 0 to 1", "0.1 fires on one call in ten")
	s.checkDelays(&p)
	p.want(s.Kind == "" || slices.Contains(Kinds(), s.Kind), "fault", "must be one of "+strings.Trim(strings.ReplaceAll(fmt.Sprint(Kinds()), " ", ", "), "[]"), "choose one of them")
	for _, f := range s.ofAnswer() {
		p.want(s.Kind == "" || !f.given, f.name, "must not stand beside fault, which sends no answer", "leave one of them out")
	}
	p.want(s.acts(), "", "must do something", "give one of status, body, fault, fixedDelayMilliseconds, delayDistribution, chunkedDribbleDelay, truncateBodyAtFraction")
	p.want(s.size() <= MaxSize, "", fmt.Sprintf("must not be larger than %d bytes of JSON", MaxSize), "shorten the body")
	return p.err()
}

func (m Match) check(p *mistakes, operations []*contract.Operation) {
	if m.Operation != "" && !slices.ContainsFunc(operations, m.names) {
		names := make([]string, len(operations))
		for i, op := range operations {
			names[i] = op.Name()
		}
		use := strings.Join(names, ", ")
		if len(names) > 10 {
			use = fmt.Sprintf("the operationIds, or METHOD and /path, of the document's %d operations", len(names))
		}
		p.want(false, "match.operation", "must be a documented operation", "use one of "+use+", or leave it out to match all")
	}
	if m.KeyID != "" {
		id, err := uuid.Parse(m.KeyID)
		p.want(err == nil && len(m.KeyID) == len(uuid.Nil.String()) && id != uuid.Nil, "match.key_id", "must be a UUID", "use the id of an API key, or leave it out to match all")
	}
}

func (s Spec) checkAnswer(p *mistakes) {
	p.want(s.Status == 0 || (s.Status >= 200 && s.Status <= 599), "status", "must be 200 to 599", "use the status of a final answer")
	p.want(s.Body == nil || json.Valid(s.Body), "body", "must be a JSON value", "put text that is not JSON into a JSON string; it is sent as it is")
	p.want(s.RetryAfter == nil || *s.RetryAfter >= 0, "retry_after", "must not be negative", "give seconds")
	fraction := s.TruncateBodyAtFraction
	p.want(fraction == nil || *fraction >= 0 && *fraction < 1, "truncateBodyAtFraction", "must be at least 0 and less than 1", "0.5 sends half of the body")
	for _, f := range s.ofAnswer() {
		ofError := f.name == "error_code" || f.name == "message"
		if f.given && s.Kind == "" && f.name != "status" {
			p.want(!ofError || s.Body == nil, f.name, "must not stand beside body", "write it into the body")
			p.want(!ofError && f.name != "retry_after" || s.Status != 0, f.name, "must stand beside a status", "give a status, such as 503")
			p.want(f.name == "retry_after" || !bodiless(s.Status), f.name, "must not stand beside this status, which has no body in HTTP", "leave it out, or use another status")
		}
	}
}

// given is a field of a Spec, and whether it is there.
type given struct {
	name  string
	given bool
}

// ofAnswer returns the fields about an answer.
func (s Spec) ofAnswer() []given {
	return []given{
		{"status", s.Status != 0}, {"body", s.Body != nil}, {"error_code", s.ErrorCode != ""}, {"message", s.Message != ""},
		{"retry_after", s.RetryAfter != nil}, {"chunkedDribbleDelay", s.ChunkedDribbleDelay != nil},
		{"truncateBodyAtFraction", s.TruncateBodyAtFraction != nil},
	}
}

func (s Spec) checkDelays(p *mistakes) {
	bound := fmt.Sprintf("must be 0 to %d", maxDelayMilliseconds)
	p.want(s.FixedDelayMilliseconds >= 0 && s.FixedDelayMilliseconds <= maxDelayMilliseconds, "fixedDelayMilliseconds", bound, "give milliseconds")
	if s.DelayDistribution != nil {
		s.DelayDistribution.check(p)
	}
	if d := s.ChunkedDribbleDelay; d != nil {
		p.want(d.NumberOfChunks >= 1 && d.NumberOfChunks <= maxChunks, "chunkedDribbleDelay.numberOfChunks", fmt.Sprintf("must be 1 to %d", maxChunks), "give the number of parts to send the body in")
		p.want(d.TotalDuration >= 0 && d.TotalDuration <= maxDelayMilliseconds, "chunkedDribbleDelay.totalDuration", bound, "give milliseconds")
	}
}

func (d Distribution) check(p *mistakes) {
	const at = "delayDistribution."
	longest := float64(maxDelayMilliseconds)
	absent := func(field string, value float64) {
		p.want(value == 0, at+field, "must not stand in a "+d.Type+" distribution", "leave it out, or change the type")
	}
	switch d.Type {
	case LogNormal:
		p.want(d.Median > 0 && d.Median <= longest, at+"median", fmt.Sprintf("must be more than 0, at most %d", maxDelayMilliseconds), "give milliseconds")
		p.want(d.Sigma >= 0 && d.Sigma <= 10, at+"sigma", "must be 0 to 10", "0.1 is a narrow distribution, 0.4 has a long tail")
		p.want(d.MaxValue == 0 || (d.MaxValue >= d.Median && d.MaxValue <= longest), at+"maxValue", fmt.Sprintf("must be at least the median, at most %d", maxDelayMilliseconds), "raise it, or leave it out")
		absent("lower", d.Lower)
		absent("upper", d.Upper)
	case Uniform:
		absent("median", d.Median)
		absent("sigma", d.Sigma)
		absent("maxValue", d.MaxValue)
		p.want(d.Lower >= 0 && d.Lower <= longest, at+"lower", fmt.Sprintf("must be 0 to %d", maxDelayMilliseconds), "give milliseconds")
		p.want(d.Upper > 0 && d.Upper >= d.Lower && d.Upper <= longest, at+"upper", fmt.Sprintf("must be more than 0, at least lower, at most %d", maxDelayMilliseconds), "give milliseconds")
	default:
		p.want(false, at+"type", "must be "+LogNormal+" or "+Uniform, "choose one of them")
	}
}

// acts says whether the fault has an effect when it fires.
func (s Spec) acts() bool {
	return s.Kind != "" || s.FixedDelayMilliseconds != 0 || s.DelayDistribution != nil ||
		slices.ContainsFunc(s.ofAnswer(), func(f given) bool { return f.given })
}

// answers says whether the fault has an answer of its own.
func (s Spec) answers() bool { return s.Status != 0 || s.Body != nil }

// size is that of the Spec as JSON; one that cannot be JSON has other mistakes.
func (s Spec) size() int {
	data, err := json.Marshal(s)
	if err != nil {
		return len(s.Body)
	}
	return len(data)
}

// bodiless says whether HTTP rules a body out (RFC 9110, 15.3.5, 15.3.6, 15.4.5).
func bodiless(status int) bool {
	return status == http.StatusNoContent || status == http.StatusResetContent || status == http.StatusNotModified
}

// names reports whether Operation is op.
func (m Match) names(op *contract.Operation) bool {
	return m.Operation == op.ID || m.Operation == op.Method+" "+op.Path
}

// Mistake is one mistake in a [Spec]. It holds no value of a body.
type Mistake struct {
	Field  string `json:"field"`  // such as delayDistribution.maxValue; empty: the fault as a whole
	Rule   string `json:"rule"`   // what must hold
	Remedy string `json:"remedy"` // what to do about it
}

// String returns the mistake in one line.
func (m Mistake) String() string {
	return cmp.Or(m.Field, "a fault") + " " + m.Rule + " (" + m.Remedy + ")"
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
