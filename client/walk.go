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

// check refuses a page that holds the key it was to start after: the server
// does not understand the cursor, and would send the same page for ever.
func (w *walk) check(page *gen.APIKeyPage) error {
	cursor := w.cursor()
	if cursor == nil {
		return nil
	}
	for _, key := range page.Data {
		if key.ID == *cursor {
			return fmt.Errorf("%w: the page after cursor %s holds that very key", ErrPageLoop, cursor)
		}
	}
	return nil
}

// advance makes params those of the next page. Its error matters only where the
// page says that there is one.
func (w *walk) advance(page *gen.APIKeyPage) error {
	id, name := page.LastID, "last_id"
	if w.params.Before != nil {
		id, name = page.FirstID, "first_id"
	}
	if len(page.Data) == 0 {
		return fmt.Errorf("%w: an empty page says has_more", ErrPageLoop)
	}
	next, err := id.Get()
	if err != nil { // null, or not there
		return fmt.Errorf("%w: a page says has_more but has no %s", ErrPageLoop, name)
	}
	if w.seen[next] {
		return fmt.Errorf("%w: %s %s has been the cursor before", ErrPageLoop, name, next)
	}
	w.seen[next] = true
	if w.params.Before != nil {
		w.params.Before = &next
	} else {
		w.params.After = &next
	}
	return nil
}
