package suite

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract"
)

// madeUpSecret is a key nobody has.
const madeUpSecret = "digakit-verify-nobody-has-this-key" //nolint:gosec // nobody's

// minAlteredKey is how long a key must be to be tried in altered forms, in
// bytes: what is left of a short one may be somebody's.
const minAlteredKey = 12

// wantsKey is applies for operations that want a credential.
func wantsKey(s *session, o *contract.Operation) bool {
	return readOnly(s, o) && wantsCredential(o)
}

// wantsCredential tells whether an operation wants any; one that also lists the
// empty alternative does not.
func wantsCredential(o *contract.Operation) bool {
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

// tried makes a call with a credential that must not open anything.
func tried(name string, kind credentialKind, secret string) call {
	return call{auth: credential{kind: kind, secret: secret}, about: "credential", label: name}
}

// attempts lists what to try on an operation, the simplest first.
func (p *probe) attempts() []call {
	list := []call{tried("no credential", noKey, ""), tried("unknown key", otherKey, madeUpSecret)}
	if wantsBearer(p.op) {
		raw := func(edge bool, name, header string) { // edge: a server may refuse the header as such
			c := tried(name, rawHeader, header)
			c.edge = edge
			list = append(list, c)
		}
		raw(false, "empty header", "")
		raw(false, "empty bearer token", "Bearer ")
		raw(false, "scheme alone", "Bearer")
		raw(false, "wrong scheme", "Basic ZGlnYWtpdDp2ZXJpZnk=")
		raw(false, "token without a scheme", madeUpSecret)
		raw(true, "two tokens", "Bearer "+madeUpSecret+" "+madeUpSecret)
		raw(true, "letters beyond ASCII", "Bearer ключ")
		raw(true, "bytes that are no text", "Bearer \xff\xfe")
		raw(true, "tab in the token", "Bearer digakit\tverify")
		raw(true, "quoted token", `Bearer "`+madeUpSecret+`"`)
		raw(true, "token of 4 kB", "Bearer "+strings.Repeat("k", 4096))
		list = append(list, p.misplaced()...)
	}
	return append(list, p.altered()...)
}

// misplaced is the real key where the document does not want it. Into a URL it
// is put on loopback alone: elsewhere URLs end up in logs.
func (p *probe) misplaced() []call {
	if p.target.Key == "" {
		return nil
	}
	header := tried("real key in another header", noKey, "")
	header.header = http.Header{"X-Api-Key": {p.target.Key}}
	list := []call{header, tried("real key with another scheme", rawHeader, "Token "+p.target.Key)}
	if loopback(p.root.Hostname()) {
		inQuery := tried("real key in the query", noKey, "")
		inQuery.query = query("api_key", p.target.Key)
		list = append(list, inQuery)
	}
	return list
}

// altered is the real key, changed a little.
func (p *probe) altered() []call {
	key := p.target.Key
	if len(key) < minAlteredKey {
		return nil
	}
	var list []call
	add := func(name, secret, variable string) {
		c := tried("real key, "+name, otherKey, secret)
		c.auth.variable = variable
		list = append(list, c)
	}
	last := "0"
	if strings.HasSuffix(key, last) {
		last = "1"
	}
	cut := key[:len(key)-1]
	add("cut by one", cut, "{DIGAKIT_KEY%?}")
	add("one character more", key+"0", "{DIGAKIT_KEY}0")
	add("first character missing", key[1:], "{DIGAKIT_KEY#?}")
	// The last character of a signed token may hold bits that nobody reads.
	if strings.Count(key, ".") != 2 {
		add("last character changed", cut+last, "{DIGAKIT_KEY%?}"+last)
	}
	// Hexadecimal digits are the same in either case.
	if other := otherCase(key); other != key && strings.Trim(key, "0123456789abcdefABCDEF-") != "" {
		add("in another case", other, `(printf %s "$DIGAKIT_KEY" | tr a-zA-Z A-Za-z)`)
	}
	return list
}

func ignoredAuth(ctx context.Context, p *probe) error {
	return p.each(ctx, p.attempts(), func(c call, a *answer) {
		switch {
		case a.refused():
			p.pass()
		case a.status >= 200 && a.status < 300:
			p.fail(c.label, a, "%s: answered %d; a refusal (4xx) was to be seen", c.label, a.status)
		}
	})
}

func authSchemeCase(ctx context.Context, p *probe) error {
	if _, reason := p.accepted(); reason != "" || p.target.Key == "" {
		p.skip("the key opens nothing here")
		return nil
	}
	var calls []call
	for _, scheme := range []string{"bearer", "BEARER"} {
		calls = append(calls, call{auth: credential{kind: rawHeader, secret: scheme + " " + p.target.Key}})
	}
	return p.each(ctx, calls, func(c call, a *answer) {
		if scheme, _, _ := strings.Cut(c.auth.secret, " "); a.refused() {
			p.fail(scheme, a, "the key is refused with %d when the scheme is written %q", a.status, scheme)
		} else {
			p.pass()
		}
	})
}

func insufficientPermission(ctx context.Context, p *probe) error {
	_, reason := p.accepted()
	switch {
	case p.target.DeniedKey == "":
		reason = "no key without permission was given"
	case reason != "":
		reason = "the key itself opens nothing here: " + reason
	}
	if reason != "" {
		p.skip(reason)
		return nil
	}
	denied := call{auth: credential{kind: otherKey, secret: p.target.DeniedKey}}
	return p.each(ctx, []call{denied}, func(_ call, a *answer) {
		switch {
		case a.status == http.StatusUnauthorized, a.status == http.StatusForbidden, a.status == http.StatusNotFound: // hidden
			p.pass()
		case a.refused():
			p.fail("denied key", a, "the key without permission is refused with %d, as if the request was at fault; 403 was to be seen", a.status)
		case a.status < 300:
			p.fail("denied key", a, "the key without permission: answered %d; 403 was to be seen", a.status)
		}
	})
}

func unauthenticated(ctx context.Context, p *probe) error {
	want := http.StatusForbidden
	if p.assumed("unauthenticated") == "unauthorized" {
		want = http.StatusUnauthorized
	}
	return p.each(ctx, p.attempts()[:2], func(c call, a *answer) {
		switch {
		case !a.refused(): // ignored_auth tells
		case a.status == want:
			p.pass()
		default:
			p.fail(c.label, a, "%s: refused with %d; %d was assumed", c.label, a.status, want)
		}
	})
}
