package spec_test

import (
	"strings"
	"testing"

	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/spec/spectest"
)

// What the vendor publishes is read as it is, and kin-openapi reads it too.
func TestPublishedDocumentsAreRead(t *testing.T) {
	t.Parallel()
	for path, data := range spectest.SharedFiles(t, "diga/*.json") {
		d, err := spec.Parse(data)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		kin, err := d.T()
		if err != nil {
			t.Errorf("%s: %v", path, err)
		} else if kin.Paths.Len() != len(d.Keys("/paths")) {
			t.Errorf("%s: kin-openapi reads %d paths of %d", path, kin.Paths.Len(), len(d.Keys("/paths")))
		}
		for _, w := range d.Warnings() {
			if at, ok := d.Position(w.Pointer); !ok || at != w.Position {
				t.Errorf("%s: %s is not at %s", path, w.Pointer, w.Position)
			}
		}
	}
}

// Documents that were refused once: each has one kind of warning, or none, or is
// refused for a reason. See CASES.md beside them.
func TestCasesAreRead(t *testing.T) {
	t.Parallel()
	const refused = "refused: "
	for path, want := range map[string]string{
		"documents/apikey-no-name.json":                     "missing-field",
		"documents/array-without-items-30.json":             "array-without-items",
		"documents/backreference.json":                      "",
		"documents/component-ref-other-kind.json":           "reference-to-other-kind",
		"documents/const-in-3.0.json":                       "newer-keyword",
		"documents/definitions-in-schema.json":              "other-draft",
		"documents/duplicate-operationId.json":              "operation-id-twice",
		"documents/empty-responses.json":                    "missing-field",
		"documents/empty-schema.json":                       "",
		"documents/exclusiveMinimum-bool-31.json":           "newer-keyword",
		"documents/int-status.yaml":                         "wrong-form", // version: 1.0, a number
		"documents/lookahead.json":                          "",
		"documents/no-description.json":                     "missing-field",
		"documents/no-info-version.json":                    "missing-field",
		"documents/openapi-3.2.json":                        "newer-version",
		"documents/path-no-slash.json":                      "path-slash",
		"documents/path-param-not-in-path.json":             "path-parameter-unknown",
		"documents/path-param-undeclared.json":              "path-parameter-undeclared",
		"documents/pathItem-ref.json":                       "",
		"documents/recursiveRef.json":                       "other-draft",
		"documents/self-ref-allOf.json":                     refused + "goes round in a circle",
		"documents/tabs.yaml":                               refused + "YAML does not allow tabs",
		"documents/templates-of-one-shape.json":             "paths-of-one-shape",
		"documents/type-array-in-3.0.json":                  "newer-keyword",
		"documents/type-file.json":                          "unknown-type",
		"documents/undefined-security.json":                 "unknown-security",
		"documents/unknown-schema-keyword-31.json":          "",
		"documents/unknown-schema-keyword.json":             "unknown-keyword",
		"documents/unresolved-ref-used.json":                refused + "leads nowhere",
		"documents/utf16.json":                              refused + "save it as UTF-8",
		"real/annot-defs.yaml":                              "other-draft",
		"real/const30.yaml":                                 "newer-keyword",
		"real/frag.yaml":                                    "path-query",
		"real/nullcomp.yaml":                                "nullable",
		"real/pat-look.yaml":                                "",
		"real/pat.yaml":                                     "",
		"real/reqbool.yaml":                                 "required-flag",
		"real/rootref.yaml":                                 "reference-to-other-kind",
		"real/undefsec.yaml":                                "unknown-security",
		"real/unknown-kw.yaml":                              "",
		"real/wrongkind.yaml":                               "reference-to-other-kind",
		"field/validation-charset-in-document.openapi.json": "",
		"field/validation-pattern-lookahead.openapi.json":   "",
	} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			d, err := spec.Parse(spectest.Shared(t, "cases/"+path))
			if reason, ok := strings.CutPrefix(want, refused); ok {
				if err == nil || !strings.Contains(err.Error(), reason) {
					t.Errorf("not refused because it %s: %v", reason, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if _, err := d.T(); err != nil {
				t.Errorf("kin-openapi does not load it: %v", err)
			}
			rules := map[string]bool{}
			for _, w := range append(d.Warnings(), d.Examples()...) {
				rules[w.Rule] = true
				if w.Position.Line < 1 || w.HowToFix == "" {
					t.Errorf("no place or no remedy: %v", w)
				}
			}
			if want == "" && len(rules) > 0 || want != "" && (len(rules) != 1 || !rules[want]) {
				t.Errorf("warned by %v, not by %q alone", rules, want)
			}
		})
	}
}
