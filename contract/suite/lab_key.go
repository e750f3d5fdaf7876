package suite

import (
	"context"
	"slices"

	"github.com/tidwall/gjson"

	"github.com/digakit/digakit/contract/report"
)

// labKeyChecks make and delete keys and look what becomes of them.
func labKeyChecks() []check {
	keys := func(*listing) bool { return true }
	return []check{
		{
			id: "ensure_resource_availability", severity: report.Error,
			explanation: "A key that was just made works, and is in the list: callers use it at once.",
			howToFix:    "make the key known everywhere before its creation is answered",
			applies:     inLab(keys), run: inProject(3, created),
		},
		{
			id: "created_key", severity: report.Error,
			explanation: "The list tells of a key what it was made with: its last characters, whether it is restricted, and to what.",
			howToFix:    "show the last four characters of the key that was handed out, and its permissions as they were asked for",
			applies:     inLab(keys), run: inProject(3, createdFields),
		},
		{
			id: "use_after_free", severity: report.Error,
			explanation: "A key is deleted because it must not work any more; one that goes on working stays open to whoever has it.",
			howToFix:    "refuse a deleted key from the next request on, caches included, and leave it out of the list",
			applies:     inLab(keys), run: inProject(3, deleted),
		},
		{
			id: "isolation", severity: report.Error,
			explanation: "A key opens its own project alone: what is in another one must not be seen, not even as a cursor.",
			howToFix:    "select by the project of the key in every query, the one for the cursor included",
			applies:     inLab(keys), run: inProject(3, isolated),
		},
		{
			id: "permission_required", severity: report.Warning, assumption: "list_permission",
			explanation: "Listing keys needs a permission: a key without any is refused, one with all of them is not.",
			howToFix:    "look at the permissions of the key before anything is answered",
			applies:     inLab(func(l *listing) bool { return len(l.permitted) > 0 }), run: inProject(2, permissions),
		},
	}
}

// newest is the page with the newest items, and their JSON.
func (l *lab) newest(ctx context.Context) (*page, map[itemID][]byte, error) {
	pg, body, err := l.fetchBody(ctx, ask{order: l.list.main()})
	if err != nil {
		return nil, nil, err
	}
	return pg, l.itemsOf(body), nil
}

func created(ctx context.Context, l *lab) error {
	for _, c := range []struct {
		name        string
		permissions []string
	}{{"an unrestricted key", nil}, {"a key with all permissions", l.list.permitted}} {
		if c.permissions == nil && c.name != "an unrestricted key" {
			continue // the document lists none
		}
		id, secret, err := l.create(ctx, "Verify_Created", c.permissions)
		if err != nil {
			return err
		}
		a, err := l.with(ctx, secret)
		if err != nil {
			return err
		}
		err = nil
		if a.broken == "" && a.status >= 400 {
			err = flawed(&page{request: a.request, status: a.status}, "answered %d to a key that was just made", a.status)
		}
		if err := l.settled(c.name+" works", err); err != nil {
			return err
		}
		err = l.listed(ctx, id, true)
		if err := l.settled(c.name+" is listed", err); err != nil {
			return err
		}
	}
	return nil
}

// listed judges whether the list holds an item.
func (l *lab) listed(ctx context.Context, id string, want bool) error {
	k, err := l.walk(ctx, baseWay(l.list), l.list.main(), l.list.largest())
	if err != nil {
		return err
	}
	if k.stopped != "" {
		return cannot("%s", k.stopped)
	}
	n, seen := l.known.find(l.known.identify(id))
	switch is := seen && k.seen.has(n); {
	case is == want:
		return nil
	case want:
		return flawed(nil, "it is not in the list")
	}
	return flawed(nil, "it is still in the list")
}

