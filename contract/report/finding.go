package report

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/digakit/digakit/contract/spec"
)

// Severity says how much a finding matters.
type Severity string

// The severities. None is not one of a finding: as a threshold it means never.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Info    Severity = "info"
	None    Severity = "none"
)

// ParseSeverity reads error, warning, info or none.
func ParseSeverity(s string) (Severity, error) {
	switch v := Severity(s); v {
	case Error, Warning, Info, None:
		return v, nil
	}
	return "", fmt.Errorf("report: there is no severity %q: use error, warning, info or none", s)
}

// rank orders severities, the gravest highest.
func (s Severity) rank() int { return slices.Index([]Severity{Info, Warning, Error}, s) }

// AtLeast tells whether s matters as much as threshold; nothing reaches None.
func (s Severity) AtLeast(threshold Severity) bool {
	return threshold != None && s.rank() >= threshold.rank()
}

// Basis is what a finding rests on.
type Basis string

// The bases. A finding that rests on an assumption is at most a warning.
const (
	Documented Basis = "documented" // the document says so
	Assumed    Basis = "assumed"    // an assumption does: Finding.Assumption
)

// Finding is one thing that is not as it should be. Its texts hold no secret.
type Finding struct {
	Check       string   `json:"check"` // id of the check or drift rule
	Severity    Severity `json:"severity"`
	Basis       Basis    `json:"basis"`
	Operation   string   `json:"operation"` // operationId, or method and path; empty when none is concerned
	Method      string   `json:"method"`
	Path        string   `json:"path"`    // as the document has it: a template
	Status      int      `json:"status"`  // of the response; 0 when there was none
	Pointer     string   `json:"pointer"` // RFC 6901, into a body or document
	Keyword     string   `json:"keyword"` // of JSON Schema or OpenAPI
	Message     string   `json:"message"` // what is wrong
	Explanation string   `json:"explanation"`
	HowToFix    string   `json:"how_to_fix"`
	// Fingerprint is the same for the same finding in every run: 12 hex
	// digits made by Report.Add from what does not change between runs.
	Fingerprint string `json:"fingerprint"`
	Curl        string `json:"curl"` // repeats the request; empty when there is none

	// Assumption is the profile id behind the basis Assumed.
	Assumption string `json:"assumption,omitempty"`
	// Case names what was tried, such as "limit=0"; part of the fingerprint.
	Case string `json:"case,omitempty"`
	// Examples are other requests that show the same.
	Examples []Example `json:"examples,omitempty"`
	// Count is how often it was found; the first stands for all.
	Count int `json:"count"`
	// Base and Revision are where it stands in the two documents compared.
	Base     *Location `json:"base,omitempty"`
	Revision *Location `json:"revision,omitempty"`
	// Usage is how a caller's recorded calls are concerned; drift sets it.
	Usage *Usage `json:"usage,omitempty"`
	// Known is set when an entry of the known findings accepts it; it then
	// stays visible and no longer counts.
	Known *Known `json:"known,omitempty"`
}

// Example is another request that shows a finding.
type Example struct {
	Case string `json:"case"` // what was tried
	Curl string `json:"curl,omitempty"`
}

// Usage is what a change means to the calls that a caller was seen to make.
type Usage struct {
	Calls   int64  `json:"calls"`   // how many of them it concerns
	Message string `json:"message"` // "breaks 3 calls you make"
}

// String returns the message; empty of nil.
func (u *Usage) String() string {
	if u == nil {
		return ""
	}
	return u.Message
}

// rank puts what concerns many calls first, and what concerns none last.
func (u *Usage) rank() int64 {
	switch {
	case u == nil:
		return 0
	case u.Calls == 0:
		return -1
	}
	return u.Calls
}

// Location is a place in a document; lines and columns count from 1.
type Location struct {
	Source string `json:"source"` // file name or URL
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

// fingerprint leaves out texts, severity and the target, so that a better
// wording, another severity or another server keep the finding known. Indexes
// of arrays in a body do not count: items that are wrong alike are one finding.
func (f *Finding) fingerprint(tool string) string {
	pointer := f.Pointer
	if f.Base == nil && f.Revision == nil {
		pointer = spec.AnyIndex(pointer)
	}
	text, _ := json.Marshal([]any{tool, f.Check, f.Operation, f.Method, f.Path, f.Status, pointer, f.Keyword, f.Case}) // strings and ints marshal
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:6])
}
