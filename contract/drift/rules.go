package drift

import (
	"strings"

	"github.com/digakit/digakit/contract/report"
)

// plainRules are about anything but schemas. The ids of one row mean the same.
func plainRules() []Rule {
	const e, w, i = report.Error, report.Warning, report.Info
	return []Rule{
		{"api-path-removed-without-deprecation", e, "Calls of this path fail.", askVendor},
		{"api-path-renamed", e, "Calls of the old path fail; the new one answers them.", adapt},
		{"api-removed-without-deprecation", e, "Calls of this operation fail.", askVendor},
		{"api-method-changed", e, "Calls with the old method fail; the new one answers them.", adapt},
		{"endpoint-added", w, "The client lacks an operation that the API offers.", takeOver},
		{"webhook-added", w, "The API can call something that the client does not answer.", takeOver},
		{"webhook-removed", e, "A call the client waits for no longer comes.", askVendor},
		{"callback-added", i, "The API can call back where it did not.", takeOver},
		{"callback-removed", w, "A call the client may wait for no longer comes.", askVendor},
		{"callback-changed", w, "What the API calls back has changed.", look},
		{"api-operation-id-changed api-operation-id-added api-operation-id-removed", e, "The generated method has another name: code that calls it no longer compiles.", adapt},
		{"api-tag-added api-tag-removed", i, "The operation is listed elsewhere in the docs.", takeOver},
		{"api-security-added", e, "Calls without these credentials are refused.", adaptSent},
		{"api-security-removed", w, "The operation can be called without credentials: perhaps a mistake, and a risk to whoever owns the data.", askVendor},
		{"api-security-changed", e, "Calls with the old credentials are refused.", adaptSent},
		{"api-security-alternative-added", i, "Other credentials are taken as well.", takeOver},
		{"api-security-alternative-removed", e, "Calls with these credentials are refused.", adaptSent},
		{"api-security-scheme-changed", e, "Credentials have to be shown in another way.", adaptSent},
		{"api-security-scheme-renamed", i, "Generated code may name the scheme differently; calls are the same.", takeOver},
		{"api-security-component-bearer-format-changed", i, "The document says something else of how tokens look.", takeOver},
		{"api-security-scope-added", e, "Calls with a token that lacks the scope are refused.", adaptSent},
		{"api-security-scope-removed", i, "Tokens need less than before.", takeOver},
		{"server-url-changed", w, "The API is served elsewhere; calls to the old address may stop to work.", askVendor},
		{"server-added", i, "The API is served at another address as well.", takeOver},
		{"server-removed", w, "The API may no longer be served at this address.", askVendor},
		{"api-version-changed", i, "The vendor says it is another version.", takeOver},
		{"api-info-changed", i, "The API is described in other words.", takeOver},
		{"title-changed", i, "Words in the docs; a generator may name types after them.", takeOver},
		{"summary-changed description-changed", i, "Words in the docs.", takeOver},
		{"external-docs-changed", i, "A link in the docs.", takeOver},
		{"example-changed", i, "An example in the docs; a mock may answer with it.", takeOver},
		{"extension-changed", i, "A vendor extension: it means what the tool that reads it makes of it.", look},
		{"deprecated", i, "It still works, and may go one day.", "Ask the vendor what to use in its place, and from when."},
		{"reactivated", i, "It is no longer on its way out.", takeOver},
		{"other-changed", i, "The documents differ here in a way that no rule of ours names.", look},
		{"request-parameter-removed request-property-removed", e, "What the client sends in it has no effect any more, or is refused.", adaptSent},
		{"request-parameter-renamed request-property-renamed", e, "What the client sends under the old name has no effect any more, or is refused.", adaptSent},
		{"request-parameter-moved", e, "What the client sends in the old place has no effect any more, or is refused.", adaptSent},
		{"request-parameter-became-required new-required-request-parameter", e, "Calls without it are refused.", adaptSent},
		{"request-parameter-became-optional request-property-became-optional", i, "It may be left out.", takeOver},
		{"request-parameter-serialization-changed request-body-serialization-changed", e, "What the client sends is written in a way the server no longer reads.", adaptSent},
		{"new-request-path-parameter", e, "Calls of the old path fail.", adaptSent},
		{"new-optional-request-parameter request-body-added-optional new-optional-request-property", w, "The client cannot use something that the API offers.", takeOver},
		{"request-body-added-required request-body-became-required", e, "Calls without a body are refused.", adaptSent},
		{"request-body-removed", e, "What the client sends has no effect any more, or is refused.", adaptSent},
		{"request-body-became-optional", i, "The body may be left out.", takeOver},
		{"request-body-media-type-added", i, "Bodies may be written in another way as well.", takeOver},
		{"request-body-media-type-removed", e, "Bodies of this kind are refused.", adaptSent},
		{"request-body-media-type-changed", e, "Bodies of the old kind are refused.", adaptSent},
		{"request-body-charset-changed response-body-charset-changed", i, "UTF-8 is said, or no longer, and holds anyhow.", takeOver},
		{"new-required-request-property request-property-became-required", e, "Bodies without it are refused.", adaptSent},
		{"response-success-status-added", e, "Calls can succeed with a status that the client takes for a failure, or cannot read.", adaptReceived},
		{"response-success-status-removed", e, "Calls no longer succeed with the status the client waits for.", adaptReceived},
		{"response-success-status-changed", e, "Calls succeed with a status that the client takes for a failure, or cannot read.", adaptReceived},
		{"response-non-success-status-added", w, "Calls can fail in a way the client has no type for.", takeOver},
		{"response-non-success-status-removed", w, "What the client does about this status may never happen; another may come in its place.", askVendor},
		{"response-non-success-status-changed", w, "Calls that failed with the one status now fail with the other.", adaptReceived},
		{"response-media-type-added", w, "Answers can come in a form the client cannot read, unless it asks for one it can.", takeOver},
		{"response-media-type-removed", e, "Answers no longer come in the form the client reads.", adaptReceived},
		{"response-media-type-changed", e, "Answers come in another form than the client reads.", adaptReceived},
		{"response-body-serialization-changed", e, "Answers are written in another way.", adaptReceived},
		{"error-example-changed", w, "The documented error is another one: code that looks at its codes or texts may not recognise it.", adaptReceived},
		{"response-header-added", i, "Answers tell more.", takeOver},
		{"required-response-header-removed", e, "A header the client relies on is gone.", adaptReceived},
		{"optional-response-header-removed", w, "A header the client may look at is gone.", adaptReceived},
		{"response-header-became-optional", e, "A header the client relies on may be missing.", adaptReceived},
		{"response-header-became-required", i, "The header is always there.", takeOver},
		{"response-header-serialization-changed", e, "The header is written in another way.", adaptReceived},
		{"response-optional-property-added response-required-property-added", w, "Answers tell more than the client has fields for.", takeOver},
		{"response-optional-property-removed", e, "A field the client may read is gone.", adaptReceived},
		{"response-required-property-removed", e, "A field the client relies on is gone.", adaptReceived},
		{"response-property-renamed", e, "The field the client reads is gone; its value comes under another name.", adaptReceived},
		{"response-property-became-optional", e, "A field the client relies on may be missing.", adaptReceived},
		{"response-property-became-required", i, "The field is always there.", takeOver},
	}
}

