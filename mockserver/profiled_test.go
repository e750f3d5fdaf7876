package mockserver_test

import (
	"net/http"
	"slices"
	"strconv"
	"testing"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/mockserver"
)

// An id of no item is the documented 404; without one, what the profile says.
func TestMissingItemsByProfile(t *testing.T) {
	for _, alternative := range []mockserver.MissingItem{mockserver.MissingItemNotFound, mockserver.MissingItemInvalid} {
		t.Run(string(alternative), func(t *testing.T) {
			documents(t, func(t *testing.T, c *caller) {
				asked := 0
				for _, l := range c.plan.Lines {
					path, ok := c.paths(l)
					if !ok || l.Item == "" || !slices.Contains([]plan.Kind{plan.Read, plan.Update, plan.Delete, plan.Act}, l.Kind) {
						continue
					}
					path[l.Item] = unknownID(path[l.Item])
					g := c.send(l, path, nil, c.body(l))
					documented := l.Refusal("404") != nil
					asked++
					want, departs := http.StatusNotFound, !documented
					if !documented && alternative == mockserver.MissingItemInvalid {
						want, departs = http.StatusUnprocessableEntity, l.Refusal("422") == nil
					}
					if g.status != want || (g.departure != "") != departs {
						t.Errorf("%s answered %d, departing %q, want %d: %v", l.Name(), g.status, g.departure, want, g.body)
					}
				}
				if asked == 0 {
					t.Error("nothing was asked")
				}
			}, mockserver.WithProfile(mockserver.Profile{MissingItem: alternative}))
		})
	}
}

// unknownID is like an id, and the id of nothing.
func unknownID(id string) string {
	if n, err := strconv.Atoi(id); err == nil {
		return strconv.Itoa(n + 1_000_000)
	}
	if len(id) == 36 {
		return "2c6a1e1e-6f8b-4d0e-9d53-0a2e7f6f2b11"
	}
	return id + "-nothing"
}

// What is deleted is named by nothing where the document allows that; or it stays, with
// the 409 that is documented.
func TestDeletingWhatIsInUse(t *testing.T) {
	for _, alternative := range []mockserver.InUse{mockserver.InUseCascade, mockserver.InUseRefuse} {
		t.Run(string(alternative), func(t *testing.T) {
			documents(t, func(t *testing.T, c *caller) {
				used, linked := 0, false
				for _, l := range c.plan.Lines {
					path, ok := c.paths(l)
					if !ok || l.Item == "" || l.Kind != plan.Delete {
						continue
					}
					id := path[l.Item]
					before := c.naming(l.Collection, id)
					linked = linked || before > 0
					g := c.send(l, path, nil, c.body(l))
					after := c.naming(l.Collection, id)
					refused := g.status == http.StatusConflict && l.Refusal("409") != nil
					switch {
					case before == 0:
					case refused:
						used++
						if after != before || alternative == mockserver.InUseCascade && l.Refusal("409") == nil {
							t.Errorf("%s was refused, and %d of %d name it", l.Name(), after, before)
						}
					case alternative == mockserver.InUseRefuse && l.Refusal("409") != nil:
						t.Errorf("%s answered %d, and %d named it: %v", l.Name(), g.status, before, g.body)
					case g.status == l.Answer.Status:
						if used++; after != 0 {
							t.Errorf("%s: %d of %d still name it", l.Name(), after, before)
						}
					}
				}
				if linked != (used > 0) {
					t.Error("nothing that was in use was deleted or refused")
				}
			}, mockserver.WithProfile(mockserver.Profile{InUse: alternative}))
		})
	}
}

// naming counts the items that name one where they need not.
func (c *caller) naming(name, id string) (n int) {
	c.t.Helper()
	for _, l := range c.plan.Lines {
		by := c.plan.Collection(l.Collection)
		if l.Kind != plan.List || by.Of != "" || slices.ContainsFunc(by.Parents, func(p plan.Parameter) bool { return p.Collection == name }) {
			continue
		}
		for _, link := range by.Links {
			if link.Collection != name || !link.Nullable || link.Embedded {
				continue
			}
			path, ok := c.paths(l)
			if !ok {
				continue
			}
			for _, item := range items(l, c.send(l, path, nil, nil).body) {
				if v := deep(item, link.Property); v == id {
					n++
				}
			}
		}
	}
	return n
}
