package seed_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/mockserver/seed"
)

// ofSeed judges by the seed's document, whatever the module is built from.
var ofSeed = sync.OnceValue(func() seed.Option { return seed.Document(spectest.SeedDocument()) })

// keyed is a file with one key of the given fields, which begin at 1:39.
func keyed(fields string) string {
	return "projects: [{name: shop, keys: [{name: k, " + fields + "}]}]"
}

func TestMistakes(t *testing.T) {
	t.Parallel()
	const id = "22222222-2222-4222-8222-222222222222"
	for _, tc := range []struct{ name, text, want string }{
		// the document
		{"empty", "", "f: the document is empty; a seed file is YAML in UTF-8 with at least: projects: []"},
		{"comments alone", "# nothing\n", "f: the document is empty; a seed file is YAML in UTF-8 with at least: projects: []"},
		{"null", "---\n", "f:2:1: this must be an object; write a mapping with projects, or projects: [] for none (a colon needs a space behind it)"},
		{"a list", "- a", "f:1:1: this must be an object; write a mapping with projects, or projects: [] for none (a colon needs a space behind it)"},
		{"NUL", "projects:\n - \x00", "f:2:1: not text: a byte that UTF-8 text does not have; give the document as JSON or YAML, uncompressed, in UTF-8"},
		{"UTF-16", "\xff\xfep\x00", "f: the text is UTF-16; a seed file is YAML in UTF-8 with at least: projects: []"},
		{"binary", "\x7fELF", "f:1:1: neither JSON nor YAML: control characters are not allowed; mend the syntax there"},
		{"not YAML", "projects:\n  - {name: a", "f:2:1: neither JSON nor YAML: did not find expected ',' or '}'; mend the syntax there"},
		{"tab", "projects:\n\t- a", "f:2:1: neither JSON nor YAML: found character that cannot start any token; indent with spaces: YAML does not allow tabs"},
		{"two documents", "projects: []\n---\nprojects: []\n", "f:2:1: a second YAML document begins here; leave one"},
		{"broken second document", "projects: []\n---\n{", "f:3:1: neither JSON nor YAML: did not find expected node content; mend the syntax there"},
		{"unknown alias", keyed("secret: *shop-crm-0001"), "f:1:1: neither JSON nor YAML: an alias names an anchor that does not exist; quote a value that begins with an asterisk"},
		// fields
		{"no projects", "{}", `f:1:1: this must have the property "projects"; write a mapping with projects, or projects: [] for none (a colon needs a space behind it)`},
		{"unknown top-level field", "projects: []\nfaults: []", `f:2:1: there is no field "faults"; the fields are projects`},
		{"misspelt field", keyed("permission_s: []"), `f:1:42: projects[0].keys[0]: there is no field "permission_s"; did you mean "permissions"?`},
		{"the API's creator_id", keyed("creator_id: Ada"), `f:1:42: projects[0].keys[0]: there is no field "creator_id"; did you mean "creator"?`},
		{"colon without space", keyed("secret:shop-crm-0001"), `f:1:42: projects[0].keys[0]: there is no field of that name; did you mean "secret"?`},
		{"repeated field", keyed("id: " + id + ", id: " + id), "f:1:84: this key is given twice, first with the value at line 1; keep one"},
		{"merge key", "projects: [{<<: {name: a}, name: b}]", `f:1:13: merge keys (<<) are not supported; write the fields out, or put "<<" in quotes for a key of that name`},
		{"a list as field name", "projects: []\n? [a]\n: b", "f:2:3: a key is no text; write keys as text"},
		{"projects no list", "projects: {}", "f:1:11: projects: this must be an array or null; give the projects as a list of at most 10000, or projects: [] for none"},
		{"no mapping", "projects: [shop-crm-0001]", "f:1:12: projects[0]: this must be an object; a project is a mapping with name and what else it has of id, members, keys, collections, faults (a colon needs a space behind it)"},
		{"other tag", "projects: !set {a}", "f:1:11: JSON has no such type as this; write a mapping or a list, without a tag"},
		// names and ids
		{"project without name", "projects: [{}]", `f:1:12: projects[0]: this must have the property "name"; a project is a mapping with name and what else it has of id, members, keys, collections, faults (a colon needs a space behind it)`},
		{"key without name", "projects: [{name: a, keys: [{}]}]", `f:1:29: projects[0].keys[0]: this must have the property "name"; a key is a mapping with name and what else it has (a colon needs a space behind it)`},
		{"member without name", "projects: [{name: a, members: [{}]}]", `f:1:32: projects[0].members[0]: this must have the property "name"; a member is a mapping with name and what else it has of id, role (a colon needs a space behind it)`},
		{"empty name", "projects: [{name: ''}]", "f:1:19: projects[0].name: this must be at least 1 characters long; a name has 1 to 255 characters, in quotes when they look like a number; those of projects that begin with _ are reserved"},
		{"reserved name", "projects: [{name: _x}]", "f:1:19: projects[0].name: this must match pattern ^([^_]|$); a name has 1 to 255 characters, in quotes when they look like a number; those of projects that begin with _ are reserved"},
		{"long name", "projects: [{name: " + strings.Repeat("ñ", 256) + "}]", "f:1:19: projects[0].name: this must be at most 255 characters long; a name has 1 to 255 characters, in quotes when they look like a number; those of projects that begin with _ are reserved"},
		{"name null", "projects: [{name: }]", "f:1:19: projects[0].name: this must be a string; a name has 1 to 255 characters, in quotes when they look like a number; those of projects that begin with _ are reserved"},
		{"name number", "projects: [{name: 2025}]", "f:1:19: projects[0].name: this must be a string; a name has 1 to 255 characters, in quotes when they look like a number; those of projects that begin with _ are reserved"},
		{"name binary", "projects: [{name: !!binary c2hvcA==}]", "f:1:19: JSON has no such type as this; write text, a number, true, false or null"},
		{"project twice", "projects: [{name: a}, {name: a}]", "f:1:30: projects[1].name: this name is already that of projects[0].name; give each its own or drop one"},
		{"project id twice", "projects: [{name: a, id: " + id + "}, {name: b, id: " + id + "}]", "f:1:79: projects[1].id: this id is already that of projects[0].id; give each its own or drop one"},
		{"id", keyed("id: 22222222222242228222222222222222"), "f:1:46: projects[0].keys[0].id: this must be a string; an id is a UUID such as 5b1f0c2e-8d7a-4f3b-9e61-0a2b3c4d5e6f, not all zeros, in quotes when it is a number; leave it out to have one made from the name, and with a count"},
		{"id form", keyed("id: '{" + id + "}'"), "f:1:46: projects[0].keys[0].id: this must match pattern ^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$; an id is a UUID such as 5b1f0c2e-8d7a-4f3b-9e61-0a2b3c4d5e6f, not all zeros, in quotes when it is a number; leave it out to have one made from the name, and with a count"},
		{"id of zeros", keyed("id: 00000000-0000-0000-0000-000000000000"), "f:1:46: projects[0].keys[0].id: this must not match what the schema excludes; an id is a UUID such as 5b1f0c2e-8d7a-4f3b-9e61-0a2b3c4d5e6f, not all zeros, in quotes when it is a number; leave it out to have one made from the name, and with a count"},
		{"key id twice", "projects: [{name: a, keys: [{name: k, id: " + id + "}]}, {name: b, keys: [{name: k, id: " + id + "}]}]", "f:1:101: projects[1].keys[0]: this key's id is already that of projects[0].keys[0]; give each its own or drop one"},
		// members
		{"role", "projects: [{name: a, members: [{name: Ada, role: admin}]}]", `f:1:50: projects[0].members[0].role: this must be one of "administrator", "member", not "admin"; did you mean "administrator"?`},
		{"unlike role", "projects: [{name: a, members: [{name: Ada, role: root}]}]", `f:1:50: projects[0].members[0].role: this must be one of "administrator", "member", not "root"; the roles are administrator, member`},
		{"no administrator", "projects: [{name: a, members: [{name: Ada}]}]", "f:1:31: projects[0].members: no member is an administrator, and only administrators create keys; give one of them role: administrator"},
		{"member twice", "projects: [{name: a, members: [{name: Ada}, {name: Ada, role: administrator}]}]", "f:1:52: projects[0].members[1].name: this name is already that of projects[0].members[0].name; give each its own or drop one"},
		// keys
		{"permission", keyed("permissions: [calls.view, calls.veiw]"), `f:1:68: projects[0].keys[0].permissions[1]: this must be one of the 61 documented values, not "calls.veiw"; did you mean "calls.view"?`},
		{"permission of no such action", keyed("permissions: [recordings.listen]"), `f:1:56: projects[0].keys[0].permissions[0]: this must be one of the 61 documented values, not "recordings.listen"; the permissions are those of Permission in openapi.json`},
		{"permission of no such resource", keyed("permissions: [horses.ride]"), `f:1:56: projects[0].keys[0].permissions[0]: this must be one of the 61 documented values, not "horses.ride"; the permissions are those of Permission in openapi.json`},
		{"permission that may be a secret", keyed("permissions: [shop-crm-0001]"), "f:1:56: projects[0].keys[0].permissions[0]: this must be one of the 61 documented values; the permissions are those of Permission in openapi.json"},
		{"permission twice", keyed("permissions: [calls.view, calls.view]"), "f:1:68: projects[0].keys[0].permissions[1]: this permission is already that of projects[0].keys[0].permissions[0]; give each its own or drop one"},
		{"permissions empty", keyed("permissions: "), "f:1:55: projects[0].keys[0].permissions: this must be an array; write [] for a key that may do nothing, or leave the line out for an unrestricted key"},
		{"permissions no list", keyed("permissions: calls.view"), "f:1:55: projects[0].keys[0].permissions: this must be an array; write [] for a key that may do nothing, or leave the line out for an unrestricted key"},
		{"date", keyed("created_date: 2025-01-07"), "f:1:56: projects[0].keys[0].created_date: this must match format date-time; a date is written as in RFC 3339, such as 2025-01-07T08:00:00Z, with at most six decimals of a second, from 1970 to 2199"},
		{"early date", keyed("created_date: 1969-12-31T23:59:59Z"), "f:1:56: projects[0].keys[0].created_date: this must be a moment from 1970 to 2199; give another date"},
		{"late date", keyed("created_date: 9999-12-31T23:59:59Z"), "f:1:56: projects[0].keys[0].created_date: this must be a moment from 1970 to 2199; give another date"},
		{"too exact date", keyed("created_date: 2025-01-07T08:00:00.0000001Z"), `f:1:56: projects[0].keys[0].created_date: this must match pattern ^.{10}T.{8}(\.[0-9]{1,6}0*)?(Z|[-+].{5})$; a date is written as in RFC 3339, such as 2025-01-07T08:00:00Z, with at most six decimals of a second, from 1970 to 2199`},
		{"creator", "projects: [{name: shop, members: [{name: Ada, role: administrator}], keys: [{name: k, creator: Adda}]}]", `f:1:96: projects[0].keys[0].creator: no member has this name, and it is no UUID; did you mean "Ada"?`},
		{"creator of nobody", keyed("creator: Grace"), "f:1:51: projects[0].keys[0].creator: no member has this name, and it is no UUID; among the members are Administrator"},
		{"secret with space", keyed("secret: shop crm 0001"), "f:1:50: projects[0].keys[0].secret: this must match pattern ^[!-~]+$; a secret has 1 to 1024 visible ASCII characters and no spaces, so that an Authorization header can carry it, in quotes when they are digits; leave it out with a count"},
		{"empty secret", keyed("secret: ''"), "f:1:50: projects[0].keys[0].secret: this must match pattern ^[!-~]+$; a secret has 1 to 1024 visible ASCII characters and no spaces, so that an Authorization header can carry it, in quotes when they are digits; leave it out with a count"},
		{"long secret", keyed("secret: " + strings.Repeat("x", 1025)), "f:1:50: projects[0].keys[0].secret: this must be at most 1024 characters long; a secret has 1 to 1024 visible ASCII characters and no spaces, so that an Authorization header can carry it, in quotes when they are digits; leave it out with a count"},
		{"secret number", keyed("secret: 80010001"), "f:1:50: projects[0].keys[0].secret: this must be a string; a secret has 1 to 1024 visible ASCII characters and no spaces, so that an Authorization header can carry it, in quotes when they are digits; leave it out with a count"},
		{"secret twice", "projects: [{name: a, keys: [{name: k, secret: shop-crm-0001}]}, {name: b, keys: [{name: k, secret: shop-crm-0001}]}]", "f:1:100: projects[1].keys[0].secret: this secret is already that of projects[0].keys[0].secret; give each its own or drop one"},
		{"last four of a secret", keyed("secret: shop-crm-0001, last_four_digits: 0001"), "f:1:83: projects[0].keys[0].last_four_digits: this must not be there; last_four_digits are four visible ASCII characters, such as 0001; leave them out with a secret, which says them already"},
		{"last five", keyed("last_four_digits: 00001"), "f:1:60: projects[0].keys[0].last_four_digits: this must match pattern ^[!-~]{4}$; last_four_digits are four visible ASCII characters, such as 0001; leave them out with a secret, which says them already"},
		// count
		{"count 0", keyed("count: 0"), "f:1:49: projects[0].keys[0].count: this must be >= 1; a count is a whole number from 1 to 1000000, in decimal digits"},
		{"count too large", keyed("count: 1000001"), "f:1:49: projects[0].keys[0].count: this must be <= 1000000; a count is a whole number from 1 to 1000000, in decimal digits"},
		{"count hexadecimal", keyed("count: 0x10"), "f:1:49: JSON has no such number; write it in decimal digits, such as 10 or 0.5, or put it in quotes to have text"},
		{"count text", keyed("count: '10'"), "f:1:49: projects[0].keys[0].count: this must be an integer; a count is a whole number from 1 to 1000000, in decimal digits"},
		{"count with secret", keyed("secret: shop-crm-0001, count: 2"), "f:1:50: projects[0].keys[0].secret: this must not be there; a secret has 1 to 1024 visible ASCII characters and no spaces, so that an Authorization header can carry it, in quotes when they are digits; leave it out with a count"},
		{"count with id", keyed("id: " + id + ", count: 2"), "f:1:46: projects[0].keys[0].id: this must not be there; an id is a UUID such as 5b1f0c2e-8d7a-4f3b-9e61-0a2b3c4d5e6f, not all zeros, in quotes when it is a number; leave it out to have one made from the name, and with a count"},
		{"count of long names", "projects: [{name: a, keys: [{name: " + strings.Repeat("x", 253) + ", count: 10}]}]", "f:1:298: projects[0].keys[0].count: the name of the last of these keys would have 256 characters, more than 255; shorten the name"},
		{"count of late keys", keyed("created_date: 2199-12-31T23:59:59Z, count: 2"), "f:1:85: projects[0].keys[0].count: the last of these keys, each created a second after the one before, must be from 1970 to 2199; lower the count"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := seed.Parse("f", []byte(tc.text), ofSeed())
			if err == nil || got != nil {
				t.Fatalf("got %v, %v; want an error alone", got, err)
			}
			if want := "seed: f has mistakes, 1 of them:\n" + tc.want; err.Error() != want {
				t.Errorf("got  %s\nwant %s", err, want)
			}
			if strings.Contains(err.Error(), "shop-crm") || strings.Contains(err.Error(), "8001") {
				t.Errorf("a secret is in %s", err)
			}
		})
	}
}

