package suite

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/report"
)

// madeUpSecret is a key nobody has.
const madeUpSecret = "digakit-verify-nobody-has-this-key" //nolint:gosec // nobody's

// minAlteredKey is how long a key must be to be tried in altered forms, in
// bytes: what is left of a short one may be somebody's.
const minAlteredKey = 12

// wantsKey is applies for operations that want a credential.
func wantsKey(s *session, o *contract.Operation) bool {
	return s.readable(o) && s.wantsCredential(o)
}

// wantsCredential tells whether an operation wants any; one that also lists the
// empty alternative does not.
func (s *session) wantsCredential(o *contract.Operation) bool {
	return len(o.Security) > 0 && !slices.ContainsFunc(o.Security, func(all []contract.SecurityRequirement) bool { return len(all) == 0 })
}

// wantsBearer tells whether all of an operation's credentials go into
// Authorization as bearer tokens.
func wantsBearer(o *contract.Operation) bool {
	for _, all := range o.Security {
		for _, want := range all {
			if want.Type == "apiKey" || want.Type == "mutualTLS" || want.Type == "http" && !strings.EqualFold(want.Scheme, "bearer") {
				return false
			}
		}
	}
	return len(o.Security) > 0
}

// credentialChecks are about who may call.
func credentialChecks() []check {
	return []check{
		{
			id: "ignored_auth", severity: report.Error,
			explanation: "An operation that answers without a valid credential gives its data to everyone.",
			howToFix:    "refuse the request with the documented status before anything else is looked at",
			applies:     wantsKey,
			run:         ignoredAuth,
		},
		{
			id: "auth_scheme_case", severity: report.Warning,
			explanation: "The name of an authentication scheme is case-insensitive (RFC 9110, 11.1); clients write it in lower case, too.",
			howToFix:    "compare the scheme without regard to case",
			applies:     func(s *session, o *contract.Operation) bool { return wantsKey(s, o) && wantsBearer(o) },
			run:         authSchemeCase,
		},
		{
			id: "insufficient_permission", severity: report.Error,
			explanation: "A key that may not call an operation and can is more powerful than who made it believes.",
			howToFix:    "refuse it with the documented status (403) before anything else is looked at",
			applies:     wantsKey,
			run:         insufficientPermission,
		},
		{
			id: "unauthenticated", severity: report.Warning, assumption: "unauthenticated",
			explanation: "Callers tell a missing or unknown key from other mistakes by the status.",
			howToFix:    "answer with the status that was assumed, or assume the other",
			applies: func(s *session, o *contract.Operation) bool {
				return wantsKey(s, o) && s.assumed("unauthenticated") != ""
			},
			run: unauthenticated,
		},
	}
}

// attempt is a credential that must not open anything.
type attempt struct {
	name   string
	auth   credential
	header http.Header
	query  string
	edge   bool // a server may refuse the header as such
}

// attempts lists what to try on an operation.
func (p *probe) attempts() []attempt {
	list := []attempt{
		{name: "no credential", auth: credential{kind: noKey}},
		{name: "unknown key", auth: credential{kind: otherKey, secret: madeUpSecret}},
	}
	if wantsBearer(p.op) {
		raw := func(name, value string, edge bool) {
			list = append(list, attempt{name: name, auth: credential{kind: rawHeader, secret: value}, edge: edge})
		}
		raw("empty header", "", false)
		raw("empty bearer token", "Bearer ", false)
		raw("scheme alone", "Bearer", false)
		raw("wrong scheme", "Basic ZGlnYWtpdDp2ZXJpZnk=", false)
		raw("token without a scheme", madeUpSecret, false)
		raw("two tokens", "Bearer "+madeUpSecret+" "+madeUpSecret, true)
		raw("letters beyond ASCII", "Bearer ключ", true)
		raw("bytes that are no text", "Bearer \xff\xfe", true)
		raw("tab in the token", "Bearer digakit\tverify", true)
		raw("quoted token", `Bearer "`+madeUpSecret+`"`, true)
		raw("token of 4 kB", "Bearer "+strings.Repeat("k", 4096), true)
		list = append(list, p.misplaced()...)
	}
	return append(list, p.altered()...)
}

// misplaced is the real key where the document does not want it. Into a URL it
// is put on loopback alone: elsewhere URLs end up in logs.
func (p *probe) misplaced() []attempt {
	if p.target.Key == "" {
		return nil
	}
	list := []attempt{
		{name: "real key in another header", auth: credential{kind: noKey}, header: http.Header{"X-Api-Key": {p.target.Key}}},
		{name: "real key with another scheme", auth: credential{kind: rawHeader, secret: "Token " + p.target.Key}},
	}
	if loopback(p.root.Hostname()) {
		list = append(list, attempt{name: "real key in the query", auth: credential{kind: noKey}, query: query("api_key", p.target.Key)})
	}
	return list
}

