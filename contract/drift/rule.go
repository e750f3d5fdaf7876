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

// addition tells whether the revision has something beside all the base has.
func (r Rule) addition() bool {
	return r.Severity != report.Error && (strings.Contains(r.ID, "-added") || strings.HasPrefix(r.ID, "new-optional-"))
}

// Rules returns the table of all rules, ordered by id.
func Rules() []Rule {
	return slices.SortedFunc(maps.Values(ruleSet()), func(a, b Rule) int { return strings.Compare(a.ID, b.ID) })
}

var ruleSet = sync.OnceValue(func() map[string]Rule {
	set := map[string]Rule{}
	put := func(places []string, suffixes string, severity report.Severity, meaning, grave string) {
		for suffix := range strings.FieldsSeq(suffixes) {
			remedy := grave
			switch {
			case strings.HasPrefix(suffix, "default-value-"):
				remedy = pass
			case suffix == "composition-changed", suffix == "keyword-changed":
				remedy = look
			case severity == report.Info && (grave == adaptSent || grave == adaptReceived):
				remedy = takeOver
			}
			for _, place := range places {
				set[place+suffix] = Rule{place + suffix, severity, meaning, remedy}
			}
		}
	}
	for _, r := range plainRules() {
		put([]string{""}, r.ID, r.Severity, r.Meaning, r.Remedy)
	}
	for _, r := range schemaRules() {
		put([]string{"request-parameter-", "request-body-", "request-property-"}, r.suffixes, r.sent, r.sentMeaning, adaptSent)
		put([]string{"response-header-", "response-body-", "response-property-"}, r.suffixes, r.received, r.meaning, adaptReceived)
	}
	put([]string{"request-body-", "request-property-", "response-body-", "response-property-"}, former, report.Info, "It is found no more: another rule tells such a change.", look)
	return set
})

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

// withoutTakingOver makes a remedy one for somebody who has taken the revision over.
var withoutTakingOver = strings.NewReplacer(
	takeOver, "Nothing is left to do: the revision is taken over.",
	"Take the revision over with `digakit spec import`, run `make generate`, and adapt", "Adapt",
	", take the revision over with `digakit spec import`, run `make generate`", "",
	", then take the revision over with `digakit spec import` and run `make generate`", "",
	", and take the revision over with `digakit spec import` when the client is right with it", ", and whether the client is right with it",
)
