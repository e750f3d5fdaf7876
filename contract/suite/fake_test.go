package suite_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/contract/suite"
)

// fake is a small correct server of this API whose steps can be broken one by
// one. It holds its keys newest first.
type fake struct {
	mu       sync.Mutex
	projects map[string]*fakeProject
	secrets  map[string]*fakeKey // every key that may call, by its secret
	made     int
	requests int
	asking   *fakeKey // the key of the request under way

	// What a test breaks or changes; each begins as the correct step.
	hook    func(n int)                                                        // before request n is answered, from 1
	query   func(*fakeQuery)                                                   // once it is read
	list    func(keys []*fakeKey, order string) []*fakeKey                     // sorts
	cut     func(list []*fakeKey, q fakeQuery) (page []*fakeKey, ok bool)      // takes a page; false: refused
	more    func(list, page []*fakeKey, q fakeQuery) bool                      // has_more
	total   func(items int, q fakeQuery) any                                   // total_pages
	item    func(k *fakeKey) map[string]any                                    // shows a key; nil: as showKey does
	page    func(answer map[string]any, list, page []*fakeKey, q fakeQuery)    // before it is sent
	refusal func(why string) (status int, code string)                         // why: conflict, parameter, unknown
	admits  func(p *fakeProject, k *fakeKey) bool                              // whether a key may list
	visible func(keys []*fakeKey) []*fakeKey                                   // of the project
	remove  func(k *fakeKey)                                                   // forgets the secret
	create  func(p *fakeProject, k *fakeKey)                                   // puts it in the list
	answer  func(w http.ResponseWriter, status int, body any, r *http.Request) // sends
}

type fakeProject struct {
	id   string
	keys []*fakeKey
}

type fakeKey struct {
	id          uuid.UUID
	name        string
	created     time.Time
	secret      string
	permissions []string // nil: unrestricted
	project     *fakeProject
	shown       json.RawMessage // by showKey; made once
}

type fakeQuery struct {
	after, before string
	page, limit   int
	order         string
	limited       bool // limit was given
	ordered       bool // order was given
	sequence      int  // of the request
}

const (
	fakeSecret = "fake-unrestricted-key-0001"
	fakeDenied = "fake-no-permission-0002"
	fakeStep   = time.Second
)

var fakeBegin = time.Date(2025, time.March, 1, 8, 0, 0, 0, time.UTC)

// newFake makes a server whose main project has n keys; with ties every so many
// have the same date as the one before, 0: none.
func newFake(n, ties int) *fake {
	f := &fake{projects: map[string]*fakeProject{}, secrets: map[string]*fakeKey{}}
	f.query = func(*fakeQuery) {}
	f.list, f.cut, f.more, f.total = sortKeys, f.cutPage, moreKeys, totalPages
	f.page = func(map[string]any, []*fakeKey, []*fakeKey, fakeQuery) {}
	f.refusal = func(string) (int, string) { return 422, "INVALID_PAGINATION_PARAMETERS" }
	f.admits = func(_ *fakeProject, k *fakeKey) bool {
		return k.permissions == nil || slices.Contains(k.permissions, "api_keys.view")
	}
	f.visible = func(keys []*fakeKey) []*fakeKey { return keys }
	f.remove = func(k *fakeKey) { delete(f.secrets, k.secret) }
	f.create = func(p *fakeProject, k *fakeKey) { p.keys = append(p.keys, k) }
	f.answer = func(w http.ResponseWriter, status int, body any, _ *http.Request) { send(w, status, body) }
	main := &fakeProject{id: "main"}
	f.projects[main.id] = main
	for i := range n {
		f.add(main, fmt.Sprintf("Key_%d", (i*7919)%1000), permissionsOf(i), ties > 0 && i%ties == 1)
	}
	f.secrets[fakeSecret] = &fakeKey{project: main}
	f.secrets[fakeDenied] = &fakeKey{project: main, permissions: []string{}}
	return f
}

// permissionsOf gives keys different permissions.
func permissionsOf(i int) []string {
	return [][]string{nil, {"calls.view"}, {"api_keys.view", "calls.view"}, {}}[i%4]
}

// add makes a key, the newest; tied: at the same time as the one before.
func (f *fake) add(p *fakeProject, name string, permissions []string, tied bool) *fakeKey {
	if !tied {
		f.made++
	}
	n := len(p.keys) + 1000*len(f.secrets)
	k := &fakeKey{
		id: uuid.NewSHA1(uuid.NameSpaceOID, fmt.Appendf(nil, "%s/%d/%d", p.id, f.made, n)), name: name,
		created: fakeBegin.Add(time.Duration(f.made) * fakeStep), permissions: permissions, project: p,
	}
	k.secret = "fake-secret-" + k.id.String()
	f.secrets[k.secret] = k
	p.keys = append(p.keys, k)
	return k
}