// altered is the real key, changed a little.
func (p *probe) altered() []attempt {
	key := p.target.Key
	if len(key) < minAlteredKey {
		return nil
	}
	last := "0"
	if strings.HasSuffix(key, last) {
		last = "1"
	}
	cut := key[:len(key)-1]
	list := []attempt{
		{name: "cut by one", auth: credential{secret: cut, variable: "{DIGAKIT_KEY%?}"}},
		{name: "one character more", auth: credential{secret: key + "0", variable: "{DIGAKIT_KEY}0"}},
		{name: "first character missing", auth: credential{secret: key[1:], variable: "{DIGAKIT_KEY#?}"}},
	}
	// The last character of a signed token may hold bits that nobody reads.
	if strings.Count(key, ".") != 2 {
		list = append(list, attempt{name: "last character changed", auth: credential{secret: cut + last, variable: "{DIGAKIT_KEY%?}" + last}})
	}
	// Hexadecimal digits are the same in either case.
	if other := otherCase(key); other != key && strings.Trim(key, "0123456789abcdefABCDEF-") != "" {
		list = append(list, attempt{name: "in another case", auth: credential{secret: other, variable: `(printf %s "$DIGAKIT_KEY" | tr a-zA-Z A-Za-z)`}})
	}
	for i := range list {
		list[i].name = "real key, " + list[i].name
		list[i].auth.kind = otherKey
	}
	return list
}

func ignoredAuth(ctx context.Context, p *probe) error {
	for _, one := range p.attempts() {
		a, err := p.call(ctx, call{auth: one.auth, header: one.header, query: one.query, edge: one.edge, about: "credential", label: one.name})
		if err != nil {
			return err
		}
		switch {
		case a.broken != "" || a.status >= http.StatusInternalServerError: // reported
		case a.refused():
			p.pass()
		case a.status >= 200 && a.status < 300:
			p.fail(one.name, a, "%s: answered %d; a refusal (4xx) was to be seen", one.name, a.status)
		}
	}
	return nil
}

func authSchemeCase(ctx context.Context, p *probe) error {
	if _, reason := p.accepted(); reason != "" || p.target.Key == "" {
		p.skip("the key opens nothing here")
		return nil
	}
	for _, scheme := range []string{"bearer", "BEARER"} {
		a, err := p.call(ctx, call{auth: credential{kind: rawHeader, secret: scheme + " " + p.target.Key}})
		if err != nil {
			return err
		}
		switch {
		case a.broken != "" || a.status >= http.StatusInternalServerError:
		case a.refused():
			p.fail(scheme, a, "the key is refused with %d when the scheme is written %q", a.status, scheme)
		default:
			p.pass()
		}
	}
	return nil
}

func insufficientPermission(ctx context.Context, p *probe) error {
	_, reason := p.accepted()
	switch {
	case p.target.DeniedKey == "":
		reason = "no key without permission was given"
	case reason == "":
	default:
		reason = "the key itself opens nothing here: " + reason
	}
	if reason != "" {
		p.skip(reason)
		return nil
	}
	a, err := p.call(ctx, call{auth: credential{kind: deniedKey}})
	if err != nil {
		return err
	}
	switch {
	case a.broken != "" || a.status >= http.StatusInternalServerError:
	case a.status == http.StatusUnauthorized, a.status == http.StatusForbidden, a.status == http.StatusNotFound: // hidden
		p.pass()
	case a.refused():
		p.fail("denied key", a, "the key without permission is refused with %d, as if the request was at fault; 403 was to be seen", a.status)
	case a.status < 300:
		p.fail("denied key", a, "the key without permission: answered %d; 403 was to be seen", a.status)
	}
	return nil
}

func unauthenticated(ctx context.Context, p *probe) error {
	want := http.StatusForbidden
	if p.assumed("unauthenticated") == "unauthorized" {
		want = http.StatusUnauthorized
	}
	for _, one := range p.attempts()[:2] {
		a, err := p.call(ctx, call{auth: one.auth})
		if err != nil {
			return err
		}
		switch {
		case a.broken != "" || !a.refused(): // ignored_auth tells
		case a.status == want:
			p.pass()
		default:
			p.fail(one.name, a, "%s: refused with %d; %d was assumed", one.name, a.status, want)
		}
	}
	return nil
}
