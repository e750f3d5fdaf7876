package report

import (
	"fmt"
	"time"
)

// Known is an entry of the known findings: this one is accepted, for a reason,
// until a day.
type Known struct {
	Fingerprint string `json:"fingerprint" yaml:"fingerprint"`
	Reason      string `json:"reason" yaml:"reason"`
	Expires     string `json:"expires,omitempty" yaml:"expires,omitempty"` // YYYY-MM-DD, the last day it holds; empty: for good
}

// Checks about the list of known findings itself. Their findings are infos.
const (
	KnownExpired = "known_finding_expired" // an entry holds no more; its finding counts again
	KnownUnused  = "known_finding_unused"  // an entry matched no finding of this run
)

// aboutKnown tells whether a check is about the list of known findings.
func aboutKnown(check string) bool { return check == KnownExpired || check == KnownUnused }

// expired tells whether the entry's last day is before today, as today's
// location has it.
func (k Known) expired(today time.Time) bool {
	return k.Expires != "" && k.Expires < today.Format(time.DateOnly)
}

// Accept marks the findings that have an entry in known; they stay visible and
// no longer count. An expired entry accepts nothing. Expired entries of findings
// that are there, and entries that matched none, are told as infos; of an empty
// run nothing can be said. Call it once, when all findings have been added and
// before [Report.Finish].
func (r *Report) Accept(known []Known, today time.Time) {
	if r.Empty() {
		return
	}
	at := make(map[string]int, len(r.Findings))
	for i := range r.Findings {
		at[r.Findings[i].Fingerprint] = i
	}
	for _, k := range known {
		i, found := at[k.Fingerprint]
		switch {
		case !found:
			r.Add(Finding{
				Check: KnownUnused, Severity: Info, Case: k.Fingerprint,
				Message:     fmt.Sprintf("the known finding %s was not found in this run (its reason: %s)", k.Fingerprint, k.Reason),
				Explanation: "An entry that matches nothing either has been mended, or belongs to another run: a fingerprint names the tool, the check, the operation and the case.",
				HowToFix:    "Remove the entry from the list of known findings if what it accepted is mended.",
			})
		case k.expired(today):
			r.Add(Finding{
				Check: KnownExpired, Severity: Info, Case: k.Fingerprint,
				Message:     fmt.Sprintf("the known finding %s is accepted no more: its last day was %s (its reason: %s)", k.Fingerprint, k.Expires, k.Reason),
				Explanation: "A finding is accepted until a day, so that somebody looks at it again.",
				HowToFix:    "Mend what was found, or give the entry a later day and say why.",
			})
		default:
			r.Findings[i].Known = &k
		}
	}
}
