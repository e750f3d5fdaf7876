package paging

import (
	"context"
	"fmt"
	"slices"

	"github.com/tidwall/gjson"

	"github.com/digakit/digakit/contract/suite/internal/call"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// listsOf returns the lists to page through: the target's own, and with a lab some of
// known sizes next to which paging goes wrong; or one that the lab makes with so many keys.
func listsOf(ctx context.Context, p *session.Probe, l *listing, keys int) []*pager {
	if keys > 0 {
		return []*pager{labList(ctx, p, l, keys)}
	}
	if l.lists != nil {
		return l.lists
	}
	l.lists = []*pager{newPager(p, l)}
	sizes := []int{1, 3, 10, 11, 21}
	if n := l.defaultLimit; n > 3 && n <= 1000 {
		sizes = []int{1, 3, n, n + 1, 2*n + 1}
	}
	for _, n := range sizes {
		if l.lab {
			list := labList(ctx, p, l, n)
			list.name = fmt.Sprintf("a project of %d: ", n)
			l.lists = append(l.lists, list)
		}
	}
	return l.lists
}

// labList has the lab make a project. It goes when the session ends.
func labList(ctx context.Context, p *session.Probe, l *listing, keys int) *pager {
	lab := p.Target.Lab
	project, secret, err := lab.CreateProject(ctx, keys)
	endOn("made no project", err)
	p.Secrets = append(p.Secrets, secret)
	p.Cleanup = append(p.Cleanup, func(ctx context.Context) error { return lab.DeleteProject(ctx, project) })
	list := newPager(p, l)
	list.project, list.Auth = project, call.Credential{Kind: call.OtherKey, Secret: secret}
	return list
}

// key is one that the lab makes.
type key struct {
	name        string
	permissions []string // nil: unrestricted
	id, secret  string
}

// unlimited is a key that may do everything.
var unlimited = key{name: "an unrestricted key"}

// makes makes keys and shows each to judge.
func (p *pager) makes(ctx context.Context, name string, judge func(k key), keys ...key) {
	for _, k := range keys {
		if p.err != nil {
			return
		}
		var err error
		k.id, k.secret, err = p.Target.Lab.CreateKey(ctx, p.project, name, k.permissions)
		endOn("made no key", err)
		p.Secrets = append(p.Secrets, k.secret)
		judge(k)
	}
}

// remove deletes a key of the project.
func (p *pager) remove(ctx context.Context, k key) {
	if p.err == nil {
		endOn("deleted no key", p.Target.Lab.DeleteKey(ctx, p.project, k.id))
	}
}

// endOn ends the run where the lab failed at something.
func endOn(failed string, err error) {
	if err != nil {
		session.End(fmt.Errorf("suite: the lab %s: %w", failed, err))
	}
}

// expect settles a case by whether what was to be seen was.
func (p *pager) expect(name string, seen bool, a *session.Answer, format string, args ...any) {
	var err error
	if !seen {
		err = flawed(a, format, args...)
	}
	p.settle(name, err)
}

// open asks with a key.
func (p *pager) open(ctx context.Context, k key) *session.Answer {
	return p.send(ctx, call.Call{Auth: call.Credential{Kind: call.OtherKey, Secret: k.secret}})
}

// lists tells whether the list holds a key.
func (p *pager) lists(ctx context.Context, k key) bool {
	w := p.again(ctx, p.list.orders[0])
	p.fail(w.end)
	n, known := p.known.find(k.id)
	return known && w.seen.has(n)
}

func created(ctx context.Context, p *pager) {
	keys := []key{unlimited}
	if p.list.permitted != nil {
		keys = append(keys, key{name: "a key with all permissions", permissions: p.list.permitted})
	}
	p.makes(ctx, "Verify_Created", func(k key) {
		a := p.open(ctx, k)
		p.expect(k.name+" works", !a.Refused(), a, "answered %d to a key that was just made", a.Status)
		p.expect(k.name+" is listed", p.lists(ctx, k), nil, "it is not in the list")
	}, keys...)
}

func createdFields(ctx context.Context, p *pager) {
	keys := []key{unlimited}
	if all := p.list.permitted; len(all) > 0 {
		keys = append(keys, key{name: "a key with one permission", permissions: all[:1]}, key{name: "a key with every permission", permissions: all})
	}
	p.makes(ctx, "Verify_Fields", func(k key) {
		pg := p.fetch(ctx, ask{order: p.list.orders[0]}) // with the newest items
		shown, there := pg.raw()[k.id]
		if !there {
			p.settle(k.name, cannot("a key that was just made is not on the first page"))
			return
		}
		p.settle(k.name, p.asMade(pg, gjson.Parse(shown), k))
		var err error
		if p.list.order != "" && p.known.text(pg.items[0]) != k.id {
			err = flawed(pg.Answer, "the key made last does not come first").under("order")
		}
		p.settle(k.name+" comes first", err)
	}, keys...)
}

// asMade compares what is shown of a key with what it was made with.
func (p *pager) asMade(pg *page, shown gjson.Result, k key) error {
	var has []string
	for _, p := range shown.Get("permissions").Array() {
		has = append(has, p.Str)
	}
	slices.Sort(has)
	want, restricted := slices.Sorted(slices.Values(k.permissions)), shown.Get("restricted").Bool()
	switch {
	case p.list.lastFour && len(k.secret) >= shownDigits && shown.Get("last_four_digits").Str != k.secret[len(k.secret)-shownDigits:]:
		return flawed(pg.Answer, "last_four_digits are not the last four characters of the key")
	case p.list.access && restricted != (k.permissions != nil):
		return flawed(pg.Answer, "restricted is %v for a key made with %d permissions (none: unrestricted)", restricted, len(want))
	case p.list.access && restricted && !slices.Equal(slices.Compact(has), want):
		return flawed(pg.Answer, "%d permissions are shown, and it was made with %d others or more or fewer", len(has), len(want))
	}
	return nil
}

func deleted(ctx context.Context, p *pager) {
	p.makes(ctx, "Verify_Deleted", func(k key) {
		if a := p.open(ctx, k); a.Refused() { // so that a cache has it
			p.fail(cannot("a key that was just made does not work"))
			return
		}
		p.remove(ctx, k)
		for _, when := range []string{"at once", "once more"} {
			a := p.open(ctx, k)
			p.expect("it works no more, "+when, a.Refused(), a, "answered %d to a deleted key; a refusal (4xx) was to be seen", a.Status)
		}
		p.expect("it is listed no more", !p.lists(ctx, k), nil, "it is still in the list")
	}, unlimited)
}

func isolated(ctx context.Context, p *pager) {
	other := labList(ctx, p.Probe, p.list, 2)
	theirs, ours := other.base(ctx, p.list.orders[0], 1), p.base(ctx, p.list.orders[0], 1)
	if p.fail(other.err); p.err != nil {
		return
	}
	for at := range theirs.items {
		id := theirs.id(at)
		here, seen := p.known.find(id)
		p.expect("no item of another project", !seen || !ours.seen.has(here), nil, "an item of another project is in the list")
		for _, q := range p.list.beside(id, ask{}) {
			p.settle("an item of another project is an unknown cursor with "+q.String(), p.asUnknown(ctx, q))
		}
	}
}

func permissions(ctx context.Context, p *pager) {
	p.makes(ctx, "Verify_Permissions", func(k key) {
		a, none := p.open(ctx, k), len(k.permissions) == 0
		p.expect(k.name, a.Refused() == none, a, "answered %d; refused: %v was to be seen", a.Status, none)
	}, key{name: "a key without permissions", permissions: []string{}}, key{name: "a key with every permission", permissions: p.list.permitted})
}

// growingLimit is that of the pages of a list that grows.
const growingLimit = 3

// walkWhileCreating walks while a key is made before every request but the first.
func walkWhileCreating(ctx context.Context, p *pager) {
	for _, t := range p.list.tours() {
		base := p.base(ctx, t.order, 1)
		w := p.walk(ctx, t, growingLimit, func() { p.makes(ctx, "Verify_Meanwhile", func(key) {}, unlimited) })
		if w.doubled != nil {
			p.fail(w.doubled)
		}
		lost := base.shared(w, false)
		p.expect(ask{order: t.order}.caseName("with "+string(t.way)), len(lost) == 0, nil, "%d of %d items that were there all the time did not come", len(lost), len(base.items))
	}
}

func deletedCursor(ctx context.Context, p *pager) {
	var made []key
	p.makes(ctx, "Verify_Cursor", func(k key) { made = append(made, k) }, slices.Repeat([]key{unlimited}, 5)...)
	if p.err != nil {
		return
	}
	gone := made[2]
	p.afterDeletion(ctx, gone.id, func() { p.remove(ctx, gone) }, func(is, asUnknown string, pg *page) {
		err := p.assumed("deleted_cursor", is, pg, ", and not those that follow the place of the deleted one")
		if err == nil && p.Assumed("deleted_cursor") == "as_unknown" {
			err = p.assumed("unknown_cursor", asUnknown, pg, "")
		}
		p.settle(pg.asked.String(), err)
	})
}
