package paging

import (
	"context"
	"slices"

	"github.com/tidwall/gjson"
)

// keyCase is a key to make.
type keyCase struct {
	name        string
	permissions []string // nil: unrestricted
}

// makes makes a key of each case and shows it to judge.
func (p *pager) makes(ctx context.Context, name string, cases []keyCase, judge func(c keyCase, id, secret string) error) error {
	for _, c := range cases {
		id, secret, err := p.create(ctx, name, c.permissions)
		if err != nil {
			return err
		}
		if err := judge(c, id, secret); err != nil {
			return err
		}
	}
	return nil
}

func created(ctx context.Context, p *pager) error {
	cases := []keyCase{{"an unrestricted key", nil}}
	if p.list.permitted != nil {
		cases = append(cases, keyCase{"a key with all permissions", p.list.permitted})
	}
	return p.makes(ctx, "Verify_Created", cases, func(c keyCase, id, secret string) error {
		a, err := p.with(ctx, secret)
		if err != nil {
			return err
		}
		if a.Broken == "" && a.Status >= 400 {
			err = flawed(a, "answered %d to a key that was just made", a.Status)
		}
		p.settle(c.name+" works", err)
		p.settle(c.name+" is listed", p.listed(ctx, id, true))
		return nil
	})
}

// listed judges whether the list holds an item.
func (p *pager) listed(ctx context.Context, id string, want bool) error {
	k, err := p.walkBase(ctx, p.list.descending)
	if err != nil {
		return err
	}
	if k.stopped != "" {
		return cannot("%s", k.stopped)
	}
	n, seen := p.known.find(id)
	switch is := seen && k.seen.has(n); {
	case is == want:
		return nil
	case want:
		return flawed(nil, "it is not in the list")
	}
	return flawed(nil, "it is still in the list")
}

func createdFields(ctx context.Context, p *pager) error {
	cases := []keyCase{{"an unrestricted key", nil}}
	if all := p.list.permitted; len(all) > 0 {
		cases = append(cases, keyCase{"a key with one permission", all[:1]}, keyCase{"a key with every permission", all})
	}
	return p.makes(ctx, "Verify_Fields", cases, func(c keyCase, id, secret string) error {
		pg, err := p.fetch(ctx, ask{order: p.list.descending}) // with the newest items
		if err != nil {
			return err
		}
		raw, there := pg.json()[id]
		if !there {
			p.settle(c.name, cannot("a key that was just made is not on the first page"))
			return nil
		}
		p.settle(c.name, p.asMade(pg, gjson.Parse(raw), secret, c.permissions))
		if p.list.order != "" && p.known.text(pg.items[0]) != id {
			err = flawed(pg.Answer, "the key made last does not come first").under("order")
		}
		p.settle(c.name+" comes first", err)
		return nil
	})
}

// asMade compares what is shown of a key with what it was made with.
func (p *pager) asMade(pg *page, shown gjson.Result, secret string, permissions []string) error {
	if p.list.lastFour && len(secret) >= shownDigits && shown.Get("last_four_digits").Str != secret[len(secret)-shownDigits:] {
		return flawed(pg.Answer, "last_four_digits are not the last four characters of the key")
	}
	if !p.list.access {
		return nil
	}
	if restricted := shown.Get("restricted"); restricted.Bool() != (permissions != nil) {
		return flawed(pg.Answer, "restricted is %v for a key made with %d permissions (none: unrestricted)", restricted.Bool(), len(permissions))
	}
	if permissions == nil {
		return nil
	}
	var has []string
	for _, p := range shown.Get("permissions").Array() {
		has = append(has, p.Str)
	}
	slices.Sort(has)
	if want := slices.Sorted(slices.Values(permissions)); !slices.Equal(slices.Compact(has), want) {
		return flawed(pg.Answer, "%d permissions are shown, and it was made with %d others or more or fewer", len(has), len(want))
	}
	return nil
}

func deleted(ctx context.Context, p *pager) error {
	id, secret, err := p.create(ctx, "Verify_Deleted", nil)
	if err != nil {
		return err
	}
	a, err := p.with(ctx, secret) // so that a cache has it
	if err != nil {
		return err
	}
	if a.Status >= 400 {
		return cannot("a key that was just made does not work")
	}
	if err := p.remove(ctx, id); err != nil {
		return err
	}
	for _, name := range []string{"at once", "once more"} {
		a, err := p.with(ctx, secret)
		if err != nil {
			return err
		}
		if a.Broken == "" && !a.Refused() {
			err = flawed(a, "answered %d to a deleted key; a refusal (4xx) was to be seen", a.Status)
		}
		p.settle("it works no more, "+name, err)
	}
	p.settle("it is listed no more", p.listed(ctx, id, false))
	return nil
}

func isolated(ctx context.Context, p *pager) error {
	other, err := labList(ctx, p.Probe, p.list, 2)
	if err != nil {
		return err
	}
	theirs, err := other.filled(ctx, p.list.descending, 1)
	if err != nil {
		return err
	}
	ours, err := p.filled(ctx, p.list.descending, 1)
	if err != nil {
		return err
	}
	for at := range theirs.items {
		id := theirs.id(at)
		var err error
		if here, seen := p.known.find(id); seen && ours.seen.has(here) {
			err = flawed(nil, "an item of another project is in the list")
		}
		p.settle("no item of another project", err)
		for _, q := range p.list.taken(ask{}.beside(id)...) {
			p.settle("an item of another project is an unknown cursor with "+q.String(), p.asUnknown(p.fetch(ctx, q)))
		}
	}
	return nil
}

func permissions(ctx context.Context, p *pager) error {
	cases := []keyCase{{"a key without permissions", []string{}}, {"a key with every permission", p.list.permitted}}
	return p.makes(ctx, "Verify_Permissions", cases, func(c keyCase, _, secret string) error {
		a, err := p.with(ctx, secret)
		if err != nil {
			return err
		}
		if refused := len(c.permissions) == 0; a.Broken == "" && a.Refused() != refused {
			err = flawed(a, "answered %d; refused: %v was to be seen", a.Status, refused)
		}
		p.settle(c.name, err)
		return nil
	})
}
