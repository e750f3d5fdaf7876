package suite_test

import (
	"flag"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/digakit/digakit/contract/suite"
)

// legalPage is a server that does what the document leaves open in another way.
type legalPage struct {
	name  string
	why   string // it is no finding
	apply func(*fake)
}

var legalPages = []legalPage{
	{"extra properties", "the schemas do not forbid them", func(f *fake) {
		f.item = func(k *fakeKey) map[string]any {
			m := showKey(k)
			m["last_used_date"], m["key_type"], m["token_count"] = nil, "service account of ours", 3
			return m
		}
		f.page = func(a map[string]any, list, _ []*fakeKey, _ fakeQuery) { a["total_items"] = len(list) }
	}},
	{"page fields always filled", "filled outside of page mode is open", func(f *fake) {
		f.page = func(a map[string]any, list, page []*fakeKey, q fakeQuery) {
			a["total_pages"] = totalPages(len(list), q)
			if q.page == 0 {
				a["current_page"] = 1
			}
		}
	}},
	{"page fields absent", "they are not required", func(f *fake) {
		f.page = func(a map[string]any, _, _ []*fakeKey, q fakeQuery) {
			delete(a, "current_page")
			delete(a, "total_pages")
		}
	}},
	{"first_id and last_id absent", "they are not required", func(f *fake) {
		f.page = func(a map[string]any, _, _ []*fakeKey, _ fakeQuery) {
			delete(a, "first_id")
			delete(a, "last_id")
		}
	}},
	{"first_id and last_id null without a cursor", "a caller by page number has no use for them", func(f *fake) {
		f.page = func(a map[string]any, _, _ []*fakeKey, q fakeQuery) {
			if q.after+q.before == "" {
				a["first_id"], a["last_id"] = nil, nil
			}
		}
	}},
	{"an unknown cursor gives an empty list", "open: 422 or empty", func(f *fake) {
		f.cut = func(list []*fakeKey, q fakeQuery) ([]*fakeKey, bool) {
			page, _ := f.cutPage(list, q)
			return page, true
		}
		f.more = func(list, page []*fakeKey, q fakeQuery) bool { return len(page) > 0 && moreKeys(list, page, q) }
	}},
	{"page wins over a cursor", "open: 422 or either", func(f *fake) {
		f.query = func(q *fakeQuery) {
			if q.page > 0 && (q.after == "" || q.before == "") {
				q.after, q.before = "", ""
			}
		}
	}},
	{"a cursor wins over page", "open: 422 or either", func(f *fake) {
		f.query = func(q *fakeQuery) {
			if q.after+q.before != "" {
				q.page = 0
			}
		}
	}},
	{"a page past the end is refused", "open: empty or refused", func(f *fake) {
		f.cut = func(list []*fakeKey, q fakeQuery) ([]*fakeKey, bool) {
			if q.page > max((len(list)+q.limit-1)/q.limit, 1) {
				return nil, false
			}
			return f.cutPage(list, q)
		}
	}},
	{"dates with an offset and without fractions", "instants are compared, not texts", func(f *fake) {
		zones := []*time.Location{time.FixedZone("", 2*3600), time.FixedZone("", -7*3600), time.UTC}
		f.item = func(k *fakeKey) map[string]any {
			m := showKey(k)
			m["created_date"] = k.created.In(zones[int(k.id[0])%3]).Format([]string{time.RFC3339, "2006-01-02T15:04:05.000000Z07:00"}[int(k.id[1])%2])
			return m
		}
	}},
	{"dates cut to the minute", "equal dates may stand in any order", func(f *fake) {
		f.item = func(k *fakeKey) map[string]any {
			m := showKey(k)
			m["created_date"] = k.created.Truncate(time.Minute).Format(time.RFC3339)
			return m
		}
	}},
	{"ties by name", "how ties are broken is open", func(f *fake) {
		f.list = func(keys []*fakeKey, order string) []*fakeKey {
			list := slices.Clone(keys)
			slices.SortFunc(list, func(a, b *fakeKey) int {
				if c := a.created.Compare(b.created); c != 0 {
					return c
				}
				return strings.Compare(a.name+a.id.String(), b.name+b.id.String())
			})
			if order != "asc" {
				slices.Reverse(list)
			}
			return list
		}
	}},
	{"an empty list of permissions for an unrestricted key", "open: null, absent or empty", func(f *fake) {
		f.item = func(k *fakeKey) map[string]any {
			m := showKey(k)
			if k.permissions == nil {
				m["permissions"] = []string{}
			}
			return m
		}
	}},
	{"no permissions for an unrestricted key", "open: null, absent or empty", func(f *fake) {
		f.item = func(k *fakeKey) map[string]any {
			m := showKey(k)
			if k.permissions == nil {
				delete(m, "permissions")
			}
			return m
		}
	}},
	{"a short page now and then", "a page may be shorter than its limit while there is more", func(f *fake) {
		short := func(list []*fakeKey, q fakeQuery) int {
			from, to, ok := span(list, q)
			if ok && q.page == 0 && to-from > 2 && len(list) > to && list[from].id[2]%2 == 0 && q.before == "" {
				return 1
			}
			return 0
		}
		f.cut = func(list []*fakeKey, q fakeQuery) ([]*fakeKey, bool) {
			page, ok := f.cutPage(list, q)
			return page[:max(len(page)-short(list, q), 0)], ok
		}
	}},
	{"upper-case ids", "the case of a UUID does not matter", func(f *fake) {
		f.item = func(k *fakeKey) map[string]any {
			m := showKey(k)
			m["id"] = strings.ToUpper(k.id.String())
			return m
		}
		f.page = func(a map[string]any, _, page []*fakeKey, _ fakeQuery) {
			if len(page) > 0 {
				a["first_id"], a["last_id"] = strings.ToUpper(page[0].id.String()), strings.ToUpper(page[len(page)-1].id.String())
			}
		}
	}},
	{"total_pages of an empty list is 1", "open: 0 or 1", func(f *fake) {
		f.total = func(n int, q fakeQuery) any { return max((n+q.limit-1)/q.limit, 1) }
	}},
	{"no status in errors", "it is optional", func(f *fake) {
		f.answer = func(w http.ResponseWriter, status int, body any, _ *http.Request) {
			if m, is := body.(map[string]any); is {
				delete(m, "status")
			}
			send(w, status, body)
		}
	}},
	{"throttling now and then", "a 429 is waited out", func(f *fake) {
		refused := false
		f.answer = func(w http.ResponseWriter, status int, body any, _ *http.Request) {
			if refused = !refused && f.requests%50 == 0; refused {
				w.Header().Set("Retry-After", "0")
				status, body = http.StatusTooManyRequests, map[string]any{}
			}
			send(w, status, body)
		}
	}},
}

