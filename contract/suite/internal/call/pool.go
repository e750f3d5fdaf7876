package call

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/spec"
)

// Bounds of what is remembered of answers.
const (
	maxPooled     = 8   // values of one name
	maxPooledText = 128 // bytes
)

// pool holds values seen in answers: a parameter that names something needs the name
// of something that is there.
type pool struct {
	items  map[string][]string // by collection and property: identities, and opaque cursors by path
	values map[string][]string // by name of a property, wherever it stood
	filled map[string]bool     // by path: the answer held a list with something in it
}

func newPool() *pool {
	return &pool{items: map[string][]string{}, values: map[string][]string{}, filled: map[string]bool{}}
}

// Learn remembers the values that an answer of an operation shows.
func (d *Document) Learn(o *contract.Operation, body []byte) {
	root := gjson.ParseBytes(body)
	d.pool.filled[o.Path] = d.pool.collect(root, "", 0)
	line := d.Line(o)
	if line == nil {
		return
	}
	if line.List != nil && line.List.Paging.Opaque {
		remember(d.pool.items, o.Path, Part(root, line.List.Member(plan.NextCursor).Pointer))
	}
	c := d.Shown(line)
	if c == nil || !line.Answer.HasItem {
		return
	}
	shown := []gjson.Result{Part(root, line.Answer.Data)}
	if line.Answer.Items {
		shown = shown[0].Array()
	}
	for _, one := range shown {
		for _, i := range c.Identity {
			if i.Property != "" {
				remember(d.pool.items, c.Name+" "+i.Property, Part(one, spec.Join("", i.Property)))
			}
		}
	}
}

// Forget forgets what answers showed.
func (d *Document) Forget() { d.pool = newPool() }

// Line is what an operation is for; nil when the plan does not say.
func (d *Document) Line(o *contract.Operation) *plan.Line { return d.lines[o] }

// Operation is that of a line; nil when the document has none.
func (d *Document) Operation(l *plan.Line) *contract.Operation {
	i := slices.IndexFunc(d.Operations, func(o *contract.Operation) bool { return l != nil && d.lines[o] == l })
	if i < 0 {
		return nil
	}
	return d.Operations[i]
}

// Shown is the collection whose items the answer of a line shows; nil when it shows none.
func (d *Document) Shown(l *plan.Line) *plan.Collection {
	return d.Plan.Collection(cmp.Or(l.Answer.Of, l.Collection))
}

// Part is what stands in JSON at an RFC 6901 pointer.
func Part(root gjson.Result, pointer string) gjson.Result {
	for _, segment := range spec.Tokens(pointer) {
		root = root.Get(gjson.Escape(segment))
	}
	return root
}

// remember adds the text of a scalar under a name.
func remember(all map[string][]string, name string, v gjson.Result) {
	text := v.String()
	if (v.Type == gjson.String || v.Type == gjson.Number) && text != "" && len(text) <= maxPooledText && len(all[name]) < maxPooled && !slices.Contains(all[name], text) {
		all[name] = append(all[name], text)
	}
}

// collect remembers the scalars of JSON by the name of their property, and tells
// whether there is an array with something in it.
func (p *pool) collect(v gjson.Result, name string, depth int) (filled bool) {
	if !v.IsObject() && !v.IsArray() {
		remember(p.values, name, v)
		return false
	}
	if depth > maxSchemaDepth {
		return false
	}
	v.ForEach(func(key, one gjson.Result) bool {
		if v.IsObject() {
			filled = p.collect(one, key.Str, depth+1) || filled
		} else {
			filled = true
			p.collect(one, name, depth+1)
		}
		return true
	})
	return filled
}

