package sequences

import (
	"context"

	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/suite/internal/call"
	"github.com/digakit/digakit/contract/suite/internal/items"
)

// nobody names nothing.
const nobody = "d19a0000-0000-4000-8000-00000000d19a"

// unlinked sends bodies that name what is not there.
func (t *story) unlinked(ctx context.Context) error {
	b, err := t.body(ctx, t.line, false)
	if err != nil {
		return err
	}
	tried := false
	for _, link := range t.line.Write.Links {
		at := link.Property
		if link.Many {
			at += "/*"
		}
		for _, pointer := range items.Pointers(b.Value, at) {
			bad := b
			bad.Value = call.Set(b.Value, pointer, nobody, false)
			if !link.Refused || !t.TakesBody(t.Op, b.Media, bad.Value) {
				continue
			}
			tried = true
			if err := t.names(ctx, spec.AnyIndex(pointer), &bad); err != nil {
				return err
			}
			break
		}
	}
	if !tried {
		return cannot("no body could be made that names what is not there")
	}
	return nil
}

func (t *story) names(ctx context.Context, name string, b *items.Body) error {
	place, reason, err := t.maker.Settle(ctx, t.Session, t.line, false, nil)
	if err != nil {
		return err
	}
	if place == nil {
		return cannot(reason)
	}
	c := place.Call(t.Op, b.Media, b.Value, true)
	c.Label = name + " names nothing"
	a, err := t.Send(ctx, t.Op, c)
	if err != nil {
		return err
	}
	t.made = append(t.made, t.maker.Adopt(t.Session, t.line, place, a, b.Value)...)
	switch {
	case a.Failed():
	case a.Status < 300:
		t.Fail(name, a, "%s names what is not there, and was accepted: answered %d; the document has 404 for that", name, a.Status)
	default:
		t.Pass()
	}
	return nil
}
