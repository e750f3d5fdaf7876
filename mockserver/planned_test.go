package mockserver_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/sample"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/mockserver"
)

// documents are what the tests of this file are driven by: nothing in them knows a
// path.
func documents(t *testing.T, test func(t *testing.T, c *caller), options ...mockserver.Option) {
	t.Parallel()
	t.Run("made up", func(t *testing.T) { test(t, newCaller(t, spectest.Document(136), options...)) })
	t.Run("published", func(t *testing.T) {
		if testing.Short() {
			t.Skip("not run with -short: one whole document is enough for the race detector")
		}
		for name, document := range spectest.SharedFiles(t, "diga/*.json") {
			t.Run(name, func(t *testing.T) { test(t, newCaller(t, document, options...)) })
		}
	})
}

// caller calls the operations of a document with valid requests.
type caller struct {
	t     *testing.T
	doc   *spec.Document
	plan  *plan.Plan
	srv   *mockserver.Server
	http  *http.Client
	maker *sample.Maker
	fits  func(*spec.Schema, any) bool
	key   string
	below map[string]bool   // collections that an item is being looked for of
	at    map[string]string // the path that was filled in last
	names int               // how many names were made for items

	record *json.Encoder // of each exchange, when they are kept
}

// keepExchanges is the environment variable that names a folder in which to keep
// what is asked and answered, one file a document, for a validator that is not
// ours: cmd/digakit/testdata/node/document.test.ts.
const keepExchanges = "DIGAKIT_EXCHANGES"

// kept is a line of such a file.
type kept struct {
	Method      string `json:"method"`
	Path        string `json:"path"` // as the document writes it
	ContentType string `json:"contentType,omitempty"`
	Sent        any    `json:"sent,omitempty"`
	Status      int    `json:"status"`
	AnswerType  string `json:"answerType,omitempty"`
	Answer      string `json:"answer,omitempty"`
}

// keep records all that c asks from here on.
func (c *caller) keep(document string) {
	c.t.Helper()
	dir := os.Getenv(keepExchanges)
	if dir == "" || filepath.Ext(document) != ".json" {
		return
	}
	f, err := os.Create(filepath.Join(dir, filepath.Base(document)+"l"))
	try(c.t, err)
	c.t.Cleanup(func() { try(c.t, f.Close()) })
	c.record = json.NewEncoder(f)
}

func newCaller(t *testing.T, document []byte, options ...mockserver.Option) *caller {
	t.Helper()
	v, err := contract.New(document)
	try(t, err)
	p, err := plan.New(v.Document())
	try(t, err)
	srv := mockserver.Start(t, append(options, mockserver.WithDocument(v.Document()), mockserver.WithKeys(20))...)
	fits := func(s *spec.Schema, value any) bool { return v.Fits(s.Pointer, value) }
	return &caller{
		fits: fits, below: map[string]bool{}, t: t, doc: v.Document(), plan: p, srv: srv, http: &http.Client{Transport: srv.Transport()}, key: mockserver.UnrestrictedKey,
		maker: sample.New(5, fits),
	}
}

type got struct {
	status    int
	body      any
	departure string
	basis     string
}

// send calls an operation. The mock itself refuses what breaks the document, in
// requests and in its own answers.
func (c *caller) send(l *plan.Line, path map[string]string, query url.Values, body any) got {
	c.t.Helper()
	address := l.Path
	for name, value := range path {
		address = strings.ReplaceAll(address, "{"+name+"}", url.PathEscape(value))
	}
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	var sent bytes.Buffer
	contentType := ""
	if body != nil {
		contentType = l.Write.Media
		if strings.HasPrefix(contentType, "multipart/") {
			sent, contentType = form(c.t, body)
		} else {
			try(c.t, json.NewEncoder(&sent).Encode(body))
		}
	}
	r, err := http.NewRequestWithContext(c.t.Context(), l.Method, "http://mock.test"+address, &sent)
	try(c.t, err)
	r.Header.Set("Authorization", "Bearer "+c.key)
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	resp, err := c.http.Do(r)
	try(c.t, err)
	defer resp.Body.Close()
	g := got{status: resp.StatusCode, departure: resp.Header.Get("Contract-Departure"), basis: resp.Header.Get("Mock-Basis")}
	answer, err := io.ReadAll(resp.Body)
	try(c.t, err)
	if c.record != nil {
		try(c.t, c.record.Encode(kept{l.Method, l.Path, contentType, body, g.status, resp.Header.Get("Content-Type"), string(answer)}))
	}
	if len(answer) > 0 && resp.Header.Get("Content-Type") != "" {
		d := json.NewDecoder(bytes.NewReader(answer))
		d.UseNumber()
		if err := d.Decode(&g.body); err != nil {
			c.t.Errorf("%s: the answer is no JSON: %v", l.Name(), err)
		}
	}
	return g
}

