package drift

import (
	"strings"

	"github.com/digakit/digakit/contract/report"
)

// schemaRule is what happened to a schema; it becomes a rule for each place a
// schema can have, since it means one thing in what is sent and another in what
// is received.
type schemaRule struct {
	suffix         string
	sent, received report.Severity
	sentMeaning    string
	meaning        string // in what is received
}

// Where a constraint is tightened, callers are refused what was taken; where it
// is relaxed, they receive what never came. The former is an error, the latter
// a warning: few clients rely on a limit of what they read.
const (
	refused    = "Values that were taken so far are refused."
	taken      = "More values are taken than before."
	unexpected = "Answers can hold values that never came before."
	narrower   = "Answers hold fewer different values than before."
	otherType  = "The generated type is another: code that uses it may no longer compile."
	clearer    = "The document says more exactly what is answered; the generated type may be another."
)

func schemaTable() []schemaRule {
	const e, w, i = report.Error, report.Warning, report.Info
	table := []schemaRule{
		{"type-changed", e, e, "The server reads another type of value. " + otherType, "The server answers another type of value. " + otherType},
		{"format-changed", e, e, refused + " " + otherType, "Values are written in another way. " + otherType},
		{"format-removed", w, w, "The form of the value is no longer said. " + otherType, "Values may come in any form. " + otherType},
		{"format-added", e, i, refused + " " + otherType, clearer},
		{"generated-type-changed", w, w, "No value is refused. " + otherType, "No value comes that never came. " + otherType},
		{"type-added", i, i, "The type is said that the other keywords are written for; only values of other types are refused.", clearer},
		{"type-removed", i, i, "The type that the other keywords are written for is no longer said.", "The type that the other keywords are written for is no longer said."},
		{"default-value-changed", e, e, "Calls that leave it out get something else than before.", "What a missing value stands for is another."},
		{"default-value-added", e, e, "Calls that leave it out now get this value.", "A missing value now stands for this one."},
		{"default-value-removed", e, e, "Calls that leave it out no longer get this value.", "Nobody knows what a missing value stands for."},
		{"became-nullable", i, e, "null is taken as well.", "null can come where the client does not expect it."},
		{"became-not-nullable", e, i, "null is refused.", "null no longer comes."},
		{"enum-value-added", i, e, taken, "A value can come that the client does not know."},
		{"enum-value-removed", e, i, "The value is refused.", "The value no longer comes."},
		{"became-enum", e, i, "All but the listed values are refused.", clearer},
		{"became-not-enum", i, e, taken + " " + otherType, "Values can come that the client does not know. " + otherType},
		{"pattern-added", e, i, refused, narrower},
		{"pattern-changed", e, w, refused, unexpected},
		{"pattern-removed", i, w, taken, unexpected},
		{"multiple-of-added", e, i, refused, narrower},
		{"multiple-of-changed", e, w, refused, unexpected},
		{"multiple-of-removed", i, w, taken, unexpected},
		{"unique-items-added", e, i, "Lists that hold a value twice are refused.", narrower},
		{"unique-items-changed", e, w, refused, unexpected},
		{"unique-items-removed", i, w, taken, "Lists can hold a value twice."},
		{"dependent-required-added", e, i, refused, narrower},
		{"dependent-required-changed", e, w, refused, unexpected},
		{"dependent-required-removed", i, w, taken, unexpected},
		{"content-encoding-added", e, e, "The value has to be encoded.", "The value is encoded."},
		{"content-encoding-changed", e, e, "The value has to be encoded in another way.", "The value is encoded in another way."},
		{"content-encoding-removed", e, e, "The value must no longer be encoded.", "The value is no longer encoded."},
		{"content-media-type-added", e, e, "The value has to be of this media type.", "The value is of this media type."},
		{"content-media-type-changed", e, e, "The value has to be of another media type.", "The value is of another media type."},
		{"content-media-type-removed", w, w, "The media type of the value is no longer said.", "The media type of the value is no longer said."},
		{"discriminator-added", e, e, "The field that tells the variants apart has to be sent.", "The variants are told apart by a field. " + otherType},
		{"discriminator-changed", e, e, "The variants are told apart in another way.", "The variants are told apart in another way."},
		{"discriminator-removed", e, e, "The variants are no longer told apart by a field.", "The variants are no longer told apart by a field. " + otherType},
		{"became-read-only", e, i, "What the client sends in it has no effect, or is refused.", "It is only ever read."},
		{"became-not-read-only", i, i, "It may be sent.", "It may be sent as well."},
		{"became-write-only", i, e, "It is only ever sent.", "It is no longer in answers."},
		{"became-not-write-only", i, i, "It may be read as well.", "It is in answers as well."},
		{"restricted", e, i, refused, narrower},
		{"relaxed", i, w, taken, unexpected},
		{"prefix-items-added", w, w, "What is taken may differ from before; it depends on the schemas.", "What is answered may differ from before; it depends on the schemas."},
		{"prefix-items-removed", w, w, "What is taken may differ from before; it depends on the schemas.", "What is answered may differ from before; it depends on the schemas."},
		{"composition-changed", w, w, "What is taken may differ from before; it depends on the schemas.", "What is answered may differ from before; it depends on the schemas."},
		{"keyword-changed", i, i, "A keyword of the schema changed that no rule of ours names.", "A keyword of the schema changed that no rule of ours names."},
	}
	for _, name := range []string{"max", "exclusive-max", "max-length", "max-items", "max-properties", "max-contains"} {
		table = append(table,
			schemaRule{name + "-set", e, i, refused, narrower}, schemaRule{name + "-decreased", e, i, refused, narrower},
			schemaRule{name + "-unset", i, w, taken, unexpected}, schemaRule{name + "-increased", i, w, taken, unexpected})
	}
	for _, name := range []string{"min", "exclusive-min", "min-length", "min-items", "min-properties", "min-contains"} {
		table = append(table,
			schemaRule{name + "-set", e, i, refused, narrower}, schemaRule{name + "-increased", e, i, refused, narrower},
			schemaRule{name + "-unset", i, w, taken, unexpected}, schemaRule{name + "-decreased", i, w, taken, unexpected})
	}
	for _, suffix := range strings.Fields(tightening) {
		table = append(table, schemaRule{suffix, e, i, "Values that were taken so far may be refused.", narrower})
	}
	for _, suffix := range strings.Fields(relaxing) {
		table = append(table, schemaRule{suffix, i, e, taken, "Answers can hold what the client was not written for."})
	}
	for _, suffix := range strings.Fields(harmless) {
		table = append(table, schemaRule{suffix, i, i, "Nothing that worked stops working.", "Nothing that worked stops working."})
	}
	return table
}

