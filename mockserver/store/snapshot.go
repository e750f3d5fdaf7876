package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"iter"
)

// Snapshot is everything in a store as data.
type Snapshot struct {
	Next        uint64                        `json:"next"` // number of the last item made
	Collections map[string]CollectionSnapshot `json:"collections,omitempty"`
}

// CollectionSnapshot is one collection as data.
type CollectionSnapshot struct {
	Made   int                       `json:"made"` // items that it was ever given
	Scopes map[string][]ItemSnapshot `json:"scopes"`
}

// ItemSnapshot is one item as data.
type ItemSnapshot struct {
	ID     string                    `json:"id"`
	Number uint64                    `json:"number"`
	Value  map[string]any            `json:"value"`
	Views  map[string]map[string]any `json:"views,omitempty"`
}

// UnmarshalJSON keeps the digits of numbers.
func (i *ItemSnapshot) UnmarshalJSON(text []byte) error {
	type plain ItemSnapshot
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	return d.Decode((*plain)(i))
}

// Snapshot returns everything in the store but where deleted items stood.
func (s *Store) Snapshot() (shot Snapshot) {
	s.View(func() {
		shot = Snapshot{Next: s.next, Collections: map[string]CollectionSnapshot{}}
		for name, c := range s.collections {
			kept := CollectionSnapshot{Made: c.made, Scopes: map[string][]ItemSnapshot{}}
			for in := range c.scopes {
				kept.Scopes[in] = []ItemSnapshot{}
				for _, i := range s.All(name, in) {
					kept.Scopes[in] = append(kept.Scopes[in], ItemSnapshot{ID: i.ID, Number: i.Number, Value: i.Value, Views: i.Views})
				}
			}
			shot.Collections[name] = kept
		}
	})
	return shot
}

// Items are all items of a snapshot, by the names of their collections.
func (shot Snapshot) Items() iter.Seq2[string, ItemSnapshot] {
	return func(yield func(string, ItemSnapshot) bool) {
		for name, c := range shot.Collections {
			for _, items := range c.Scopes {
				for _, i := range items {
					if !yield(name, i) {
						return
					}
				}
			}
		}
	}
}

// From returns a store with the content of a snapshot. It fails when an id or number
// stands twice.
func From(shot Snapshot) (*Store, error) {
	s := New()
	s.next = shot.Next
	numbers := map[uint64]bool{}
	for name, kept := range shot.Collections {
		c := s.collection(name)
		c.made = kept.Made
		for in, items := range kept.Scopes {
			to := c.scope(in)
			for _, i := range items {
				if to.byID[i.ID] != nil || numbers[i.Number] || i.Number > s.next {
					return nil, errors.New("store: the snapshot has an item twice, or a number beyond its last: " + name + " " + i.ID)
				}
				numbers[i.Number] = true
				c.put(&Item{ID: i.ID, Scope: in, Number: i.Number, Value: i.Value, Views: i.Views})
			}
		}
	}
	return s, nil
}