// paths fills in the parameters of an operation's path with items that are there;
// false: there are none.
func (c *caller) paths(l *plan.Line) (map[string]string, bool) {
	path := map[string]string{}
	for _, name := range templated(l.Path) {
		path[name] = c.scalar(l, name)
		for _, p := range l.Parameters {
			if p.Name == name && p.Collection != "" {
				id, ok := c.anyID(p.Collection, path)
				if !ok {
					return nil, false
				}
				path[name] = id
			}
		}
	}
	c.at = path
	return path, true
}

// scalar is a value for a path parameter that names no item.
func (c *caller) scalar(l *plan.Line, name string) string {
	item, _, err := c.doc.Resolve(spec.Join("/paths", l.Path))
	try(c.t, err)
	for _, at := range []string{spec.Join(item, strings.ToLower(l.Method), "parameters"), spec.Join(item, "parameters")} {
		list, _ := c.doc.Lookup(at)
		all, _ := list.([]any)
		for i := range all {
			where, parameter, err := c.doc.Resolve(spec.Join(at, strconv.Itoa(i)))
			try(c.t, err)
			if parameter["name"] != name {
				continue
			}
			v, err := c.maker.Value(c.doc.Schema(spec.Join(where, "schema")), sample.Place{Collection: l.Name()})
			try(c.t, err)
			return fmt.Sprint(v)
		}
	}
	return "made-up"
}

func templated(path string) []string {
	var names []string
	for _, part := range strings.Split(path, "{")[1:] {
		name, _, _ := strings.Cut(part, "}")
		names = append(names, name)
	}
	return names
}

// anyID is the id of an item of a collection: of the first on its list that is over,
// where its items end (a call that goes on has no recording), else of the first,
// else of a new one.
func (c *caller) anyID(name string, path map[string]string) (string, bool) {
	col := c.plan.Collection(name)
	if col.Of != "" {
		col = c.plan.Collection(col.Of)
	}
	if len(col.Identity) != 1 || c.below[col.Name] {
		return "", false
	}
	c.below[col.Name] = true
	defer delete(c.below, col.Name)
	var lines []*plan.Line // lists before what makes more
	for _, kind := range []plan.Kind{plan.List, plan.Create} {
		for _, l := range c.plan.Lines {
			if l.Collection == col.Name && l.Kind == kind && l.Answer.HasItem {
				lines = append(lines, l)
			}
		}
	}
	for _, l := range lines {
		where, ok := path, true
		if l.Kind == plan.Create || !slices.ContainsFunc(templated(l.Path), func(name string) bool { return path[name] != "" }) {
			where, ok = c.paths(l)
		}
		if !ok || strings.Contains(l.Path, "{") && len(where) == 0 {
			continue
		}
		var body any
		if l.Kind == plan.Create {
			body = c.body(l)
		}
		if g := c.send(l, where, nil, body); g.status < 300 {
			if all := items(l, g.body); len(all) > 0 {
				over := slices.IndexFunc(all, func(item map[string]any) bool {
					end, ends := item["end_time"]
					return !ends || end != nil
				})
				return fmt.Sprint(all[max(0, over)][col.Identity[0].Property]), true
			}
		}
	}
	return "", false
}