// drop deletes the key at a place of the main project, oldest first.
func (f *fake) drop(at int) {
	p := f.projects["main"]
	if at >= 0 && at < len(p.keys) {
		f.remove(p.keys[at])
		p.keys = slices.Delete(slices.Clone(p.keys), at, at+1)
	}
}

func compareKeys(a, b *fakeKey) int {
	return cmp.Or(a.created.Compare(b.created), bytes.Compare(a.id[:], b.id[:]))
}

func sortKeys(keys []*fakeKey, order string) []*fakeKey {
	list := slices.Clone(keys)
	slices.SortFunc(list, compareKeys)
	if order != "asc" {
		slices.Reverse(list)
	}
	return list
}

// placeOf is where a cursor stands; -1: nowhere.
func placeOf(list []*fakeKey, id string) int {
	named, err := uuid.Parse(id)
	if err != nil {
		return -1
	}
	return slices.IndexFunc(list, func(k *fakeKey) bool { return k.id == named })
}

// span is what a query takes of a list.
func span(list []*fakeKey, q fakeQuery) (from, to int, ok bool) {
	switch {
	case q.page > 0:
		from = min((q.page-1)*q.limit, len(list))
	case q.after != "":
		from = placeOf(list, q.after) + 1
		if from == 0 {
			return 0, 0, false
		}
	case q.before != "":
		to = placeOf(list, q.before)
		return max(to-q.limit, 0), to, to >= 0
	}
	return from, min(from+q.limit, len(list)), true
}

func (f *fake) cutPage(list []*fakeKey, q fakeQuery) ([]*fakeKey, bool) {
	from, to, ok := span(list, q)
	if !ok {
		return nil, false
	}
	return list[from:to], true
}

func moreKeys(list, _ []*fakeKey, q fakeQuery) bool {
	from, to, _ := span(list, q)
	if q.before != "" {
		return from > 0
	}
	return to < len(list)
}

func totalPages(items int, q fakeQuery) any { return (items + q.limit - 1) / q.limit }

func showKey(k *fakeKey) map[string]any {
	m := map[string]any{
		"id": k.id, "name": k.name, "created_date": k.created.Format(time.RFC3339Nano), "last_four_digits": k.secret[len(k.secret)-4:],
		"creator_id": uuid.Nil, "restricted": k.permissions != nil, "permissions": nil,
	}
	if k.permissions != nil {
		m["permissions"] = k.permissions
	}
	return m
}

// show shows a key.
func (f *fake) show(k *fakeKey) any {
	if f.item != nil {
		return f.item(k)
	}
	if k.shown == nil {
		k.shown, _ = json.Marshal(showKey(k))
	}
	return k.shown
}

func send(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func (f *fake) refuse(w http.ResponseWriter, r *http.Request, status int, code, message string) {
	f.answer(w, status, map[string]any{"status": "error", "error_code": code, "message": message}, r)
}

// fakeValidator reads the requests of every fake.
var fakeValidator = sync.OnceValue(func() *contract.Validator {
	v, err := contract.New(spectest.Seed())
	if err != nil {
		panic(err)
	}
	return v
})

// handler is the server.
func (f *fake) handler() http.Handler {
	checked := fakeValidator().Middleware(http.HandlerFunc(f.serve),
		contract.RefuseRequests(func(w http.ResponseWriter, r *http.Request, _ *contract.Operation, _ []contract.Violation) {
			status, code := f.refusal("parameter")
			f.refuse(w, r, status, code, "a parameter breaks its rule")
		}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.requests++
		if f.hook != nil {
			f.hook(f.requests)
		}
		if r.URL.Path != "/v1/api_key/" || r.Method != http.MethodGet {
			f.refuse(w, r, 404, "NOT_FOUND", "no such thing")
			return
		}
		k, is := f.caller(r)
		if f.asking = k; !is || !f.admits(k.project, k) {
			f.refuse(w, r, 403, "INTERNAL_SERVER_ERROR", "Missing required permissions")
			return
		}
		checked.ServeHTTP(w, r)
	})
}

func (f *fake) caller(r *http.Request) (*fakeKey, bool) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	k, is := f.secrets[token]
	return k, is && strings.EqualFold(scheme, "bearer")
}

