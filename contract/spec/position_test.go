package spec_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract/spec"
)

func TestPosition(t *testing.T) {
	t.Parallel()
	const asJSON = "\xef\xbb\xbf\r\n{\r\n  \"openapi\": \"3.1.0\", \"info\": {\"title\": \"é\", \"version\": \"1\"},\r\n" +
		"  \"paths\": {},\n  \"tags\": [\n    {\"name\": \"a\"}, {\"name\": \"b\"}\n  ]\n}\n"
	const asYAML = "# é\r\nopenapi: 3.1.0\r\ninfo: {title: é, version: '1'}\r\npaths: {}\r\ntags:\r\n  - name: a\r\n  - &b\r\n    name: b\r\nx-b: *b\r\n"
	for _, c := range []struct {
		name, why, document, pointer string
		line, column                 int
	}{
		{"json root", "the value", asJSON, "", 2, 1},
		{"json member", "its key; a character is one column", asJSON, "/info/version", 3, 46},
		{"json object", "its key, not its value", asJSON, "/info", 3, 23},
		{"json item", "the value", asJSON, "/tags/1", 6, 20},
		{"json in item", "the key", asJSON, "/tags/1/name", 6, 21},
		{"yaml root", "the value", asYAML, "", 2, 1},
		{"yaml member", "its key; a character is one column", asYAML, "/info/version", 3, 18},
		{"yaml object", "its key", asYAML, "/tags", 5, 1},
		{"yaml item", "the value", asYAML, "/tags/0", 6, 5},
		{"yaml in item", "the key", asYAML, "/tags/1/name", 8, 5},
		{"yaml alias", "the key itself", asYAML, "/x-b", 9, 1},
		{"behind an alias", "where it is written", asYAML, "/x-b/name", 8, 5},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d, err := spec.Parse([]byte(c.document))
			if err != nil {
				t.Fatal(err)
			}
			got, ok := d.Position(c.pointer)
			if !ok {
				t.Fatal("nothing there")
			}
			if diff := cmp.Diff(spec.Position{Line: c.line, Column: c.column}, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.why, diff)
			}
		})
	}
}

func TestPositionOfNothing(t *testing.T) {
	t.Parallel()
	d, err := spec.Parse([]byte(head30 + "paths: {}\ntags: [{name: a}]"))
	if err != nil {
		t.Fatal(err)
	}
	for _, pointer := range []string{"/nowhere", "/tags/1", "/tags/-1", "/tags/00", "/tags/name", "/info/title/x", "/"} {
		if p, ok := d.Position(pointer); ok || p != (spec.Position{}) {
			t.Errorf("%s: %v", pointer, p)
		}
	}
}