// body makes up a valid body in which links name items that are there.
func (c *caller) body(l *plan.Line) any {
	c.t.Helper()
	if l.Write == nil || l.Write.Schema == "" || l.Write.Media == "" {
		return nil
	}
	v, err := c.maker.Value(c.doc.Schema(l.Write.Schema), sample.Place{Collection: "body of " + l.Name()})
	try(c.t, err)
	at := map[string]string{} // what is named lies below the same items, if below any
	for _, name := range templated(l.Path) {
		if id := c.at[name]; id != "" {
			at[name] = id
		}
	}
	put(v, []string{"from_number"}, func(old any) any { return c.numberOf(old) })
	put(v, []string{"name"}, func(old any) any { // one that no other item of the parent has
		c.names++
		name := fmt.Sprintf("%v %d", old, c.names)
		if p := c.doc.Schema(l.Write.Schema).Property("name"); p == nil || !c.fits(p, name) {
			return old
		}
		return name
	})
	for _, link := range l.Write.Links {
		if link.Collection == l.Collection && l.Kind == plan.Create {
			continue
		}
		id, ok := c.anyID(link.Collection, maps.Clone(at))
		if !ok {
			continue
		}
		put(v, spec.Tokens(link.Property), func(old any) any {
			if list, ok := old.([]any); ok {
				if len(list) == 0 {
					return old
				}
				return []any{id}
			}
			if old == nil {
				return nil
			}
			return id
		})
	}
	return v
}

// made is the id of an item that is made for it.
func (c *caller) made(name string, path map[string]string) (string, bool) {
	create := c.line(c.plan.Collection(name), plan.Create)
	if create == nil {
		return "", false
	}
	for _, item := range items(create, c.send(create, path, nil, c.body(create)).body) {
		return fmt.Sprint(item[c.plan.Collection(name).Identity[0].Property]), true
	}
	return "", false
}

// numberOf is the number of a phone that is there, in place of one that is not.
func (c *caller) numberOf(old any) any {
	if phones := c.plan.Collection("phone"); phones != nil {
		for _, phone := range items(c.line(phones, plan.List), c.send(c.line(phones, plan.List), nil, nil, nil).body) {
			return phone["number"]
		}
	}
	return old
}

// put changes what stands at a pointer's tokens, * for all items of an array.
func put(v any, tokens []string, f func(any) any) {
	switch in := v.(type) {
	case map[string]any:
		if old, ok := in[tokens[0]]; ok && len(tokens) == 1 {
			in[tokens[0]] = f(old)
		} else if ok {
			put(old, tokens[1:], f)
		}
	case []any:
		for i := range in {
			if len(tokens) == 1 {
				in[i] = f(in[i])
			} else {
				put(in[i], tokens[1:], f)
			}
		}
	}
}

// items are the items that an answer holds.
func items(l *plan.Line, body any) []map[string]any {
	for _, token := range spec.Tokens(l.Answer.Data) {
		object, _ := body.(map[string]any)
		body = object[token]
	}
	if list, ok := body.([]any); ok {
		var all []map[string]any
		for _, one := range list {
			if item, ok := one.(map[string]any); ok {
				all = append(all, item)
			}
		}
		return all
	}
	if item, ok := body.(map[string]any); ok {
		return []map[string]any{item}
	}
	return nil
}

// Every operation answers its documented success to a valid request.
func TestEveryOperationSucceeds(t *testing.T) {
	documents(t, func(t *testing.T, c *caller) {
		c.keep(t.Name())
		answered := 0
		for _, destroys := range []bool{false, true} { // what is deleted is needed before
			for _, l := range c.plan.Lines {
				gone := l.Kind == plan.Delete || l.Kind == plan.BulkDelete || l.Kind == plan.Leave
				if gone != destroys {
					continue
				}
				path, ok := c.paths(l)
				if !ok {
					continue // of a collection that no operation lists, or makes items of
				}
				if l.Kind == plan.Leave {
					for _, join := range c.plan.Lines {
						if join.Kind == plan.Join && join.Collection == l.Collection {
							c.send(join, path, nil, c.body(join))
						}
					}
				}
				g := c.send(l, path, nil, c.body(l))
				if g.status == http.StatusConflict && gone && l.Refusal("409") != nil {
					// What was published before cannot be deleted, another can.
					path[l.Item], _ = c.made(l.Collection, path)
					g = c.send(l, path, nil, c.body(l))
				}
				if g.status != l.Answer.Status || g.departure != "" || g.basis == "" {
					t.Errorf("%s (%s) answered %d %q by %q: %v", l.Name(), l.Text(), g.status, g.departure, g.basis, g.body)
					continue
				}
				answered++
			}
		}
		if answered < len(c.plan.Lines)-2 {
			t.Errorf("%d of %d operations were asked", answered, len(c.plan.Lines))
		}
	})
}