// A run of the suite is much for one case of a property.
func init() {
	if err := flag.Set("rapid.checks", "20"); err != nil {
		panic(err)
	}
}

func TestLegalPagesPass(t *testing.T) {
	t.Parallel()
	for _, l := range sample(legalPages) {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			for _, n := range sample(sizesTried) {
				f := newFake(n, 5)
				l.apply(f)
				got, err := f.check(t.Context())
				if err != nil || len(got) > 0 {
					t.Errorf("%d keys: %v, %v; it is legal: %s", n, got, err, l.why)
				}
			}
		})
	}
}

// churn changes the main project before a request.
type churn struct {
	name string
	do   func(f *fake, n int)
}

var churns = []churn{
	{"created", func(f *fake, n int) { f.add(f.projects["main"], "New_"+strconv.Itoa(n), nil, false) }},
	{"newest deleted", func(f *fake, _ int) { f.drop(len(f.projects["main"].keys) - 1) }},
	{"oldest deleted", func(f *fake, _ int) { f.drop(0) }},
	{"one deleted", func(f *fake, n int) { f.drop(n * 31 % max(len(f.projects["main"].keys), 1)) }},
}

// A key is created or deleted between any two requests, once.
func TestOneChangePasses(t *testing.T) {
	t.Parallel()
	stride := 29
	if testing.Short() {
		stride = 350
	}
	for _, c := range churns {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for at := 1; at < 700; at += stride {
				f := newFake(14, 4)
				f.hook = func(n int) {
					if n == at {
						c.do(f, n)
					}
				}
				got, err := f.check(t.Context())
				if err != nil || len(got) > 0 {
					t.Fatalf("before request %d: %v, %v", at, got, err)
				}
			}
		})
	}
}

// Keys come and go all the time.
func TestChurnPasses(t *testing.T) {
	t.Parallel()
	for _, tc := range sample([]struct {
		name string
		keys int
		hook func(f *fake, n int)
	}{
		{"created and deleted in turns", 20, func(f *fake, n int) { churns[n%2].do(f, n) }},
		{"created before every request", 12, churns[0].do},
		{"created before every other request", 20, func(f *fake, n int) {
			if n%2 == 0 {
				churns[0].do(f, n)
			}
		}},
		{"two created, then deleted", 20, func(f *fake, n int) {
			if n%3 == 0 {
				churns[1].do(f, n)
				churns[1].do(f, n)
				return
			}
			churns[0].do(f, n)
		}},
		{"oldest deleted before every request", 900, churns[2].do},
		{"any deleted before every request", 900, churns[3].do},
		{"created, and any deleted, in turns", 60, func(f *fake, n int) {
			if n%2 == 0 {
				churns[0].do(f, n)
				return
			}
			churns[3].do(f, n)
		}},
	}) {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			f := newFake(tc.keys, 4)
			f.hook = func(n int) { tc.hook(f, n) }
			got, err := f.check(t.Context())
			if err != nil || len(got) > 0 {
				t.Errorf("%v, %v", got, err)
			}
		})
	}
}

// Whatever the size, the ties and the changes.
func TestCorrectFakeNeverFails(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := newFake(rapid.IntRange(0, 110).Draw(t, "keys"), rapid.IntRange(0, 6).Draw(t, "ties"))
		chance := rapid.SampledFrom([]int{0, 400, 100, 20, 3}).Draw(t, "one change in so many requests")
		// What comes and goes between two looks cannot be told: only keys that were
		// there from the start are deleted.
		kinds := rapid.SliceOfN(rapid.SampledFrom([]int{0, 2}), 1, 7).Draw(t, "changes")
		changes, left := 0, len(f.projects["main"].keys)
		f.hook = func(n int) {
			h := uuid.NewSHA1(uuid.NameSpaceOID, fmt.Appendf(nil, "%d", n))
			if chance > 0 && (int(h[0])<<8|int(h[1]))%chance == 0 {
				kind := kinds[changes%len(kinds)]
				changes++
				if kind != 0 {
					if left == 0 {
						return
					}
					left--
				}
				churns[kind].do(f, n)
			}
		}
		got, err := f.check(t.Context(), func(to *suite.Target) {})
		if err != nil || len(got) > 0 {
			t.Fatalf("%v, %v", got, err)
		}
	})
}
