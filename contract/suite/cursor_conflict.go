package suite

import (
	"context"
	"errors"
	"strconv"
)

// asRefusal is the refusal in an error.
func asRefusal(err error) (*refusal, bool) { return errors.AsType[*refusal](err) }

// conflictingCursors sends both cursors.
func conflictingCursors(ctx context.Context, r *round) error {
	base, err := r.base(ctx, r.list.main())
	if err != nil {
		return err
	}
	if len(base.items) == 0 {
		return cannot("no items to be named by cursors")
	}
	for _, c := range []struct {
		name string
		of   func(first, last string) string
	}{
		{"after the first, before the last", func(first, last string) string { return query("after", first, "before", last) }},
		{"before the last, after the first", func(first, last string) string { return query("before", last, "after", first) }},
		{"after the last, before the first", func(first, last string) string { return query("after", last, "before", first) }},
		{"both the same", func(first, _ string) string { return query("after", first, "before", first) }},
		{"both, with a limit", func(first, last string) string {
			return query("after", first, "before", last, "limit", strconv.Itoa(r.list.defaultLimit))
		}},
		{"both, with an order", func(first, last string) string {
			return query("after", first, "before", last, "order", r.list.defaultOrder)
		}},
	} {
		if (c.name == "both, with a limit" && r.list.defaultLimit == 0) || (c.name == "both, with an order" && r.list.defaultOrder == "") {
			continue
		}
		err := r.try(ctx, c.name, func() error {
			base, err := r.base(ctx, r.list.main()) // anew: it may have changed
			if err != nil {
				return err
			}
			n := len(base.items)
			if n == 0 {
				return cannot("no items to be named by cursors")
			}
			return r.conflict(ctx, c.of(r.known.text(base.items[0]), r.known.text(base.items[n-1])))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// conflict judges one such request. No change of data makes it right.
func (r *round) conflict(ctx context.Context, query string) error {
	a, err := r.send(ctx, r.probe.op, call{query: query, auth: r.auth})
	if err != nil {
		return err
	}
	want := r.list.conflict
	pg := &page{request: a.request, status: a.status}
	switch {
	case a.broken != "":
		return cannot("an answer broke off")
	case a.status != want.status:
		return flawed(pg, "answered %d; the document answers %d to both cursors", a.status, want.status).beyondChange()
	case len(a.violations) > 0 || want.property == "":
		return nil // its form is another check's
	}
	var body map[string]any
	if err := a.decode(&body); err != nil {
		return cannot("the refusal is no JSON object")
	}
	if body[want.property] != want.code {
		return flawed(pg, "%s is not %s, as in the documented example", want.property, want.code).beyondChange()
	}
	return nil
}