// Pages end, hold each item once, and are the whole list, in both directions.
func TestPagesEnd(t *testing.T) {
	documents(t, func(t *testing.T, c *caller) {
		lists := 0
		for _, l := range c.plan.Lines {
			if l.Kind != plan.List || l.List.Paging.After == "" || l.List.Paging.Limit == "" {
				continue
			}
			path, ok := c.paths(l)
			if !ok {
				continue
			}
			lists++
			whole := c.send(l, path, url.Values{l.List.Paging.Limit: {"30"}}, nil)
			forward := c.walk(l, path, l.List.Paging.After, "last_id")
			if want := ids(c, l, items(l, whole.body)); !slices.Equal(forward, want) {
				t.Errorf("%s: pages of 4 hold %v, the whole %v", l.Name(), forward, want)
			}
		}
		if lists == 0 {
			t.Error("there was no list")
		}
	})
}

// walk follows has_more with one cursor; it is bounded.
func (c *caller) walk(l *plan.Line, path map[string]string, parameter, cursor string) []string {
	var all []string
	query := url.Values{l.List.Paging.Limit: {"4"}}
	for range 20 {
		g := c.send(l, path, query, nil)
		page, _ := g.body.(map[string]any)
		all = append(all, ids(c, l, items(l, g.body))...)
		if page["has_more"] != true {
			return all
		}
		query.Set(parameter, fmt.Sprint(page[cursor]))
	}
	c.t.Errorf("%s does not end", l.Name())
	return all
}

func ids(c *caller, l *plan.Line, list []map[string]any) []string {
	col := c.plan.Collection(l.Collection)
	if col.Of != "" {
		col = c.plan.Collection(col.Of)
	}
	var all []string
	for _, item := range list {
		if len(col.Identity) == 1 {
			all = append(all, fmt.Sprint(item[col.Identity[0].Property]))
		}
	}
	return all
}

// What is created is read and listed, changes when it is changed, and is gone when
// it is deleted.
func TestLifeOfAnItem(t *testing.T) {
	documents(t, func(t *testing.T, c *caller) {
		lives := 0
		for _, col := range c.plan.Collections {
			create, list, read, update, remove := c.line(col, plan.Create), c.line(col, plan.List), c.line(col, plan.Read), c.line(col, plan.Update), c.line(col, plan.Delete)
			if create == nil || read == nil || len(col.Identity) != 1 || !create.Answer.HasItem || create.Answer.Items {
				continue
			}
			lives++
			path, ok := c.paths(create)
			if !ok {
				t.Errorf("%s: no parent", col.Name)
				continue
			}
			made := c.send(create, path, nil, c.body(create))
			made.body = items(create, made.body)[0]
			id := fmt.Sprint(made.body.(map[string]any)[col.Identity[0].Property])
			named := maps.Clone(path)
			named[read.Item] = id
			if g := c.send(read, named, nil, nil); g.status != http.StatusOK || !contains(made.body, items(read, g.body)[0], create.Answer.Once) {
				t.Errorf("%s: made %v, read %d %v", col.Name, made.body, g.status, g.body)
			}
			if list != nil && !slices.Contains(c.listed(list, path), id) {
				t.Errorf("%s: %s is not on its list", col.Name, id)
			}
			if update != nil {
				body := c.body(update)
				changed := maps.Clone(path)
				changed[update.Item] = id
				g := c.send(update, changed, nil, body)
				again := c.send(read, named, nil, nil)
				for _, m := range update.Write.Mappings {
					sent, _ := body.(map[string]any)
					want, there := sent[m.From]
					p := c.doc.Schema(col.Schema).Property(m.To) // an answer may allow less than a request
					if m.How == plan.Same && there && want != nil && p != nil && c.fits(p, want) && !within(c.shown(p, want), items(read, again.body)[0][m.To]) {
						t.Errorf("%s: %s was set to %v (%d), and is %v", col.Name, m.To, want, g.status, items(read, again.body)[0][m.To])
					}
				}
			}
			if remove == nil {
				continue
			}
			gone := maps.Clone(path)
			gone[remove.Item] = id
			if g := c.send(remove, gone, nil, c.body(remove)); g.status != remove.Answer.Status {
				t.Errorf("%s: deleting answered %d %v", col.Name, g.status, g.body)
			}
			if g := c.send(read, named, nil, nil); g.status != http.StatusNotFound {
				t.Errorf("%s: reading what is deleted answered %d", col.Name, g.status)
			}
			if g := c.send(remove, gone, nil, c.body(remove)); g.status != http.StatusNotFound {
				t.Errorf("%s: deleting again answered %d", col.Name, g.status)
			}
			if list != nil && slices.Contains(c.listed(list, path), id) {
				t.Errorf("%s: what is deleted is listed", col.Name)
			}
		}
		if lives == 0 {
			t.Error("there was no life")
		}
	})
}

