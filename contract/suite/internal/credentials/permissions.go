package credentials

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/suite/internal/call"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// keys are those that were made to try permissions one by one, by what they may.
type keys map[string]string

// oneByOne calls an operation with a key that has exactly one permission it needs, and
// with one that has all others. What changes data is asked for something that is not
// there, without a body: who may not is refused before that is looked at.
func (k keys) oneByOne(ctx context.Context, p *session.Probe) {
	needs := p.Target.Needs(p.Op)
	row := report.Permission{Operation: p.Op.Name(), Needs: needs}
	others := []string{} // not nil: that is all
	for _, o := range p.Operations {
		for _, permission := range p.Target.Needs(o) {
			if !slices.Contains(others, permission) && !slices.Contains(needs, permission) && k.secret(ctx, p, []string{permission}) != "" {
				others = append(others, permission)
			}
		}
	}
	slices.Sort(others)
	try := func(name, label string, permissions []string, served bool, told string) int {
		a := k.try(ctx, p, label, permissions)
		if a != nil && !a.Failed() {
			p.Expect(a.Denied() != served, name, a, "a key with %s"+told, label, a.Status)
		}
		return cmp.Or(a, &session.Answer{}).Status
	}
	names := needs
	if len(names) == 0 {
		names = []string{""}
	}
	for i, permission := range names {
		label, permissions := "exactly "+permission, []string{permission}
		if permission == "" {
			label, permissions = "no permission", []string{}
		}
		if status := try(label, label, permissions, true, " is refused with %d"); i == 0 {
			row.With = status
		}
	}
	if len(needs) > 0 {
		row.Without = try("all others", "all permissions but "+strings.Join(needs, ", "), others, false, ": answered %d; 403 was to be seen")
	}
	p.Report.Permissions = append(p.Report.Permissions, row)
}

// parameters matches those of a path.
var parameters = regexp.MustCompile(`\{[^{}]*\}`)

// secret is that of a key with permissions, made when first asked for; empty when the
// server makes none, as for a permission that it does not have.
func (k keys) secret(ctx context.Context, p *session.Probe, permissions []string) string {
	name := strings.Join(permissions, " ")
	if secret, tried := k[name]; tried {
		return secret
	}
	lab := p.Target.Lab
	id, secret, err := lab.CreateKey(ctx, "", "Verify_Permissions", permissions)
	if err != nil {
		secret = ""
	} else {
		p.Secrets = append(p.Secrets, secret)
		p.Cleanup = append(p.Cleanup, func(ctx context.Context) error { return lab.DeleteKey(ctx, "", id) })
	}
	k[name] = secret
	return secret
}

// try calls the operation with a key that has these permissions; nil, which has been told,
// where there is none.
func (k keys) try(ctx context.Context, p *session.Probe, label string, permissions []string) *session.Answer {
	secret := k.secret(ctx, p, permissions)
	if secret == "" {
		p.Skip("no key could be made with " + label)
		return nil
	}
	c := call.Call{}
	if _, reason := p.Required(p.Op); reason != "" || !session.ReadOnly(p.Session, p.Op) {
		c = call.Compose(p.Op, nil)
		c.Path = parameters.ReplaceAllString(c.Path, "d19a0000-0000-4000-8000-00000000d19a")
	}
	c.Label, c.About, c.Auth = label, "credential", call.Credential{Kind: call.OtherKey, Secret: secret, Variable: "DIGAKIT_OTHER_KEY"}
	return p.Call(ctx, c)
}

// triable is applies for operations whose permissions can be tried one by one.
func triable(s *session.Session, o *contract.Operation) bool {
	return s.Target.Lab != nil && s.Target.Needs != nil && session.WantsCredential(o) && (s.Target.Disposable || session.ReadOnly(s, o))
}
