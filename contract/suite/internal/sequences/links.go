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
func (t *story) unlinked(ctx context.Context) {
	b := t.body(ctx, t.line, false)
	tried := false
	for _, link := range t.line.Write.Links {
		at := link.Property
		if link.Many {
			at += "/*"
		}
		for _, pointer := range items.Pointers(b.Value, at) {
			bad := b.With(call.Set(b.Value, pointer, nobody, false))
			if !link.Refused || !t.TakesBody(t.Op, b.Media, bad.Value) {
				continue
			}
			tried = true
			name := spec.AnyIndex(pointer)
			_, a := t.create(ctx, t.settle(ctx, t.line, nil), bad, name+" names nothing")
			t.Refuses(name, a, "%s names what is not there, and was accepted: answered %d; the document has 404 for that", name, a.Status)
			break
		}
	}
	if !tried {
		cannot("no body could be made that names what is not there")
	}
}
