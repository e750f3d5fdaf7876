package engine

import (
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"strings"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/mockserver/store"
)

const defaultLimit = 20 // of a list that has a limit without a default

// list answers with a page of a collection.
func (t *tx) list() (Response, error) {
	c, l := t.collection(t.line.Collection), t.line.List
	of, in := c, ""
	if c.Of != "" {
		of = t.collection(c.Of)
	} else {
		in, _ = t.scope(c)
	}
	t.open(of, in)
	q, refusal := t.query(l.Paging, l.Order)
	if refusal != nil {
		return Response{}, refusal
	}
	if s := t.schemaAt(t.line.Answer.Data); s != nil && s.MaxItems > 0 && (q.Limit == 0 || s.MaxItems < q.Limit) {
		q.Limit = s.MaxItems
	}
	q.Keep = t.filter(c, l.Filters)
	page, err := t.s.Page(of.Name, in, q)
	if errors.Is(err, store.ErrUnknownCursor) {
		if !t.e.config.EmptyUnknownCursor {
			name := l.Paging.After
			if q.After == "" {
				name = l.Paging.Before
			}
			return Response{}, t.refused(name, "unknown_cursor", "Parameter '"+name+"' must be the id of an item of this list")
		}
		page = store.Page{}
	}
	body := set(t.template(), t.line.Answer.Data, showAll(page.Items, t.line.Answer.Item))
	for _, m := range l.Members {
		if v := t.envelope(m, c, q, page); v != any(absent{}) || !m.Required {
			body = set(body, m.Pointer, v)
		}
	}
	return t.write(body)
}

// query reads which page is asked for.
func (t *tx) query(p plan.Paging, o *plan.Order) (store.Query, *Refusal) {
	q := store.Query{After: t.r.Query.Get(orNone(p.After)), Before: t.r.Query.Get(orNone(p.Before)), Resume: t.e.config.ResumeDeletedCursor}
	number := func(name string, otherwise int) int {
		if n, err := strconv.Atoi(t.r.Query.Get(orNone(name))); err == nil {
			return n
		}
		return otherwise
	}
	if p.Limit != "" {
		q.Limit = number(p.Limit, defaultLimit)
		if p.Default != nil {
			q.Limit = number(p.Limit, *p.Default)
		}
	}
	if p.Page != "" && t.r.Query.Has(p.Page) {
		q.Page = number(p.Page, p.FirstPage) - p.FirstPage + 1
	}
	q.Offset = max(number(p.Offset, 0), 0)
	if o != nil {
		asked := t.r.Query.Get(o.Parameter)
		if asked == "" {
			asked = o.Default
		}
		q.Ascending = asked != "" && asked == o.Ascending
	}
	cursor := q.After != "" || q.Before != ""
	switch {
	case q.After != "" && q.Before != "":
		return q, t.refused(p.Before, "both_cursors", "Cannot specify both '"+p.Before+"' and '"+p.After+"' parameters")
	case !cursor || q.Page == 0:
	case t.e.config.PageWins:
		q.After, q.Before = "", ""
	case t.e.config.CursorWins:
		q.Page = 0
	default:
		return q, t.refused(p.Page, "page_with_cursor", "Cannot specify '"+p.Page+"' together with '"+p.Before+"' or '"+p.After+"'")
	}
	return q, nil
}

// orNone is a name that no parameter has in place of an empty one.
func orNone(name string) string {
	if name == "" {
		return "\x00"
	}
	return name
}

