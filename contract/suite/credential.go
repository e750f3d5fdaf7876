package suite

import (
	"context"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/report"
)

// madeUpSecret is a key nobody has.
const madeUpSecret = "digakit-verify-nobody-has-this-key" //nolint:gosec // nobody's

// wantsKey is applies for operations that want a credential.
func wantsKey(s *session, o *contract.Operation) bool {
	return s.readable(o) && len(o.Security) > 0
}

// credentialChecks are about who may call.
func credentialChecks() []check {
	return []check{{
		id: "ignored_auth", severity: report.Error,
		explanation: "An operation that answers without a valid credential gives its data to everyone.",
		howToFix:    "refuse the request with the documented status before anything else is looked at",
		applies:     wantsKey,
		run:         ignoredAuth,
	}}
}

func ignoredAuth(ctx context.Context, p *probe) error {
	for _, c := range []struct {
		name string
		auth credential
	}{
		{"no credential", credential{kind: noKey}},
		{"unknown key", credential{kind: otherKey, secret: madeUpSecret}},
		{"empty bearer token", credential{kind: rawHeader, secret: "Bearer "}},
		{"scheme alone", credential{kind: rawHeader, secret: "Bearer"}},
		{"wrong scheme", credential{kind: rawHeader, secret: "Basic ZGlnYWtpdDp2ZXJpZnk="}}, //nolint:gosec // nobody's
	} {
		a, err := p.call(ctx, call{auth: c.auth})
		if err != nil {
			return err
		}
		switch {
		case a.broken != "":
		case a.refused():
			p.pass()
		default:
			p.fail(c.name, a, "%s: answered %d; a refusal (4xx) was to be seen", c.name, a.status)
		}
	}
	return nil
}