func createdFields(ctx context.Context, l *lab) error {
	cases := []struct {
		name        string
		permissions []string
	}{{"an unrestricted key", nil}}
	if all := l.list.permitted; len(all) > 0 {
		cases = append(cases, struct {
			name        string
			permissions []string
		}{"a key with one permission", all[:1]}, struct {
			name        string
			permissions []string
		}{"a key with every permission", all})
	}
	for _, c := range cases {
		id, secret, err := l.create(ctx, "Verify_Fields", c.permissions)
		if err != nil {
			return err
		}
		pg, items, err := l.newest(ctx)
		if err != nil {
			return err
		}
		raw, there := items[l.known.identify(id)]
		if !there {
			err = cannot("a key that was just made is not on the first page")
		} else {
			err = l.asMade(pg, gjson.ParseBytes(raw), secret, c.permissions)
		}
		if err := l.settled(c.name, err); err != nil {
			return err
		}
		if !there {
			continue
		}
		err = nil
		if l.list.order && l.textOf(pg.items[0]) != id {
			f := flawed(pg, "the key made last does not come first")
			f.assumption = "order"
			err = f
		}
		if err := l.settled(c.name+" comes first", err); err != nil {
			return err
		}
	}
	return nil
}

// asMade compares what is shown of a key with what it was made with.
func (l *lab) asMade(pg *page, shown gjson.Result, secret string, permissions []string) error {
	if l.list.lastFour && len(secret) >= shownDigits && shown.Get("last_four_digits").Str != secret[len(secret)-shownDigits:] {
		return flawed(pg, "last_four_digits are not the last four characters of the key")
	}
	if !l.list.access {
		return nil
	}
	if restricted := shown.Get("restricted"); restricted.Bool() != (permissions != nil) {
		return flawed(pg, "restricted is %v for a key made with %d permissions (none: unrestricted)", restricted.Bool(), len(permissions))
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
		return flawed(pg, "%d permissions are shown, and it was made with %d others or more or fewer", len(has), len(want))
	}
	return nil
}

func deleted(ctx context.Context, l *lab) error {
	id, secret, err := l.create(ctx, "Verify_Deleted", nil)
	if err != nil {
		return err
	}
	// Seen to work before, so that a cache has it.
	if a, err := l.with(ctx, secret); err != nil || a.status >= 400 {
		if err == nil {
			err = l.settled("it works no more", cannot("a key that was just made does not work"))
		}
		return err
	}
	if err := l.remove(ctx, id); err != nil {
		return err
	}
	for _, name := range []string{"at once", "once more"} {
		a, err := l.with(ctx, secret)
		if err != nil {
			return err
		}
		if a.broken == "" && !a.refused() {
			err = flawed(&page{request: a.request, status: a.status}, "answered %d to a deleted key; a refusal (4xx) was to be seen", a.status)
		}
		if err := l.settled("it works no more, "+name, err); err != nil {
			return err
		}
	}
	return l.settled("it is listed no more", l.listed(ctx, id, false))
}

func isolated(ctx context.Context, l *lab) error {
	other, err := l.labWorld(ctx, l.probe.op, 2)
	if err != nil {
		return err
	}
	theirs, err := other.base(ctx, l.list.main())
	if err != nil {
		return err
	}
	ours, err := l.base(ctx, l.list.main())
	if err != nil {
		return err
	}
	if len(theirs.items) == 0 || len(ours.items) == 0 {
		return cannot("a project without items")
	}
	for _, n := range theirs.items {
		var flaw error
		if here, seen := l.known.find(other.known.ids[n]); seen && ours.seen.has(here) {
			flaw = flawed(nil, "an item of another project is in the list")
		}
		if err := l.settled("no item of another project", flaw); err != nil {
			return err
		}
		for _, q := range []ask{{after: other.known.text(n)}, {before: other.known.text(n)}} {
			if !l.list.takes(q) {
				continue
			}
			pg, err := l.fetch(ctx, q)
			if err := l.settled("an item of another project is an unknown cursor with "+q.String(), l.asUnknown(pg, err, "unknown_cursor")); err != nil {
				return err
			}
		}
	}
	return nil
}

func permissions(ctx context.Context, l *lab) error {
	for _, c := range []struct {
		name        string
		permissions []string
		refused     bool
	}{{"a key without permissions", []string{}, true}, {"a key with every permission", l.list.permitted, false}} {
		_, secret, err := l.create(ctx, "Verify_Permissions", c.permissions)
		if err != nil {
			return err
		}
		a, err := l.with(ctx, secret)
		if err != nil {
			return err
		}
		if a.broken == "" && a.refused() != c.refused {
			err = flawed(&page{request: a.request, status: a.status}, "answered %d; refused: %v was to be seen", a.status, c.refused)
		}
		if err := l.settled(c.name, err); err != nil {
			return err
		}
	}
	return nil
}