func TestMistakesAreReportedTogetherUpToTwenty(t *testing.T) {
	t.Parallel()
	wrong := func(n int) string {
		return "projects:\n- name: a\n  keys:\n" + strings.Repeat("  - {name: ''}\n", n)
	}
	for _, tc := range []struct {
		n     int
		first string
		lines int
	}{
		{1, "seed: f has mistakes, 1 of them:", 2},
		{19, "seed: f has mistakes, 19 of them:", 20},
		{25, "seed: f has mistakes; the first 20:", 21},
	} {
		_, err := seed.Parse("f", []byte(wrong(tc.n)), ofSeed())
		lines := strings.Split(fmt.Sprint(err), "\n")
		if lines[0] != tc.first || len(lines) != tc.lines {
			t.Errorf("%d mistakes: %d lines, the first of them %q; want %d, %q", tc.n, len(lines), lines[0], tc.lines, tc.first)
		}
	}
}

// A small file must not become a large world, whatever its aliases say.
func TestBoundsHoldForAliases(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, text, want string }{
		{
			"keys", "projects:\n- name: a\n  keys: [&k {name: k, count: 600000}, *k]\n",
			"seed: f has mistakes, 1 of them:\nf:3:10: projects[0].keys[1]: with this the file asks for more than 1000000 keys",
		},
		{
			"members", "projects:\n- name: a0\n  members: &m [" + strings.Repeat("{name: m},", 60_000) + "]\n",
			"projects[0].members[1].name: this name is already",
		},
		{"projects", "projects: [&p {name: a}" + strings.Repeat(", *p", 10_000) + "]", "f:1:11: projects: this must have at most 10000 items; give the projects as a list of at most 10000"},
		{"a billion laughs", bomb(), "too large: its aliases unfold to more than 100000 values"},
		{"an alias of what it stands in", "projects: &p [*p]", "f:1:15: nested deeper than 500 levels"},
		{"too many bytes", strings.Repeat("#", seed.MaxSize+1), "seed: f has more than 10000000 bytes; many like keys are written shorter with count"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if _, err := seed.Parse("f", []byte(tc.text), ofSeed()); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %s", err, tc.want)
			}
		})
	}
}

func bomb() string {
	var b strings.Builder
	b.WriteString("projects: {a0: &a0 x")
	for i := range 8 {
		fmt.Fprintf(&b, ",\na%d: &a%d [%s]", i+1, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i), 9), ","))
	}
	return b.String() + "}"
}

func TestManyMembersOfManyProjects(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("projects:\n- name: p\n  members: &m\n  - {name: Ada, role: administrator}\n")
	for i := range 30_000 {
		fmt.Fprintf(&b, "  - {name: m%d}\n", i)
	}
	for i := range 3 {
		fmt.Fprintf(&b, "- {name: p%d, members: *m}\n", i)
	}
	const want = "f:20001:5: too large: its aliases unfold to more than 100000 values"
	if _, err := seed.Parse("f", []byte(b.String()), ofSeed()); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}