// schemaRule is what happened to a schema, in what is sent and in what is received.
// Each suffix makes a rule for each place a schema can have.
type schemaRule struct {
	suffixes       string
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

func schemaRules() []schemaRule {
	const e, w, i = report.Error, report.Warning, report.Info
	tightened, relaxed := limitRules()
	return []schemaRule{
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
		{"pattern-added multiple-of-added dependent-required-added restricted " + tightened, e, i, refused, narrower},
		{"pattern-changed multiple-of-changed unique-items-changed dependent-required-changed", e, w, refused, unexpected},
		{"pattern-removed multiple-of-removed dependent-required-removed relaxed " + relaxed, i, w, taken, unexpected},
		{"unique-items-added", e, i, "Lists that hold a value twice are refused.", narrower},
		{"unique-items-removed", i, w, taken, "Lists can hold a value twice."},
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
		{"prefix-items-added prefix-items-removed composition-changed", w, w, "What is taken may differ from before; it depends on the schemas.", "What is answered may differ from before; it depends on the schemas."},
		{"keyword-changed", i, i, "A keyword of the schema changed that no rule of ours names.", "A keyword of the schema changed that no rule of ours names."},
		{"all-of-added any-of-removed one-of-removed list-of-types-narrowed if-added then-added else-added contains-added dependent-schema-added " +
			"pattern-property-added", e, i, "Values that were taken so far may be refused.", narrower},
		{"all-of-removed any-of-added one-of-added list-of-types-widened if-removed then-removed else-removed contains-removed dependent-schema-removed " +
			"pattern-property-removed", i, e, taken, "Answers can hold what the client was not written for."},
		{"discriminator-mapping-added discriminator-mapping-changed discriminator-mapping-deleted", i, i, "Nothing that worked stops working.", "Nothing that worked stops working."},
	}
}

// limits are the keywords that are the least or greatest number of something.
const limits = `maximum exclusiveMaximum maxLength maxItems maxProperties maxContains minimum exclusiveMinimum minLength minItems minProperties minContains`

// limitRules are the suffixes of what happens to limits.
func limitRules() (tightened, relaxed string) {
	for k := range strings.FieldsSeq(limits) {
		name, inward, outward := limitName(k), "-decreased ", "-increased "
		if strings.Contains(name, "min") {
			inward, outward = outward, inward
		}
		tightened += name + "-set " + name + inward
		relaxed += name + "-unset " + name + outward
	}
	return tightened, relaxed
}

func limitName(k string) string { return kebab(strings.TrimSuffix(k, "imum")) }

// former ids are found no more; files of severities that name them are still read.
const former = `all-of-added-annotation-only all-of-removed-annotation-only became-required-with-default const-added const-changed const-removed content-schema-added
		content-schema-removed deprecated deprecated-sunset-invalid deprecated-sunset-missing deprecated-with-sunset discriminator-property-name-changed
		multiple-of-generalized multiple-of-set multiple-of-specialized multiple-of-unset pattern-generalized property-names-added property-names-removed
		reactivated schema-became-false schema-became-not-false stability-decreased stability-increased sunset-date-too-small type-compatible type-generalized
		type-specialized unevaluated-items-added unevaluated-items-removed unevaluated-properties-added unevaluated-properties-removed unique-items-set
		unique-items-unset wrapped-in-one-of wrapped-in-one-of-original-preserved x-extensible-enum-value-removed`