func (c *caller) line(col *plan.Collection, kind plan.Kind) *plan.Line {
	for _, l := range c.plan.Lines {
		if l.Collection == col.Name && l.Kind == kind && (kind != plan.Create || l.Path == col.Path) && (kind != plan.List || l.Path == col.Path) {
			return l
		}
	}
	return nil
}

func (c *caller) listed(l *plan.Line, path map[string]string) []string {
	query := url.Values{}
	if l.List.Paging.Limit != "" {
		query.Set(l.List.Paging.Limit, "30")
	}
	return ids(c, l, items(l, c.send(l, path, query, nil).body))
}

// contains tells whether an item shows what its creation did, but for what is shown
// once.
func contains(made, read any, once []string) bool {
	a, _ := made.(map[string]any)
	b, _ := read.(map[string]any)
	for name, v := range a {
		if shown, there := b[name]; there && (slices.Contains(once, name) || !alike(v, shown)) {
			return false
		}
	}
	return len(a) > 0 && len(b) > 0
}

// shown is what an answer may show of a value: what its schema names, at any depth.
func (c *caller) shown(s *spec.Schema, v any) any {
	switch v := v.(type) {
	case map[string]any:
		branch := s.Branch(v, func(pointer string, v any) bool { return c.fits(c.doc.Schema(pointer), v) })
		if branch.Additional() != nil || len(branch.Properties()) == 0 {
			return v
		}
		part := map[string]any{}
		for _, p := range branch.Properties() {
			if value, there := v[p.Name]; there {
				part[p.Name] = c.shown(p.Schema, value)
			}
		}
		return part
	case []any:
		part := slices.Clone(v)
		for i := range part {
			if s.Items() != nil {
				part[i] = c.shown(s.Items(), part[i])
			}
		}
		return part
	}
	return v
}

// within tells whether a value is another, or has all of it.
func within(part, whole any) bool {
	switch part := part.(type) {
	case map[string]any:
		object, _ := whole.(map[string]any)
		for name, v := range part {
			if !within(v, object[name]) {
				return false
			}
		}
		return object != nil
	case []any:
		list, _ := whole.([]any)
		for i, v := range part {
			if i >= len(list) || !within(v, list[i]) {
				return false
			}
		}
		return len(part) == len(list)
	}
	return alike(part, whole)
}

func alike(a, b any) bool {
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	if ta, err := time.Parse(time.RFC3339Nano, strings.Trim(string(x), `"`)); err == nil {
		tb, err := time.Parse(time.RFC3339Nano, strings.Trim(string(y), `"`))
		return err == nil && ta.Equal(tb)
	}
	return bytes.Equal(x, y)
}

// A filter shows those items, and all those, that have what is asked for.
func TestFiltersFilter(t *testing.T) {
	documents(t, func(t *testing.T, c *caller) {
		filters := 0
		for _, l := range c.plan.Lines {
			if l.Kind != plan.List {
				continue
			}
			path, ok := c.paths(l)
			if !ok {
				continue
			}
			limit := url.Values{}
			if l.List.Paging.Limit != "" {
				limit.Set(l.List.Paging.Limit, "30")
			}
			all := items(l, c.send(l, path, limit, nil).body)
			for _, f := range l.List.Filters {
				if f.Match != plan.Equal || len(f.Properties) != 1 || len(f.Default) > 0 && !f.Flag {
					continue
				}
				filters++
				counts := map[string]int{}
				for _, item := range all {
					if v := deep(item, f.Properties[0]); v != nil {
						counts[fmt.Sprint(v)]++
					}
				}
				for value, want := range counts {
					if f.Flag && value == "false" {
						continue
					}
					query := maps.Clone(limit)
					query.Set(f.Parameter, value)
					g := c.send(l, path, query, nil)
					if g.status == http.StatusUnprocessableEntity {
						continue // the parameter's schema is narrower than the property's
					}
					if found := items(l, g.body); len(found) != want {
						t.Errorf("%s?%s=%s shows %d of %d", l.Name(), f.Parameter, value, len(found), want)
					}
				}
			}
		}
		if filters == 0 {
			t.Error("there was no filter")
		}
	})
}