// Known lists values that answers showed and a parameter can be expected to take, then
// those it may take, marked as guesses.
func (d *Document) Known(o *contract.Operation, q *Parameter) []Value {
	var list []Value
	add := func(class string, guess bool, texts []string) {
		for _, text := range texts {
			if !slices.ContainsFunc(list, func(v Value) bool { return v.Texts[0] == text }) {
				list = append(list, Value{Class: class, Texts: []string{text}, Guess: guess, Seen: true})
			}
		}
	}
	if line := d.Line(o); line != nil {
		if cursor, _ := d.pages(o, q); cursor {
			if line.List.Paging.Opaque {
				add("cursor of a page", false, d.pool.items[o.Path])
				return list
			}
			if c := d.Shown(line); c != nil && len(c.Identity) == 1 {
				add("id of an item", false, d.pool.items[c.Name+" "+c.Identity[0].Property])
			}
		}
		for _, named := range line.Parameters {
			if named.Name == q.Name && named.In == q.In {
				add("id of an item", false, d.pool.items[named.Collection+" "+named.Property])
			}
		}
	}
	identifies := d.identifies(o, q)
	add("value of "+q.Name+" seen", identifies && strings.EqualFold(q.Name, "id"), d.pool.values[q.Name]) // whose id it is, the name does not say
	if identifies {
		for _, name := range []string{"id", "first_id", "last_id"} {
			add("id seen", true, d.pool.values[name])
		}
	}
	return list
}

// pages tells what a parameter is for the list it is a parameter of: a cursor, or what
// counts through it, so that what lies behind its end may be refused.
func (d *Document) pages(o *contract.Operation, q *Parameter) (cursor, counts bool) {
	line := d.Line(o)
	if line == nil || line.List == nil || q.In != QueryPlace {
		return false, false
	}
	p := line.List.Paging
	return q.Name == p.After || q.Name == p.Before, q.Name == p.Page || q.Name == p.Offset
}

// identifies tells whether a parameter names something, by the plan, its schema or its
// name: which values do, only the server knows.
func (d *Document) identifies(o *contract.Operation, p *Parameter) bool {
	if slices.ContainsFunc(p.forms, func(one form) bool { return one.Format == "uuid" }) {
		return true
	}
	cursor, _ := d.pages(o, p)
	kind := p.Kind()
	return (kind == stringKind || kind == integerKind) && (p.In == PathPlace || cursor || Identifies(p.Name))
}

var identifying = regexp.MustCompile(`^(?i:id)$|(?:[_-]id|I[dD]|_ids|Ids)$|(?i:key|slug|token|cursor|email)$`)

// Identifies tells whether something is called as what names something.
func Identifies(name string) bool { return identifying.MatchString(name) }

// Values lists valid values of a parameter, known ones first, each once. A value
// of the document's that does not fit its own schema is left out.
func (d *Document) Values(o *contract.Operation, p *Parameter) []Value {
	candidates := slices.Clone(p.examples)
	for _, f := range p.forms {
		candidates = append(candidates, f.valid()...)
	}
	identifies := d.identifies(o, p)
	_, counts := d.pages(o, p)
	for i, v := range candidates {
		switch {
		case identifies && v.Class != "default" && !p.Enumerates(v.Texts[0]):
			candidates[i].Guess = true
		case counts:
			candidates[i].Guess = v.Class != "minimum" || !d.pool.filled[o.Path]
		}
	}
	known := d.Known(o, p)
	if !identifies && p.Kind() != stringKind {
		known = nil
	}
	// Three of what was seen are enough: the first, the last and one between.
	if n := len(known); n > 3 {
		known = []Value{known[0], known[n/2], known[n-1]}
	}
	var list []Value
	for _, v := range append(known, candidates...) {
		if v.Guess && len(list) > 0 && list[0].Seen && !list[0].Guess {
			continue // no need to guess
		}
		if v.Texts == nil || p.In == PathPlace && strings.Join(v.Texts, "") == "" {
			continue
		}
		same := func(w Value) bool { return w.array == v.array && slices.Equal(w.Texts, v.Texts) }
		if !slices.ContainsFunc(list, same) && len(d.objections(o, Setting{p, v})) == 0 {
			list = append(list, v)
		}
	}
	return list
}

// Enumerates tells whether the parameter's enum has a value.
func (p *Parameter) Enumerates(text string) bool {
	return slices.ContainsFunc(p.forms, func(f form) bool { return slices.Contains(f.enum(), text) })
}
