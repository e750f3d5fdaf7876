package engine

import (
	"net/http"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/mockserver/store"
)

// join makes the item that the path names a member of a collection, or ends that.
func (t *tx) join(in bool) (Response, error) {
	c := t.collection(t.line.Collection)
	of := t.collection(c.Of)
	if of == nil {
		return t.kept()
	}
	id := t.r.Path[t.line.Item]
	t.open(of, "")
	item := t.s.Find(of.Name, id)
	if item == nil || !in && !t.isMember(c, item) {
		return Response{}, t.missing(of, id)
	}
	switch {
	case c.Flag != "":
		value := clone(item.Value)
		value[c.Flag] = in
		item = t.s.Set(of.Name, item, value, item.Views)
	case in && t.s.Get(c.Name, "", id) == nil:
		if _, err := t.s.Add(c.Name, "", id, map[string]any{}, nil); err != nil {
			return Response{}, err
		}
	case !in:
		t.s.Delete(c.Name, t.s.Get(c.Name, "", id))
	}
	return t.respond(of, item)
}

func (t *tx) isMember(c *plan.Collection, item *store.Item) bool {
	if c.Flag != "" {
		return item.Value[c.Flag] == true
	}
	return t.s.Get(c.Name, "", item.ID) != nil
}

// member returns the item of a collection of members by its id; nil: it is none.
func (t *tx) member(c *plan.Collection, id string) *store.Item {
	of := t.collection(c.Of)
	t.open(of, "")
	if item := t.s.Find(of.Name, id); item != nil && t.isMember(c, item) {
		return item
	}
	return nil
}

// singleton shows or changes the one object of a collection.
func (t *tx) singleton() (Response, error) {
	c := t.collection(t.line.Collection)
	in, _ := t.scope(c)
	if t.line.Item != "" && len(c.Parents) == 0 {
		in = t.r.Path[t.line.Item]
	}
	t.open(c, in)
	item := t.s.At(c.Name, in, 0)
	if item == nil {
		return t.kept()
	}
	if t.line.Write != nil {
		var err error
		if item, err = t.change(c, item, t.line.Method == http.MethodPut); err != nil {
			return Response{}, err
		}
	}
	return t.respond(c, item)
}

// kept answers with a made-up value that is the same each time: of the item that the
// path names, as long as there is that item. It carries over what it shares with the
// item, and with what was sent.
func (t *tx) kept() (Response, error) {
	a := t.line.Answer
	var item *store.Item
	c := t.collection(t.line.Collection)
	if c != nil && t.line.Kind == plan.View {
		if t.line.Item == "" {
			in, ok := t.scope(c)
			if ok {
				t.open(c, in)
			}
			item = t.pick(c, in, 0)
		} else if item = t.find(c, t.r.Path[t.line.Item]); item == nil {
			return Response{}, t.missing(c, t.r.Path[t.line.Item])
		}
	}
	if a.Media == "" {
		return Response{Status: a.Status}, nil
	}
	if item != nil && a.HasItem {
		return t.respond(c, item)
	}
	name, when := t.line.Name(), t.r.Now
	ids := store.Scope(t.path()...)
	key := t.s.Get(name, ids, "")
	if key == nil {
		v, err := t.e.maker.Value(t.e.doc.Schema(a.Schema), place(&plan.Collection{Name: name}, ids, 0, when))
		if err != nil {
			return Response{}, err
		}
		if key, err = t.s.Add(name, ids, "", map[string]any{"": v}, nil); err != nil {
			return Response{}, err
		}
	}
	body := key.Value[""]
	if object, ok := body.(map[string]any); ok {
		s := t.branch(t.e.doc.Schema(a.Schema), object)
		if item != nil {
			for _, p := range s.Properties() {
				if v, ok := item.Value[p.Name]; ok && t.fits(p.Schema, v) {
					body = set(body, "/"+p.Name, v)
				}
			}
		}
		for _, p := range s.Properties() {
			if v, ok := t.r.Path[p.Name]; ok && t.fits(p.Schema, v) {
				body = set(body, "/"+p.Name, v)
			}
		}
		for _, m := range a.Mappings {
			if item != nil {
				if v, ok := item.Value[m.From]; ok && s.Property(m.To) != nil && t.fits(s.Property(m.To), v) {
					body = set(body, "/"+m.To, v)
				}
			}
		}
	}
	return t.write(t.echo(body, 1))
}

// Impossible lists the operations that answer with a value that cannot be made, each
// with why, an error of package sample. It makes one of each.
func (e *Engine) Impossible(each func(l *plan.Line, why error)) {
	for _, l := range e.plan.Lines {
		if l.Answer.Schema == "" {
			continue
		}
		if _, err := e.maker.Value(e.doc.Schema(l.Answer.Schema), place(&plan.Collection{Name: l.Name()}, "", 0, firstDay)); err != nil {
			each(l, err)
		}
	}
}