// envelope is the value of one member of the envelope.
func (t *tx) envelope(m plan.Member, c *plan.Collection, q store.Query, page store.Page) any {
	paging := t.line.List.Paging
	pages := 0
	if q.Limit > 0 {
		pages = (page.Total + q.Limit - 1) / q.Limit
	}
	if pages == 0 && t.e.config.OnePageWhenEmpty {
		pages = 1
	}
	current := q.Page
	switch {
	case current > 0:
	case len(page.Items) == 0:
		current = max(pages, 1)
	case q.Limit > 0:
		current = page.First/q.Limit + 1
	}
	numbered := q.Page > 0 || t.e.config.NumberAlways || !m.Nullable
	edge := func(index int) any {
		if len(page.Items) == 0 {
			return t.nothing(m)
		}
		return t.cursor(c, page.Items[index])
	}
	switch m.Role {
	case plan.HasMore:
		return page.More
	case plan.FirstID:
		return edge(0)
	case plan.LastID:
		return edge(len(page.Items) - 1)
	case plan.NextCursor:
		if q.Before == "" && !page.More {
			return t.nothing(m)
		}
		return edge(len(page.Items) - 1)
	case plan.PreviousCursor:
		if page.First == 0 {
			return t.nothing(m)
		}
		return edge(0)
	case plan.CurrentPage:
		if !numbered {
			return nil
		}
		return current + paging.FirstPage - 1
	case plan.TotalPages:
		if !numbered {
			return nil
		}
		return pages
	case plan.Total:
		return page.Total
	case plan.PageSize:
		return q.Limit
	case plan.Returned:
		return len(page.Items)
	case plan.Offset:
		return page.First
	case plan.SelfURL:
		return t.address(m, nil)
	case plan.FirstURL:
		return t.address(m, url.Values{paging.Page: nil, paging.Offset: nil, paging.After: nil, paging.Before: nil})
	case plan.NextURL:
		return t.neighbour(m, c, q, page, page.First+len(page.Items) < page.Total, 1)
	case plan.PreviousURL:
		return t.neighbour(m, c, q, page, page.First > 0, -1)
	case plan.LastURL:
		return t.address(m, t.turnTo(max(pages, 1), (max(pages, 1)-1)*q.Limit))
	}
	return nil
}

// absent stands for a member of the envelope that only leaving it out is right for.
type absent struct{}

// nothing is what stands for no cursor and no address.
func (t *tx) nothing(m plan.Member) any {
	switch s := t.schemaAt(m.Pointer); {
	case m.Nullable:
		return nil
	case s == nil || t.fits(s, ""):
		return ""
	}
	return absent{}
}

// schemaAt is that of a part of the answer.
func (t *tx) schemaAt(pointer string) *spec.Schema {
	s := t.e.doc.Schema(t.line.Answer.Schema)
	for _, name := range spec.Tokens(pointer) {
		s = s.Property(name)
	}
	return s
}

// turnTo are the parameters that choose a page by number or offset.
func (t *tx) turnTo(page, offset int) url.Values {
	p := t.line.List.Paging
	switch {
	case p.Page != "":
		return url.Values{p.Page: {strconv.Itoa(page + p.FirstPage - 1)}}
	case p.Offset != "":
		return url.Values{p.Offset: {strconv.Itoa(max(offset, 0))}}
	}
	return url.Values{}
}

func (t *tx) neighbour(m plan.Member, c *plan.Collection, q store.Query, page store.Page, there bool, step int) any {
	p := t.line.List.Paging
	switch {
	case !there:
		return t.nothing(m)
	case p.Page != "" || p.Offset != "":
		return t.address(m, t.turnTo(page.First/max(q.Limit, 1)+1+step, page.First+step*q.Limit))
	case step > 0 && p.After != "" && len(page.Items) > 0:
		return t.address(m, url.Values{p.Before: nil, p.After: {text(t.cursor(c, page.Items[len(page.Items)-1]))}})
	case step < 0 && p.Before != "" && len(page.Items) > 0:
		return t.address(m, url.Values{p.After: nil, p.Before: {text(t.cursor(c, page.Items[0]))}})
	}
	return t.nothing(m)
}