func deep(v any, pointer string) any {
	for _, token := range spec.Tokens(pointer) {
		object, _ := v.(map[string]any)
		v = object[token]
	}
	return v
}

// Keys without the permission are refused, with it they are served; a key without
// any may do what needs none.
func TestPermissionsOfOperations(t *testing.T) {
	documents(t, func(t *testing.T, c *caller) {
		if c.plan.Line(http.MethodGet, "/v1/webhook/") == nil {
			t.Skip("not a document of Diga's")
		}
		counts := map[int]int{}
		for _, l := range c.plan.Lines {
			path := map[string]string{}
			for _, name := range templated(l.Path) {
				path[name] = "2c6a1e1e-6f8b-4d0e-9d53-0a2e7f6f2b11"
			}
			c.key = mockserver.UnrestrictedKey
			body := c.body(l)
			c.key = mockserver.NoAccessKey // restricted to calls.view
			if g := c.send(l, path, nil, body); l.Method == http.MethodGet && strings.HasPrefix(l.Path, "/v1/call/") && g.status == http.StatusForbidden ||
				strings.HasPrefix(l.Path, "/v1/webhook/") && g.status != http.StatusForbidden {
				t.Errorf("%s answered %d to a key with calls.view", l.Name(), g.status)
			}
			c.key = mockserver.NothingKey
			counts[c.send(l, path, nil, body).status]++
		}
		if refused, all := counts[http.StatusForbidden], len(c.plan.Lines); refused < all/4 || refused == all {
			t.Errorf("a key with no permission is refused by %d of %d operations", refused, all)
		}
	})
}

// form is a body as multipart/form-data; a text that stands for a file is one.
func form(t *testing.T, body any) (bytes.Buffer, string) {
	t.Helper()
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	fields, _ := body.(map[string]any)
	for name, v := range fields {
		if v == nil {
			continue
		}
		if strings.Contains(name, "document") || strings.Contains(name, "file") {
			part, err := w.CreateFormFile(name, name+".pdf")
			try(t, err)
			_, err = part.Write([]byte("%PDF-1.4"))
			try(t, err)
			continue
		}
		try(t, w.WriteField(name, fmt.Sprint(v)))
	}
	try(t, w.Close())
	return out, w.FormDataContentType()
}

func TestSecretsAreInTheAnswerAlone(t *testing.T) {
	documents(t, func(t *testing.T, c *caller) {
		for _, l := range c.plan.Lines {
			path, found := c.paths(l)
			if len(l.Answer.Once) == 0 || !found {
				continue
			}
			created := c.send(l, path, nil, c.body(l))
			shown, _ := created.body.(map[string]any)
			for _, name := range l.Answer.Once {
				secret, _ := shown[name].(string)
				if secret == "" {
					t.Errorf("%s answered %d without %s: %v", l.Name(), created.status, name, created.body)
					continue
				}
				for _, where := range []string{"/requests", "/snapshot", "/api_keys"} {
					if a := call(t, http.MethodGet, c.srv.URL()+"/_mock/projects/demo"+where, http.Header{}); bytes.Contains(a.body, []byte(secret)) {
						t.Errorf("%s of %s is in %s", name, l.Name(), where)
					}
				}
			}
		}
	})
}

