// Package credentials holds the checks of who may call an operation.
package credentials

import (
	"context"
	"net/http"
	"strings"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/suite/internal/call"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// Checks lists the checks of credentials.
func Checks() []session.Check {
	return []session.Check{
		{ID: "ignored_auth", Severity: report.Error,
			Why:  "An operation that answers without a valid credential gives its data to everyone.",
			Fix:  "refuse the request with the documented status before anything else is looked at",
			Work: session.Work{Applies: wantsKey, Run: ignoredAuth}},
		{ID: "auth_scheme_case", Severity: report.Warning,
			Why:  "The name of an authentication scheme is case-insensitive (RFC 9110, 11.1); clients write it in lower case, too.",
			Fix:  "compare the scheme without regard to case",
			Work: session.Work{Applies: session.Both(wantsKey, func(_ *session.Session, o *contract.Operation) bool { return wantsBearer(o) }), Run: authSchemeCase}},
		{ID: "insufficient_permission", Severity: report.Error,
			Why:  "A key that may not call an operation and can is more powerful than who made it believes.",
			Fix:  "refuse it with the documented status (403) before anything else is looked at",
			Work: session.Work{Applies: wantsKey, Run: insufficientPermission}},
		{ID: "unauthenticated", Severity: report.Warning, Assumption: "unauthenticated",
			Why:  "Callers tell a missing or unknown key from other mistakes by the status.",
			Fix:  "answer with the status that was assumed, or assume the other",
			Work: session.Work{Applies: wantsKey, Run: unauthenticated}.Assumed("unauthenticated")},
		{ID: "permissions_one_by_one", Severity: report.Error,
			Why:  "A key is restricted so that it can do little harm: with its one permission it must do its work, and without it nothing of that.",
			Fix:  "ask for the permission of each operation, and for no other",
			Work: session.Work{Applies: triable, Run: keys{}.oneByOne, Settles: true}},
	}
}

// minAlteredKey is how long a key must be to be tried in altered forms, in
// bytes: what is left of a short one may be somebody's.
const minAlteredKey = 12

// wantsKey is applies for operations that want a credential.
func wantsKey(s *session.Session, o *contract.Operation) bool {
	return session.ReadOnly(s, o) && session.WantsCredential(o)
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
func tried(name string, kind call.CredentialKind, secret string) call.Call {
	return call.Call{Auth: call.Credential{Kind: kind, Secret: secret}, About: "credential", Label: name}
}

// attempts lists what to try on an operation, the simplest first.
func attempts(p *session.Probe) []call.Call {
	list := []call.Call{tried("no credential", call.NoKey, ""), tried("unknown key", call.OtherKey, session.MadeUpSecret)}
	if wantsBearer(p.Op) {
		raw := func(edge bool, name, header string) { // edge: a server may refuse the header as such
			c := tried(name, call.RawHeader, header)
			c.Edge = edge
			list = append(list, c)
		}
		raw(false, "empty header", "")
		raw(false, "empty bearer token", "Bearer ")
		raw(false, "scheme alone", "Bearer")
		raw(false, "wrong scheme", "Basic ZGlnYWtpdDp2ZXJpZnk=")
		raw(false, "token without a scheme", session.MadeUpSecret)
		raw(true, "two tokens", "Bearer "+session.MadeUpSecret+" "+session.MadeUpSecret)
		raw(true, "letters beyond ASCII", "Bearer ключ")
		raw(true, "bytes that are no text", "Bearer \xff\xfe")
		raw(true, "tab in the token", "Bearer digakit\tverify")
		raw(true, "quoted token", `Bearer "`+session.MadeUpSecret+`"`)
		raw(true, "token of 4 kB", "Bearer "+strings.Repeat("k", 4096))
		list = append(list, misplaced(p)...)
	}
	return append(list, altered(p)...)
}

// misplaced is the real key where the document does not want it. Into a URL it
// is put on loopback alone: elsewhere URLs end up in logs.
func misplaced(p *session.Probe) []call.Call {
	if p.Target.Key == "" {
		return nil
	}
	header := tried("real key in another header", call.NoKey, "")
	header.Header = http.Header{"X-Api-Key": {p.Target.Key}}
	list := []call.Call{header, tried("real key with another scheme", call.RawHeader, "Token "+p.Target.Key)}
	if session.Loopback(p.Root.Hostname()) {
		inQuery := tried("real key in the query", call.NoKey, "")
		inQuery.Query = call.Query("api_key", p.Target.Key)
		list = append(list, inQuery)
	}
	return list
}

// altered is the real key, changed a little.
func altered(p *session.Probe) []call.Call {
	key := p.Target.Key
	if len(key) < minAlteredKey {
		return nil
	}
	var list []call.Call
	add := func(name, secret, variable string) {
		c := tried("real key, "+name, call.OtherKey, secret)
		c.Auth.Variable = variable
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
	if other := call.OtherCase(key); other != key && strings.Trim(key, "0123456789abcdefABCDEF-") != "" {
		add("in another case", other, `(printf %s "$DIGAKIT_KEY" | tr a-zA-Z A-Za-z)`)
	}
	return list
}

// ignoredAuth tells what was taken that opens nothing: where no key is wanted, or any,
// all of it is that one flaw.
func ignoredAuth(ctx context.Context, p *session.Probe) {
	first := "" // kind of what was taken
	p.Each(ctx, attempts(p), func(c call.Call, a *session.Answer) {
		switch {
		case a.Refused():
			p.Pass()
		case a.Status >= 200 && a.Status < 300:
			kind := kindOf(c)
			if first == "" {
				first = kind
			}
			if first == anyKey {
				kind = anyKey
			}
			p.Flaw(kind, c.Label, a, "%s: answered %d; a refusal (4xx) was to be seen", c.Label, a.Status)
		}
	})
}

// anyKey is the kind of flaw that an operation has which wants no key, or takes any.
const anyKey = "any"

// kindOf is what a credential that is taken says of the server.
func kindOf(c call.Call) string {
	switch {
	case c.Auth.Kind == call.RawHeader:
		return "malformed"
	case c.Header != nil || c.Query != "":
		return "misplaced"
	case c.Auth.Variable != "":
		return "altered"
	}
	return anyKey
}

func authSchemeCase(ctx context.Context, p *session.Probe) {
	if a := p.Greetings[p.Op]; a == nil || !a.Success() || p.Target.Key == "" {
		session.Cannot("the key opens nothing here")
	}
	var calls []call.Call
	for _, scheme := range []string{"bearer", "BEARER"} {
		calls = append(calls, call.Call{Auth: call.Credential{Kind: call.RawHeader, Secret: scheme + " " + p.Target.Key}})
	}
	p.Each(ctx, calls, func(c call.Call, a *session.Answer) {
		if scheme, _, _ := strings.Cut(c.Auth.Secret, " "); a.Refused() {
			p.Flaw("", scheme, a, "the key is refused with %d when the scheme is written %q", a.Status, scheme)
		} else {
			p.Pass()
		}
	})
}

func insufficientPermission(ctx context.Context, p *session.Probe) {
	failed := session.Try(func() { p.Accepted() })
	switch {
	case p.Target.DeniedKey == "":
		session.Cannot("no key without permission was given")
	case p.Target.Needs != nil && len(p.Target.Needs(p.Op)) == 0:
		session.Cannot("every key may call it")
	case p.Target.Needs == nil && p.Op.Response(http.StatusForbidden) == nil:
		session.Cannot("the document has no 403 for it: whether it wants a permission is open")
	case failed != "":
		session.Cannot("the key itself opens nothing here: " + failed)
	}
	denied := call.Call{Auth: call.Credential{Kind: call.OtherKey, Secret: p.Target.DeniedKey}}
	p.Each(ctx, []call.Call{denied}, func(_ call.Call, a *session.Answer) {
		switch {
		case a.Denied(), a.Status == http.StatusNotFound: // hidden
			p.Pass()
		case a.Refused():
			p.Fail("denied key", a, "the key without permission is refused with %d, as if the request was at fault; 403 was to be seen", a.Status)
		case a.Status < 300:
			p.Fail("denied key", a, "the key without permission: answered %d; 403 was to be seen", a.Status)
		}
	})
}

func unauthenticated(ctx context.Context, p *session.Probe) {
	want := http.StatusForbidden
	if p.Assumed("unauthenticated") == "unauthorized" {
		want = http.StatusUnauthorized
	}
	p.Each(ctx, attempts(p)[:2], func(c call.Call, a *session.Answer) {
		if a.Refused() { // else ignored_auth tells
			p.Expect(a.Status == want, c.Label, a, "%s: refused with %d; %d was assumed", c.Label, a.Status, want)
		}
	})
}