// What happens to how schemas are put together: a branch, a condition or another
// constraint that comes or goes, and what such a change says of the variants.
const (
	tightening = `all-of-added any-of-removed one-of-removed list-of-types-narrowed if-added then-added else-added contains-added
		dependent-schema-added pattern-property-added`
	relaxing = `all-of-removed any-of-added one-of-added list-of-types-widened if-removed then-removed else-removed contains-removed
		dependent-schema-removed pattern-property-removed`
	harmless = `discriminator-mapping-added discriminator-mapping-changed discriminator-mapping-deleted`
)

// former ids are found no more, each change being told by another rule. Files of
// severities that name them are still read.
const former = `all-of-added-annotation-only all-of-removed-annotation-only became-required-with-default const-added const-changed
	const-removed content-schema-added content-schema-removed deprecated deprecated-sunset-invalid deprecated-sunset-missing
	deprecated-with-sunset discriminator-property-name-changed multiple-of-generalized multiple-of-set multiple-of-specialized
	multiple-of-unset pattern-generalized property-names-added property-names-removed reactivated schema-became-false
	schema-became-not-false stability-decreased stability-increased sunset-date-too-small type-compatible type-generalized
	type-specialized unevaluated-items-added unevaluated-items-removed unevaluated-properties-added
	unevaluated-properties-removed unique-items-set unique-items-unset wrapped-in-one-of
	wrapped-in-one-of-original-preserved x-extensible-enum-value-removed`

// schemaRules unfolds the table over the places of a schema.
func schemaRules() []Rule {
	var all []Rule
	for _, f := range schemaTable() {
		for _, place := range []string{"request-parameter-", "request-body-", "request-property-"} {
			all = append(all, Rule{place + f.suffix, f.sent, f.sentMeaning, remedy(f.suffix, f.sent, adaptSent)})
		}
		for _, place := range []string{"response-header-", "response-body-", "response-property-"} {
			all = append(all, Rule{place + f.suffix, f.received, f.meaning, remedy(f.suffix, f.received, adaptReceived)})
		}
	}
	for _, suffix := range strings.Fields(former) {
		for _, place := range []string{"request-body-", "request-property-", "response-body-", "response-property-"} {
			all = append(all, Rule{place + suffix, report.Info, "It is found no more: another rule tells such a change.", look})
		}
	}
	return all
}

func remedy(suffix string, severity report.Severity, grave string) string {
	switch {
	case suffix == "default-value-changed", suffix == "default-value-removed", suffix == "default-value-added":
		return pass
	case suffix == "composition-changed", suffix == "keyword-changed":
		return look
	case severity == report.Info:
		return takeOver
	}
	return grave
}