// address is that of the request with some parameters changed: whole where the
// member's format wants it so, else path and query.
func (t *tx) address(m plan.Member, changes url.Values) string {
	u := url.URL{Path: t.line.Path}
	if t.r.URL != nil {
		u = *t.r.URL
	}
	query := u.Query()
	for name, values := range changes {
		query.Del(name)
		if len(values) > 0 {
			query[name] = values
		}
	}
	u.RawQuery = query.Encode()
	if s := t.schemaAt(m.Pointer); s != nil && s.Format == "uri" {
		return u.String()
	}
	return u.RequestURI()
}

// cursor is what names an item in a list: its identity as the item shows it.
func (t *tx) cursor(c *plan.Collection, item *store.Item) any {
	if c.Of != "" {
		c = t.collection(c.Of)
	}
	if len(c.Identity) == 1 {
		if v, ok := item.Value[c.Identity[0].Property]; ok {
			return v
		}
	}
	return item.ID
}

// filter chooses the items that the query asks for; nil: all.
func (t *tx) filter(c *plan.Collection, filters []plan.Filter) func(*store.Item) bool {
	var all []func(*store.Item) bool
	if c.Of != "" {
		all = append(all, func(i *store.Item) bool { return t.isMember(c, i) })
	}
	for _, f := range filters {
		wanted := t.r.Query[f.Parameter]
		if len(wanted) == 0 && len(f.Default) > 0 {
			var v any
			if json.Unmarshal(f.Default, &v) == nil && v != nil {
				wanted = []string{text(v)}
			}
		}
		if len(wanted) == 0 || f.Flag && wanted[0] == "false" {
			continue
		}
		if f.Match == plan.Named {
			all = append(all, t.namedBy(f, wanted[0]))
			continue
		}
		all = append(all, func(i *store.Item) (found bool) {
			for _, pointer := range f.Properties {
				each(i.Value, spec.Tokens(pointer), func(v any) { found = found || matches(f.Match, v, wanted) })
			}
			return found
		})
	}
	if len(all) == 0 {
		return nil
	}
	return func(i *store.Item) bool {
		for _, keep := range all {
			if !keep(i) {
				return false
			}
		}
		return true
	}
}

// namedBy chooses the items that an item of another collection names.
func (t *tx) namedBy(f plan.Filter, id string) func(*store.Item) bool {
	names := map[string]bool{}
	if c := t.collection(f.Collection); c != nil {
		if item := t.find(c, id); item != nil {
			for _, pointer := range f.Properties {
				each(item.Value, spec.Tokens(pointer), func(v any) { names[text(v)] = true })
			}
		}
	}
	return func(i *store.Item) bool { return names[i.ID] }
}

// matches compares a property with what is asked for.
func matches(how plan.Match, v any, wanted []string) bool {
	if v == nil {
		return false
	}
	for _, w := range wanted {
		switch how {
		case plan.Equal, plan.Has:
			if sameText(text(v), w) {
				return true
			}
		case plan.Contains:
			if strings.Contains(strings.ToLower(text(v)), strings.ToLower(w)) {
				return true
			}
		case plan.From, plan.To:
			if c, ok := compare(text(v), w); ok && (c == 0 || c > 0 == (how == plan.From)) {
				return true
			}
		case plan.Named: // see namedBy
		}
	}
	return false
}

// sameText compares values as texts; ids of hexadecimal digits whatever their case.
func sameText(a, b string) bool {
	return a == b || uuidPattern.MatchString(a) && strings.EqualFold(a, b)
}

// compare orders two dates, else two numbers.
func compare(a, b string) (int, bool) {
	if ta, ok := spec.Date(a); ok {
		tb, ok := spec.Date(b)
		return ta.Compare(tb), ok
	}
	fa, err := strconv.ParseFloat(a, 64)
	fb, err2 := strconv.ParseFloat(b, 64)
	switch {
	case err != nil || err2 != nil:
		return 0, false
	case fa < fb:
		return -1, true
	case fa > fb:
		return 1, true
	}
	return 0, true
}
