package suite_test

import (
	"cmp"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// brokenPage is a server that pages wrongly, and the check that names how.
type brokenPage struct {
	name  string
	wrong func(*fake)
	check string   // must find it
	also  []string // see it too, for the reason the defect gives
	lab   bool     // is found with a lab alone
	keys  int      // fewest with which it can be seen; 0: 4
	ties  bool     // is seen with equal dates alone
}

// Names of checks that see whole classes of defects.
var (
	walks   = []string{"walk_after", "walk_before", "walk_page", "walks_agree", "walk_limits"}
	windows = []string{"cursor_place", "before_adjacent", "page_window"}
)

func also(lists ...[]string) []string { return slices.Concat(lists...) }

// outside keeps a page to the list's bounds.
func outside(list []*fakeKey, from, to int) []*fakeKey {
	from = min(max(from, 0), len(list))
	return list[from:min(max(to, from), len(list))]
}

// cutting breaks the taking of a page.
func cutting(shift func(q fakeQuery, from, to int) (int, int)) func(*fake) {
	return func(f *fake) {
		f.cut = func(list []*fakeKey, q fakeQuery) ([]*fakeKey, bool) {
			from, to, ok := span(list, q)
			if !ok {
				return nil, false
			}
			from, to = shift(q, from, to)
			return outside(list, from, to), true
		}
	}
}

// telling breaks what goes with a page.
func telling(change func(answer map[string]any, list, page []*fakeKey, q fakeQuery)) func(*fake) {
	return func(f *fake) { f.page = change }
}

// asking breaks the reading of the query.
func asking(change func(*fakeQuery)) func(*fake) {
	return func(f *fake) { f.query = change }
}

// showing breaks what is shown of a key.
func showing(change func(k *fakeKey, shown map[string]any)) func(*fake) {
	return func(f *fake) {
		f.item = func(k *fakeKey) map[string]any {
			m := showKey(k)
			change(k, m)
			return m
		}
	}
}

func moreIs(f func(list, page []*fakeKey, q fakeQuery, right bool) bool) func(*fake) {
	return func(s *fake) {
		s.more = func(list, page []*fakeKey, q fakeQuery) bool { return f(list, page, q, moreKeys(list, page, q)) }
	}
}

var brokenPages = []brokenPage{
	{name: "after includes the cursor", check: "cursor_excluded", also: also(walks, windows, []string{"has_more", "page_size", "repeatable", "page_with_cursor"}),
		wrong: cutting(func(q fakeQuery, from, to int) (int, int) {
			if q.after != "" {
				return from - 1, to - 1
			}
			return from, to
		})},
	{name: "before includes the cursor", check: "cursor_excluded", also: also(walks, windows, []string{"has_more_before", "page_with_cursor"}),
		wrong: cutting(func(q fakeQuery, from, to int) (int, int) {
			if q.before != "" {
				return from + 1, to + 1
			}
			return from, to
		})},
	{name: "before leaves out the item next to the cursor", check: "before_adjacent", also: also(walks, []string{"has_more_before", "page_with_cursor"}),
		wrong: cutting(func(q fakeQuery, from, to int) (int, int) {
			if q.before != "" {
				return from - 1, to - 1
			}
			return from, to
		})},
	{name: "before reverses the page", check: "before_adjacent", also: also(walks, []string{"page_order", "has_more_before", "page_with_cursor", "repeatable"}),
		wrong: func(f *fake) {
			f.cut = func(list []*fakeKey, q fakeQuery) ([]*fakeKey, bool) {
				page, ok := f.cutPage(list, q)
				if q.before != "" {
					page = slices.Clone(page)
					slices.Reverse(page)
				}
				return page, ok
			}
		}},
	{name: "before takes the first page", check: "before_adjacent", also: also(walks, []string{"has_more_before", "page_with_cursor"}),
		wrong: cutting(func(q fakeQuery, from, to int) (int, int) {
			if q.before != "" {
				return 0, min(q.limit, to)
			}
			return from, to
		})},
	{name: "has_more always true", check: "has_more", also: []string{"has_more_before", "page_past_end", "cursor_excluded"},
		wrong: moreIs(func(_, _ []*fakeKey, _ fakeQuery, _ bool) bool { return true })},
	{name: "has_more always false", check: "has_more", also: []string{"has_more_before"},
		wrong: moreIs(func(_, _ []*fakeKey, _ fakeQuery, _ bool) bool { return false })},
	{name: "has_more true when the last page is full", check: "has_more",
		wrong: moreIs(func(_, page []*fakeKey, q fakeQuery, right bool) bool {
			return right || q.before == "" && len(page) == q.limit
		})},
	{name: "has_more false one item too early", check: "has_more",
		wrong: moreIs(func(list, _ []*fakeKey, q fakeQuery, right bool) bool {
			_, to, _ := span(list, q)
			return right && (q.before != "" || to+1 < len(list))
		})},
	{name: "has_more with before looks behind the page", check: "has_more_before",
		wrong: moreIs(func(list, _ []*fakeKey, q fakeQuery, right bool) bool {
			_, to, _ := span(list, q)
			if q.before != "" {
				return to < len(list)
			}
			return right
		})},
	{name: "has_more of a page by number counts from the first", check: "has_more", also: []string{"page_past_end"},
		wrong: moreIs(func(list, _ []*fakeKey, q fakeQuery, right bool) bool {
			if q.page > 0 {
				return q.limit < len(list)
			}
			return right
		})},
	{name: "windows overlap by one", check: "page_window", also: []string{"walk_page", "page_past_end", "walks_agree", "page_order"},
		wrong: cutting(func(q fakeQuery, from, to int) (int, int) {
			if q.page > 1 {
				return from - (q.page - 1), from - (q.page - 1) + q.limit
			}
			return from, to
		})},
	{name: "windows leave one out", check: "page_window", also: []string{"walk_page", "has_more"},
		wrong: cutting(func(q fakeQuery, from, to int) (int, int) {
			if q.page > 1 {
				return from + 1, to + 1
			}
			return from, to
		})},
	{name: "pages are counted from 0", check: "page_window", also: []string{"walk_page", "has_more", "page_with_cursor"},
		wrong: cutting(func(q fakeQuery, from, to int) (int, int) {
			if q.page > 0 {
				return q.page * q.limit, (q.page + 1) * q.limit
			}
			return from, to
		})},
	{name: "pages by number are of 50 whatever the limit", check: "page_window", also: also(walks, []string{"page_limit", "has_more", "page_past_end", "page_with_cursor", "page_size"}),
		wrong: cutting(func(q fakeQuery, from, to int) (int, int) {
			if q.page > 0 {
				return (q.page - 1) * 50, q.page * 50
			}
			return from, to
		})},
	{name: "a page past the end is the last one", check: "page_past_end", also: []string{"walk_page", "page_numbers"},
		wrong: func(f *fake) {
			f.cut = func(list []*fakeKey, q fakeQuery) ([]*fakeKey, bool) {
				if last := (len(list) + q.limit - 1) / q.limit; q.page > last && last > 0 {
					q.page = last
				}
				return f.cutPage(list, q)
			}
		}},
	{name: "a page past the end is the first one", check: "page_past_end", also: []string{"walk_page"},
		wrong: func(f *fake) {
			f.cut = func(list []*fakeKey, q fakeQuery) ([]*fakeKey, bool) {
				if (q.page-1)*q.limit >= len(list) {
					q.page = 1
				}
				return f.cutPage(list, q)
			}
		}},
	{name: "20 items by default", check: "default_limit", keys: 52,
		wrong: asking(func(q *fakeQuery) {
			if !q.limited {
				q.limit = 20
			}
		})},
	{name: "100 items by default", check: "default_limit", keys: 52,
		wrong: asking(func(q *fakeQuery) {
			if !q.limited {
				q.limit = 100
			}
		})},
	{name: "oldest first by default", check: "default_order", also: []string{"page_order"},
		wrong: asking(func(q *fakeQuery) {
			if !q.ordered {
				q.order = "asc"
			}
		})},
	{name: "the limit is ignored", check: "page_limit", also: also(walks, windows, []string{"default_limit", "default_order", "has_more", "has_more_before", "page_with_cursor", "page_numbers", "page_past_end", "walk_while_creating", "page_size"}), keys: 52,
		wrong: asking(func(q *fakeQuery) { q.limit = 50 })},
	{name: "one item more than the limit", check: "page_limit", also: also(walks, windows, []string{"default_limit", "has_more", "has_more_before", "page_with_cursor"}),
		wrong: cutting(func(q fakeQuery, from, to int) (int, int) {
			if q.before != "" {
				return from - 1, to
			}
			return from, to + 1
		})},
	{name: "at most 100 items, in silence", check: "page_size", also: also(windows, []string{"has_more", "walk_page", "page_numbers"}), keys: 102,
		wrong: asking(func(q *fakeQuery) { q.limit = min(q.limit, 100) })},
	{name: "the order is ignored", check: "order_reversed", also: []string{"page_order"},
		wrong: asking(func(q *fakeQuery) { q.order = "desc" })},
	{name: "asc sorts by name", check: "order_reversed", also: []string{"page_order", "walks_agree"},
		wrong: func(f *fake) {
			f.list = func(keys []*fakeKey, order string) []*fakeKey {
				list := sortKeys(keys, order)
				if order == "asc" {
					slices.SortStableFunc(list, func(a, b *fakeKey) int { return cmp.Compare(a.name, b.name) })
				}
				return list
			}
		}},
	{name: "sorts by id", check: "page_order", keys: 12,
		wrong: func(f *fake) {
			f.list = func(keys []*fakeKey, order string) []*fakeKey {
				list := slices.Clone(keys)
				slices.SortFunc(list, func(a, b *fakeKey) int { return strings.Compare(a.id.String(), b.id.String()) })
				if order == "desc" {
					slices.Reverse(list)
				}
				return list
			}
		}},
	{name: "sorts by the seconds of the date", check: "page_order", keys: 70,
		wrong: func(f *fake) {
			text := func(k *fakeKey) string { return k.created.Format("05") + k.id.String() }
			f.list = func(keys []*fakeKey, order string) []*fakeKey {
				list := slices.Clone(keys)
				slices.SortFunc(list, func(a, b *fakeKey) int { return strings.Compare(text(a), text(b)) })
				if order == "desc" {
					slices.Reverse(list)
				}
				return list
			}
		}},
	{name: "ties are not reversed", check: "order_reversed", also: []string{"repeatable"}, ties: true,
		wrong: func(f *fake) {
			f.list = func(keys []*fakeKey, order string) []*fakeKey {
				list := slices.Clone(keys)
				slices.SortStableFunc(list, func(a, b *fakeKey) int {
					if order == "asc" {
						return a.created.Compare(b.created)
					}
					return b.created.Compare(a.created)
				})
				return list
			}
		}},
	{name: "ties change places between requests", check: "repeatable", ties: true, keys: 20,
		also: also(walks, windows, []string{"order_reversed", "default_order", "default_limit", "cursor_excluded", "has_more", "has_more_before", "page_with_cursor", "page_past_end"}),
		wrong: func(f *fake) {
			random := rand.New(rand.NewPCG(1, 2))
			f.list = func(keys []*fakeKey, order string) []*fakeKey {
				list := slices.Clone(keys)
				random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
				slices.SortStableFunc(list, func(a, b *fakeKey) int {
					if order == "asc" {
						return a.created.Compare(b.created)
					}
					return b.created.Compare(a.created)
				})
				return list
			}
		}},
	{name: "an item is lost at each border of pages", check: "walk_after", also: also(windows, []string{"walk_limits", "has_more", "walk_while_creating", "page_with_cursor", "deleted_cursor"}), keys: 8,
		wrong: cutting(func(q fakeQuery, from, to int) (int, int) {
			if q.after != "" {
				return from + 1, to + 1
			}
			return from, to
		})},
	{name: "before loses an item at each border of pages", check: "walk_before", also: []string{"before_adjacent", "has_more_before", "page_with_cursor"},
		wrong: cutting(func(q fakeQuery, from, to int) (int, int) {
			if q.before != "" {
				return from - 1, to - 1
			}
			return from, to
		})},
	{name: "pages by number lose the last item of the list", check: "walk_page", also: []string{"page_window", "page_past_end", "has_more"},
		wrong: func(f *fake) {
			f.cut = func(list []*fakeKey, q fakeQuery) ([]*fakeKey, bool) {
				page, ok := f.cutPage(list, q)
				if n := len(page); q.page > 0 && n > 0 && page[n-1] == list[len(list)-1] {
					page = page[:n-1]
				}
				return page, ok
			}
		}},
	{name: "pages by number have another order", check: "walks_agree", also: []string{"page_window", "page_order", "has_more", "page_with_cursor"},
		wrong: func(f *fake) {
			f.cut = func(list []*fakeKey, q fakeQuery) ([]*fakeKey, bool) {
				if q.page > 0 {
					list = slices.Clone(list)
					slices.SortStableFunc(list, func(a, b *fakeKey) int { return cmp.Compare(a.name, b.name) })
				}
				return f.cutPage(list, q)
			}
		}},
	{name: "the limit moves where after begins", check: "walk_limits", also: []string{"cursor_place", "walk_after", "has_more", "page_with_cursor", "walk_while_creating", "repeatable"}, keys: 8,
		wrong: cutting(func(q fakeQuery, from, to int) (int, int) {
			if q.after != "" && q.limit < 50 {
				return from + q.limit/2, to + q.limit/2
			}
			return from, to
		})},
	{name: "last_id is the first", check: "page_bounds",
		wrong: telling(func(a map[string]any, _, _ []*fakeKey, _ fakeQuery) { a["last_id"] = a["first_id"] })},
	{name: "first_id is the cursor", check: "page_bounds",
		wrong: telling(func(a map[string]any, _, page []*fakeKey, q fakeQuery) {
			if q.after != "" && len(page) > 0 {
				a["first_id"] = q.after
			}
		})},
	{name: "first_id and last_id are swapped with before", check: "page_bounds",
		wrong: telling(func(a map[string]any, _, _ []*fakeKey, q fakeQuery) {
			if q.before != "" {
				a["first_id"], a["last_id"] = a["last_id"], a["first_id"]
			}
		})},
	{name: "last_id is that of the whole list", check: "page_bounds",
		wrong: telling(func(a map[string]any, list, page []*fakeKey, _ fakeQuery) {
			if len(page) > 0 {
				a["last_id"] = list[len(list)-1].id
			}
		})},
	{name: "last_id is null though a cursor was given", check: "page_bounds",
		wrong: telling(func(a map[string]any, _, _ []*fakeKey, q fakeQuery) {
			if q.after != "" {
				a["last_id"] = nil
			}
		})},
	{name: "total_pages is rounded down", check: "page_numbers",
		wrong: func(f *fake) { f.total = func(n int, q fakeQuery) any { return n / q.limit } }},
	{name: "total_pages counts items", check: "page_numbers",
		wrong: func(f *fake) { f.total = func(n int, _ fakeQuery) any { return n } }},
	{name: "total_pages is 0", check: "page_numbers",
		wrong: func(f *fake) { f.total = func(int, fakeQuery) any { return 0 } }},
	{name: "total_pages counts one too many on exact multiples", check: "page_numbers",
		wrong: func(f *fake) { f.total = func(n int, q fakeQuery) any { return n/q.limit + 1 } }},
	{name: "current_page is always 1", check: "page_numbers",
		wrong: telling(func(a map[string]any, _, _ []*fakeKey, q fakeQuery) {
			if q.page > 0 {
				a["current_page"] = 1
			}
		})},
	{name: "current_page counts from 0", check: "page_numbers",
		wrong: telling(func(a map[string]any, _, _ []*fakeKey, q fakeQuery) {
			if q.page > 0 {
				a["current_page"] = q.page - 1
			}
		})},
	{name: "the cursor is ignored with asc", check: "cursor_place",
		also: also(walks, []string{"cursor_excluded", "order_reversed", "has_more", "has_more_before", "unknown_cursor", "before_adjacent", "walk_while_creating", "page_with_cursor", "page_order"}),
		wrong: asking(func(q *fakeQuery) {
			if q.order == "asc" {
				q.after, q.before = "", ""
			}
		})},
	{name: "the cursor is looked up newest first whatever the order", check: "cursor_place",
		also: also(walks, []string{"order_reversed", "has_more", "cursor_excluded", "page_bounds", "page_order"}),
		wrong: func(f *fake) {
			f.cut = func(list []*fakeKey, q fakeQuery) ([]*fakeKey, bool) {
				if q.order == "asc" && q.after != "" {
					q.before, q.after = q.after, ""
				}
				return f.cutPage(list, q)
			}
		}},
	{name: "an unknown cursor gives the first page", check: "unknown_cursor", also: []string{"deleted_cursor", "isolation"},
		wrong: func(f *fake) {
			f.cut = func(list []*fakeKey, q fakeQuery) ([]*fakeKey, bool) {
				if page, ok := f.cutPage(list, q); ok {
					return page, true
				}
				return outside(list, 0, q.limit), true
			}
		}},
	{name: "both cursors are accepted", check: "conflicting_cursors",
		wrong: asking(func(q *fakeQuery) {
			if q.after != "" {
				q.before = ""
			}
		})},
	{name: "both cursors are refused with 400", check: "conflicting_cursors", also: []string{"status_code_conformance"},
		wrong: func(f *fake) {
			f.refusal = func(why string) (int, string) {
				if why == "conflict" {
					return 400, "INVALID_PAGINATION_PARAMETERS"
				}
				return 422, "INVALID_PAGINATION_PARAMETERS"
			}
		}},
	{name: "both cursors are refused with another code", check: "conflicting_cursors",
		wrong: func(f *fake) {
			f.refusal = func(why string) (int, string) {
				if why == "conflict" {
					return 422, "VALIDATION_ERROR"
				}
				return 422, "INVALID_PAGINATION_PARAMETERS"
			}
		}},
	{name: "page with a cursor begins at neither", check: "page_with_cursor",
		wrong: func(f *fake) {
			f.query = func(q *fakeQuery) {
				if q.page > 0 && q.after+q.before != "" {
					q.after, q.before, q.page = "", "", 2
				}
			}
		}},
	{name: "every other answer lacks its second item", check: "repeatable", keys: 8,
		also: also(walks, windows, []string{"order_reversed", "default_order", "default_limit", "has_more", "has_more_before", "page_numbers", "page_with_cursor", "page_size", "cursor_excluded", "page_past_end"}),
		wrong: func(f *fake) {
			f.cut = func(list []*fakeKey, q fakeQuery) ([]*fakeKey, bool) {
				page, ok := f.cutPage(list, q)
				if len(page) > 2 && q.sequence%2 == 0 {
					page = slices.Delete(slices.Clone(page), 1, 2)
				}
				return page, ok
			}
		}},
	{name: "names change from answer to answer", check: "repeatable",
		wrong: func(f *fake) {
			f.item = func(k *fakeKey) map[string]any {
				m := showKey(k)
				m["name"] = k.name + string(rune('a'+f.requests%26))
				return m
			}
		}},
	{name: "has_more is a matter of luck", check: "repeatable", also: []string{"has_more", "has_more_before", "page_past_end", "cursor_excluded"},
		wrong: func(f *fake) {
			f.more = func(list, page []*fakeKey, q fakeQuery) bool {
				return moreKeys(list, page, q) != (q.sequence%3 == 0)
			}
		}},
	{name: "the key is shown", check: "secret_disclosed",
		wrong: showing(func(k *fakeKey, m map[string]any) { m["key"] = k.secret })},
	{name: "the hash of the key is shown", check: "secret_disclosed",
		wrong: showing(func(k *fakeKey, m map[string]any) { m["key_hash"] = strings.Repeat("9f86d081", 8) })},
	{name: "the key that asks is in the answer", check: "secret_disclosed",
		wrong: func(f *fake) {
			f.answer = func(w http.ResponseWriter, status int, body any, r *http.Request) {
				if m, is := body.(map[string]any); is {
					m["caller"] = strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
				}
				send(w, status, body)
			}
		}},
	{name: "five last digits", check: "last_four_digits", also: []string{"created_key"},
		wrong: showing(func(k *fakeKey, m map[string]any) { m["last_four_digits"] = k.secret[len(k.secret)-5:] })},
	{name: "three last digits", check: "last_four_digits", also: []string{"created_key"},
		wrong: showing(func(k *fakeKey, m map[string]any) { m["last_four_digits"] = k.secret[len(k.secret)-3:] })},
	{name: "a restricted key without permissions", check: "restricted_permissions", also: []string{"created_key"},
		wrong: showing(func(_ *fakeKey, m map[string]any) { m["permissions"] = nil })},
	{name: "an unrestricted key with some permissions", check: "restricted_permissions", also: []string{"created_key"},
		wrong: showing(func(_ *fakeKey, m map[string]any) { m["restricted"] = false })},

	{name: "the first digits", check: "created_key", lab: true,
		wrong: showing(func(k *fakeKey, m map[string]any) { m["last_four_digits"] = k.secret[:4] })},
	{name: "permissions of another key", check: "created_key", lab: true,
		wrong: showing(func(k *fakeKey, m map[string]any) {
			if k.permissions != nil {
				m["permissions"] = []string{"voices.view"}
			}
		})},
	{name: "a deleted key still works", check: "use_after_free", lab: true,
		wrong: func(f *fake) { f.remove = func(*fakeKey) {} }},
	{name: "a deleted key works once more", check: "use_after_free", lab: true,
		wrong: func(f *fake) {
			gone := map[*fakeKey]bool{}
			f.remove = func(k *fakeKey) { gone[k] = true }
			f.admits = func(_ *fakeProject, k *fakeKey) bool {
				if gone[k] {
					delete(f.secrets, k.secret)
				}
				return k.permissions == nil || slices.Contains(k.permissions, "api_keys.view")
			}
		}},
	{name: "a new key does not work", check: "ensure_resource_availability", also: []string{"permission_required"}, lab: true,
		wrong: func(f *fake) {
			f.create = func(p *fakeProject, k *fakeKey) {
				p.keys = append(p.keys, k)
				delete(f.secrets, k.secret)
			}
		}},
	{name: "a new key is not in the list", check: "ensure_resource_availability", lab: true,
		wrong: func(f *fake) {
			f.visible = func(keys []*fakeKey) []*fakeKey {
				return slices.DeleteFunc(slices.Clone(keys), func(k *fakeKey) bool { return strings.HasPrefix(k.name, "Verify_") })
			}
		}},
	{name: "a new key comes last", check: "created_key", also: []string{"walk_while_creating", "page_order"}, lab: true,
		wrong: func(f *fake) {
			f.create = func(p *fakeProject, k *fakeKey) {
				k.created = fakeBegin.AddDate(-1, 0, 0)
				p.keys = append(p.keys, k)
			}
		}},
	{name: "keys of all projects are listed", check: "isolation", also: []string{"walk_while_creating"}, lab: true,
		wrong: func(f *fake) {
			f.visible = func([]*fakeKey) []*fakeKey {
				var all []*fakeKey
				for _, p := range f.projects {
					all = append(all, p.keys...)
				}
				return all
			}
		}},
	{name: "a key of another project is a cursor", check: "isolation", lab: true,
		wrong: func(f *fake) {
			f.cut = func(list []*fakeKey, q fakeQuery) ([]*fakeKey, bool) {
				page, ok := f.cutPage(list, q)
				if ok {
					return page, true
				}
				for _, p := range f.projects {
					if placeOf(p.keys, q.after+q.before) >= 0 {
						return outside(list, 0, q.limit), true
					}
				}
				return nil, false
			}
		}},
	{name: "permissions are not looked at", check: "permission_required", lab: true,
		wrong: func(f *fake) { f.admits = func(*fakeProject, *fakeKey) bool { return true } }, also: []string{"ignored_auth", "insufficient_permission"}},
	{name: "cursors are places", check: "walk_while_creating", also: []string{"deleted_cursor"}, lab: true,
		wrong: func(f *fake) {
			// The place of a cursor is remembered when its page is sent.
			places := map[string]int{}
			f.cut = func(list []*fakeKey, q fakeQuery) ([]*fakeKey, bool) {
				from, to, ok := span(list, q)
				if at, known := places[q.order+q.after]; ok && known && q.after != "" && q.limit == 3 {
					from, to = at+1, at+1+q.limit
				}
				for i, k := range outside(list, from, to) {
					places[q.order+k.id.String()] = from + i
				}
				return outside(list, from, to), ok
			}
		}},
	{name: "a deleted cursor begins anew", check: "deleted_cursor", lab: true,
		wrong: func(f *fake) {
			buried := map[string]bool{}
			f.remove = func(k *fakeKey) {
				buried[k.id.String()] = true
				delete(f.secrets, k.secret)
			}
			f.cut = func(list []*fakeKey, q fakeQuery) ([]*fakeKey, bool) {
				if buried[q.after] || buried[q.before] {
					return outside(list, 0, q.limit), true
				}
				return f.cutPage(list, q)
			}
		}},
}

func (b brokenPage) find(t interface {
	Errorf(string, ...any)
	Fatalf(string, ...any)
}, check func(*fake) ([]string, error), keys int) {
	ties := 0
	if b.ties {
		ties = 2
	}
	f := newFake(keys, ties)
	b.wrong(f)
	got, err := check(f)
	if err != nil {
		t.Fatalf("%v", err)
	}
	if !slices.Contains(got, b.check) {
		t.Errorf("%d keys: found by %v, not by %s", keys, got, b.check)
	}
	for _, id := range got {
		if id != b.check && !slices.Contains(b.also, id) {
			t.Errorf("%d keys: %s cries too", keys, id)
		}
	}
}

func TestBrokenPagesFail(t *testing.T) {
	t.Parallel()
	for _, b := range sample(brokenPages) {
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			b.find(t, func(f *fake) ([]string, error) {
				if b.lab {
					return f.check(t.Context(), f.withLab)
				}
				return f.check(t.Context())
			}, 137)
		})
	}
}

// Whatever the size, as long as the defect can be seen with it.
func TestBrokenPagesFailWithAnySize(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := rapid.SampledFrom(brokenPages).Draw(t, "defect")
		keys := rapid.IntRange(cmp.Or(b.keys, 4), 150).Draw(t, "keys")
		b.find(t, func(f *fake) ([]string, error) {
			if b.lab {
				return f.check(t.Context(), f.withLab)
			}
			return f.check(t.Context())
		}, keys)
	})
}