// What was kept can be restored, wherever it came from; what answers could not show
// is refused, and changes nothing.
func TestSnapshotsOfItems(t *testing.T) {
	documents(t, func(t *testing.T, c *caller) {
		for _, l := range c.plan.Lines {
			if path, found := c.paths(l); found && l.Method == http.MethodGet {
				c.send(l, path, nil, nil)
			}
		}
		restore := func(snapshot []byte) answer {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPut, c.srv.URL()+"/_mock/projects/demo/snapshot", bytes.NewReader(snapshot))
			try(t, err)
			r.Header.Set("Content-Type", "application/json")
			resp, err := http.DefaultClient.Do(r)
			try(t, err)
			defer resp.Body.Close()
			body, err := io.ReadAll(resp.Body)
			try(t, err)
			return answer{status: resp.StatusCode, body: body}
		}
		kept := call(t, http.MethodGet, c.srv.URL()+"/_mock/projects/demo/snapshot", http.Header{}).body
		if a := restore(kept); a.status != http.StatusNoContent {
			t.Fatalf("what was kept is answered %d: %s", a.status, a.body)
		}
		for _, col := range c.plan.Collections {
			var shot map[string]any
			try(t, json.Unmarshal(kept, &shot))
			scopes, _ := deep(shot, spec.Join("/items/collections", col.Name, "scopes")).(map[string]any)
			// This collection alone: the others were judged above.
			all, _ := deep(shot, "/items/collections").(map[string]any)
			maps.DeleteFunc(all, func(name string, _ any) bool { return name != col.Name })
			for _, items := range scopes {
				list, _ := items.([]any)
				if len(list) == 0 || len(col.Identity) == 0 || col.Of != "" {
					continue
				}
				value, _ := deep(list[0], "/value").(map[string]any)
				value[col.Identity[0].Property] = []any{}
				broken, err := json.Marshal(shot)
				try(t, err)
				if a := restore(broken); a.status != http.StatusUnprocessableEntity || !bytes.Contains(a.body, []byte(" of "+col.Name+" must fit")) {
					t.Errorf("%s: an item that cannot be shown is answered %d: %.300s", col.Name, a.status, a.body)
				}
				break
			}
		}
	})
}

// A form is judged by its schema, which the validator does not do: texts as what the
// document says they are, and by the rules of requests, not of answers.
func TestFormsAreJudged(t *testing.T) {
	t.Parallel()
	doc, err := spec.Parse([]byte(`{"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{"/papers/":{"post":{
		"requestBody":{"required":true,"content":{"application/x-www-form-urlencoded":{"schema":{"type":"object","required":["link"],"properties":{"link":{"type":"string"}}}},
			"multipart/form-data":{"schema":{"type":"object","required":["id","paper","copies"],"properties":{
			"id":{"type":"string","readOnly":true},"pin":{"type":"integer","writeOnly":true},
			"paper":{"type":"string","format":"binary","writeOnly":true},"copies":{"type":"integer","maximum":3},"to":{"anyOf":[{"type":"string","format":"email"},{"type":"null"}]}}}}}},
		"responses":{"201":{"description":"made","content":{"application/json":{"schema":{"type":"object","required":["id"],"properties":{"id":{"type":"string"},"copies":{"type":"integer"}}}}}},
			"422":{"description":"no","content":{"application/json":{"schema":{"type":"object"}}}}}}}}}`))
	try(t, err)
	srv, err := mockserver.New(mockserver.WithDocument(doc))
	try(t, err)
	for _, c := range []struct {
		why    string
		fields map[string]any
		want   int
	}{
		{"all there is to send: the id is the server's", map[string]any{"paper": "x", "copies": "2", "to": "a@example.com", "pin": "7"}, http.StatusCreated},
		{"what the server makes", map[string]any{"paper": "x", "copies": "2", "id": "7"}, http.StatusUnprocessableEntity},
		{"no number in what answers do not have", map[string]any{"paper": "x", "copies": "2", "pin": "many"}, http.StatusUnprocessableEntity},
		{"a required part left out", map[string]any{"paper": "x"}, http.StatusUnprocessableEntity},
		{"a number beyond its bound", map[string]any{"paper": "x", "copies": "4"}, http.StatusUnprocessableEntity},
		{"no number", map[string]any{"paper": "x", "copies": "many"}, http.StatusUnprocessableEntity},
		{"no address", map[string]any{"paper": "x", "copies": "2", "to": "nobody"}, http.StatusUnprocessableEntity},
	} {
		body, contentType := form(t, c.fields)
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://mock.test/papers/", &body)
		try(t, err)
		r.Header.Set("Content-Type", contentType)
		resp, err := (&http.Client{Transport: srv.Transport()}).Do(r)
		try(t, err)
		try(t, resp.Body.Close())
		if resp.StatusCode != c.want {
			t.Errorf("%s: answered %d, want %d", c.why, resp.StatusCode, c.want)
		}
	}
}
