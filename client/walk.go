package client

import (
	"fmt"

	"github.com/oapi-codegen/runtime/types"

	"github.com/digakit/digakit/gen"
)

// walk holds the cursor of an iterator and notices when it does not advance. It
// remembers cursors, 16 bytes for each page, and no keys.
type walk struct {
	params *gen.ListAPIKeysParams
	seen   map[types.UUID]bool
}

func newWalk(l *listing) *walk {
	w := &walk{params: l.params(), seen: map[types.UUID]bool{}}
	if cursor := w.cursor(); cursor != nil {
		w.seen[*cursor] = true
	}
	return w
}

// cursor is the one of the request just sent, or nil at the start.
func (w *walk) cursor() *types.UUID {
	if w.params.Before != nil {
		return w.params.Before
	}
	return w.params.After
}

// check refuses a page that has been here before: it holds the key it was to
// start behind, or ends where an earlier page ended. Its keys would be visited
// twice, and perhaps for ever.
func (w *walk) check(page *gen.APIKeyPage) error {
	if cursor := w.cursor(); cursor != nil {
		for _, key := range page.Data {
			if key.ID == *cursor {
				return fmt.Errorf("%w: the page that goes on from cursor %s holds that very key", ErrPageLoop, cursor)
			}
		}
	}
	if next, name := w.next(page); next != nil && len(page.Data) > 0 && w.seen[*next] {
		return fmt.Errorf("%w: %s %s has been the cursor before", ErrPageLoop, name, next)
	}
	return nil
}

// advance makes params those of the next page. Its error matters only where the
// page says that there is one.
func (w *walk) advance(page *gen.APIKeyPage) error {
	next, name := w.next(page)
	switch {
	case len(page.Data) == 0:
		return fmt.Errorf("%w: an empty page says has_more", ErrPageLoop)
	case next == nil:
		return fmt.Errorf("%w: a page says has_more but has no %s", ErrPageLoop, name)
	}
	w.seen[*next] = true
	if w.params.Before != nil {
		w.params.Before = next
	} else {
		w.params.After = next
	}
	return nil
}

// next is the cursor that page offers, nil where it is null or absent, and the
// name of the member it stands in.
func (w *walk) next(page *gen.APIKeyPage) (*types.UUID, string) {
	id, name := page.LastID, "last_id"
	if w.params.Before != nil {
		id, name = page.FirstID, "first_id"
	}
	next, err := id.Get()
	if err != nil {
		return nil, name
	}
	return &next, name
}
