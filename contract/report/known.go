package report

// Known is an entry of the known findings: this one is accepted, for a reason,
// until a day.
type Known struct {
	Fingerprint string `json:"fingerprint" yaml:"fingerprint"`
	Reason      string `json:"reason" yaml:"reason"`
	Expires     string `json:"expires,omitempty" yaml:"expires,omitempty"` // YYYY-MM-DD, the last day it holds; empty: for good
}
