package drift

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/agnivade/levenshtein"

	"github.com/digakit/digakit/contract/report"
)

// Rule is a kind of change. Its id never changes its meaning; where the tool
// oasdiff has a rule for the same, it is oasdiff's id.
type Rule struct {
	ID       string          `json:"id"`
	Severity report.Severity `json:"severity"`
	Meaning  string          `json:"meaning"` // to a caller
	Remedy   string          `json:"remedy"`
}

// addition tells whether the rule is about something that the revision has beside
// all that the base has.
func (r Rule) addition() bool {
	return r.Severity != report.Error && (strings.Contains(r.ID, "-added") || strings.HasPrefix(r.ID, "new-optional-"))
}

// Rules returns the table of all rules, ordered by id.
func Rules() []Rule {
	return slices.SortedFunc(maps.Values(ruleSet()), func(a, b Rule) int { return strings.Compare(a.ID, b.ID) })
}

var ruleSet = sync.OnceValue(func() map[string]Rule {
	set := map[string]Rule{}
	for _, r := range plainRules() {
		for _, r.ID = range strings.Fields(r.ID) {
			set[r.ID] = r
		}
	}
	for _, r := range schemaRules() {
		for _, suffix := range strings.Fields(r.suffixes) {
			for _, place := range []string{"parameter-", "body-", "property-"} {
				id := "request-" + place + suffix
				set[id] = Rule{id, r.sent, r.sentMeaning, remedy(suffix, r.sent, adaptSent)}
			}
			for _, place := range []string{"header-", "body-", "property-"} {
				id := "response-" + place + suffix
				set[id] = Rule{id, r.received, r.meaning, remedy(suffix, r.received, adaptReceived)}
			}
		}
	}
	for _, suffix := range strings.Fields(former) {
		for _, place := range []string{"request-body-", "request-property-", "response-body-", "response-property-"} {
			set[place+suffix] = Rule{place + suffix, report.Info, "It is found no more: another rule tells such a change.", look}
		}
	}
	return set
})

func remedy(suffix string, severity report.Severity, grave string) string {
	switch {
	case strings.HasPrefix(suffix, "default-value-"):
		return pass
	case suffix == "composition-changed", suffix == "keyword-changed":
		return look
	case severity == report.Info:
		return takeOver
	}
	return grave
}

// suggestion names the rule that an unknown id resembles: `; did you mean "x"?`.
func suggestion(id string) string {
	best, near := len(id)/3+1, ""
	for _, r := range Rules() {
		if d := levenshtein.ComputeDistance(id, r.ID); d < best {
			best, near = d, r.ID
		}
	}
	if near == "" {
		return ": `digakit drift --list-rules` lists them"
	}
	return "; did you mean " + near + "?"
}

// The remedies.
const (
	takeOver      = "Take the revision over with `digakit spec import` and run `make generate`."
	adapt         = "Take the revision over with `digakit spec import`, run `make generate`, and adapt the code that no longer compiles."
	adaptSent     = "Adapt what the client sends, take the revision over with `digakit spec import`, run `make generate`; ask the vendor from when the old calls are refused."
	adaptReceived = "Adapt what the client does with answers, take the revision over with `digakit spec import`, run `make generate`; ask the vendor from when answers change."
	askVendor     = "Ask the vendor whether this is meant and from when it holds; callers must be told before it does."
	pass          = "Pass the value explicitly where the old default was relied on, then take the revision over with `digakit spec import` and run `make generate`."
	look          = "Look at both places in the documents, and take the revision over with `digakit spec import` when the client is right with it."
)
