package coverage

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// Report is the counts at one moment, as data. Its JSON is what digakit reports
// and the mock's control API answers; fields may be added.
type Report struct {
	Covered int `json:"covered"` // how many of Total have a count
	Total   int `json:"total"`   // all that is within reach, each thing once
	// Percentage is Percent with one decimal, rounded down: 100 means all.
	Percentage float64     `json:"percentage"`
	Totals     Totals      `json:"totals"`
	Operations []Operation `json:"operations"` // in the document's order
	// Missing is what is within reach and was not covered, Unreachable what
	// was left out of Total. Everything of an operation out of reach is one entry.
	// Each lists the first 10,000: of what is missing there is Total less Covered.
	Missing     []Gap `json:"missing"`
	Unreachable []Gap `json:"unreachable"`
}

// ParseReport reads a Report from its JSON, or from the JSON of a report of digakit
// that holds one as "coverage".
func ParseReport(data []byte) (*Report, error) {
	var read struct {
		Report
		Coverage *Report `json:"coverage"`
	}
	if err := json.Unmarshal(data, &read); err != nil {
		return nil, fmt.Errorf("coverage: %w", err)
	}
	if read.Coverage == nil {
		read.Coverage = &read.Report
	}
	if len(read.Coverage.Operations) == 0 {
		return nil, errors.New(`coverage: there are no "operations" in it: give what GET /_mock/projects/{id}/coverage answers, the --format json of verify or proxy, or a coverage.Report as JSON`)
	}
	return read.Coverage, nil
}

// Totals are Covered and Total of each dimension; they add up to the Report's.
type Totals struct {
	Operations Share `json:"operations"`
	Parameters Share `json:"parameters"`
	Boundaries Share `json:"boundaries"`
	Statuses   Share `json:"statuses"`
	Properties Share `json:"properties"` // of requests and responses
	Values     Share `json:"values"`     // of enums in parameters and bodies; true, false and null of bodies
}

// Share says how much of what there is was covered.
type Share struct {
	Covered int `json:"covered"`
	Total   int `json:"total"`
}

// Operation is what was counted of one operation.
type Operation struct {
	Operation   string `json:"operation"` // operationId, or method and path
	Method      string `json:"method"`
	Path        string `json:"path"`
	Calls       int64  `json:"calls"`                 // exchanges of any outcome
	Counted     int64  `json:"counted"`               // those of them that cover something
	Unreachable string `json:"unreachable,omitempty"` // why nothing of it is in Total
	// Bases are how many answers of a mock rested on what: handwritten, inferred,
	// sampled, override.
	Bases map[string]int64 `json:"bases,omitempty"`
	// Bounded says that its bodies are described by more than 5000 properties and
	// values; those beyond are not planned.
	Bounded    bool        `json:"bounded,omitempty"`
	Totals     Totals      `json:"totals"`
	Statuses   []Status    `json:"statuses"`
	Parameters []Parameter `json:"parameters"`
	Properties []Item      `json:"properties"` // of the request's body
	Values     []Values    `json:"values"`     // of the request's body
}

// Item is one thing to cover. Count is how many exchanges covered it, except for
// properties and values of bodies: these are 1 once a body held them, since a body
// that adds nothing is not looked into.
type Item struct {
	Name        string `json:"name"`
	Count       int64  `json:"count"`
	Unreachable string `json:"unreachable,omitempty"` // why it is not in Total
}

// Parameter is one parameter, and whether it was given at all.
type Parameter struct {
	Item
	In         string `json:"in"` // query, header, path or cookie
	Boundaries []Item `json:"boundaries"`
	Values     []Item `json:"values"`
}

// Status is one status as documented: 200, 4XX or default.
type Status struct {
	Item
	Properties []Item   `json:"properties"` // by path: data[].id
	Values     []Values `json:"values"`
}

// Values are the values documented for one place in a body.
type Values struct {
	Name  string `json:"name"` // path; empty: the body itself
	Items []Item `json:"items"`
}

// Gap is something that was not covered, in words.
type Gap struct {
	Operation string `json:"operation"`
	Method    string `json:"method"`
	Path      string `json:"path"`
	Dimension string `json:"dimension"`        // as in Totals: operations, parameters, …
	What      string `json:"what"`             // "query parameter limit was never maximum 1000"
	Reason    string `json:"reason,omitempty"` // why it cannot be reached
}

// Percent is how much of what is within reach was covered, 0 to 100. It is 0 when
// nothing is within reach.
func (r *Report) Percent() float64 {
	return Share{r.Covered, r.Total}.percent()
}

func (s Share) percent() float64 { return 100 * float64(s.Covered) / float64(max(s.Total, 1)) }

// Empty tells whether nothing was exercised at all: no exchange was counted. An
// empty run is never a pass.
func (r *Report) Empty() bool {
	return !slices.ContainsFunc(r.Operations, func(o Operation) bool { return o.Counted > 0 })
}

func (t *Totals) add(other Totals) {
	for i, share := range other.all() {
		into := t.all()[i]
		into.Covered += share.Covered
		into.Total += share.Total
	}
}

// all lists the dimensions in the order of dimensions.
func (t *Totals) all() []*Share {
	return []*Share{&t.Operations, &t.Parameters, &t.Boundaries, &t.Statuses, &t.Properties, &t.Values}
}

// sum adds the dimensions up.
func (t *Totals) sum() (all Share) {
	for _, share := range t.all() {
		all.Covered += share.Covered
		all.Total += share.Total
	}
	return all
}
