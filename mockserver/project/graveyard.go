package project

import "github.com/google/uuid"

// maxDeleted is how many deleted keys a project remembers.
const maxDeleted = 10_000

// graveyard remembers where deleted keys stood, so that a cursor may go on from
// there. When it is full, the oldest grave is given up.
type graveyard struct {
	byID  map[uuid.UUID]*Key
	order []uuid.UUID // oldest first
}

func (g *graveyard) bury(k *Key) {
	if g.byID == nil {
		g.byID = make(map[uuid.UUID]*Key)
	}
	if len(g.order) == maxDeleted {
		delete(g.byID, g.order[0])
		g.order = g.order[1:]
	}
	g.byID[k.ID] = &Key{ID: k.ID, Created: k.Created} // its place, no more
	g.order = append(g.order, k.ID)
}