func (f *fake) serve(w http.ResponseWriter, r *http.Request) {
	k := f.asking
	given := r.URL.Query()
	number := func(name string, otherwise int) int {
		if n, err := strconv.Atoi(given.Get(name)); err == nil {
			return n
		}
		return otherwise
	}
	q := fakeQuery{
		after: given.Get("after"), before: given.Get("before"), page: number("page", 0), limit: number("limit", 50),
		order: cmp.Or(given.Get("order"), "desc"), limited: given.Has("limit"), ordered: given.Has("order"), sequence: f.requests,
	}
	if q.after != "" && q.before != "" || q.page > 0 && q.after+q.before != "" {
		f.query(&q)
		if q.after != "" && q.before != "" || q.page > 0 && q.after+q.before != "" {
			status, code := f.refusal("conflict")
			f.refuse(w, r, status, code, "Cannot specify both 'before' and 'after' parameters")
			return
		}
	} else {
		f.query(&q)
	}
	list := f.list(f.visible(k.project.keys), q.order)
	page, ok := f.cut(list, q)
	if !ok {
		status, code := f.refusal("unknown")
		f.refuse(w, r, status, code, "no such cursor")
		return
	}
	data := []any{}
	for _, k := range page {
		data = append(data, f.show(k))
	}
	answer := map[string]any{
		"data": data, "has_more": f.more(list, page, q), "first_id": nil, "last_id": nil, "current_page": nil, "total_pages": nil,
	}
	if len(page) > 0 {
		answer["first_id"], answer["last_id"] = page[0].id, page[len(page)-1].id
	}
	if q.page > 0 {
		answer["current_page"], answer["total_pages"] = q.page, f.total(len(list), q)
	}
	f.page(answer, list, page, q)
	f.answer(w, http.StatusOK, answer, r)
}

// RoundTrip answers in process.
func (f *fake) RoundTrip(h http.Handler) http.RoundTripper {
	return roundTrip(func(r *http.Request) (*http.Response, error) {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Result(), r.Context().Err()
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// check runs the suite against the fake.
func (f *fake) check(ctx context.Context, change ...func(*suite.Target)) ([]string, error) {
	to := suite.Target{
		URL: "http://127.0.0.1", Document: spectest.Seed(), Key: fakeSecret, DeniedKey: fakeDenied, Transport: f.RoundTrip(f.handler()),
	}
	for _, c := range change {
		c(&to)
	}
	r, err := suite.Check(ctx, to)
	if err != nil {
		return nil, err
	}
	return failed(r), nil
}

// withLab gives the suite a lab of the fake.
func (f *fake) withLab(to *suite.Target) { to.Lab = fakeLab{f} }

// fakeLab is the fake's suite.Lab.
type fakeLab struct{ *fake }

func (l fakeLab) CreateProject(_ context.Context, keys int) (project, secret string, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	p := &fakeProject{id: fmt.Sprintf("lab-%d", len(l.projects))}
	l.projects[p.id] = p
	for i := range keys {
		k := l.add(p, fmt.Sprintf("Lab_%d", i), nil, false)
		if i == 0 {
			secret = k.secret
		}
	}
	return p.id, secret, nil
}

func (l fakeLab) CreateKey(_ context.Context, project, name string, permissions []string) (id, secret string, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	p := l.projects[project]
	k := l.add(p, name, permissions, false)
	p.keys = p.keys[:len(p.keys)-1]
	l.create(p, k)
	return k.id.String(), k.secret, nil
}

func (l fakeLab) DeleteKey(_ context.Context, project, id string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	p := l.projects[project]
	at := placeOf(p.keys, id)
	if at < 0 {
		return errors.New("no such key")
	}
	l.remove(p.keys[at])
	p.keys = slices.Delete(slices.Clone(p.keys), at, at+1)
	return nil
}

func (l fakeLab) DeleteProject(_ context.Context, project string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.projects[project] == nil {
		return errors.New("no such project")
	}
	delete(l.projects, project)
	return nil
}

// sizesTried are numbers of keys next to which paging goes wrong.
var sizesTried = []int{51, 0, 1, 3, 50, 137}

func TestFakePasses(t *testing.T) {
	t.Parallel()
	for _, n := range sizesTried {
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			t.Parallel()
			f := newFake(n, 5)
			got, err := f.check(t.Context(), f.withLab)
			if err != nil || len(got) > 0 {
				t.Errorf("a correct server: %v, %v", got, err)
			}
			if len(f.projects) != 1 {
				t.Errorf("%d projects of the lab are left", len(f.projects)-1)
			}
		})
	}
}
