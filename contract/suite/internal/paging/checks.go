package paging

import (
	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// Checks are the checks of operations that page.
func Checks() []session.Check {
	type list = *listing
	r := newRoom()
	r.looks = append(r.looks, judgeCurrent, noteSize)
	every := func(list) bool { return true }
	return []session.Check{
		{
			ID: "walk_after", Severity: report.Error,
			Why:  "A caller who follows after from page to page must meet every item once: what is skipped is never seen, what comes twice is done twice.",
			Fix:  "let a page begin right behind the item the cursor names, and order items by something unique",
			Work: r.onList(func(l list) bool { return l.after != "" }, everyItemOnce(byAfter)),
		},
		{
			ID: "walk_before", Severity: report.Warning, Assumption: "cursor",
			Why:  "A caller who goes back with before from the last item to the first must meet every item once.",
			Fix:  "answer before=ID with the items right before ID, in the order asked for",
			Work: r.onList(func(l list) bool { return l.after != "" && l.before != "" }, everyItemOnce(byBefore)),
		},
		{
			ID: "walk_page", Severity: report.Error,
			Why:  "A caller who asks for page 1, 2, 3 and so on must meet every item once while nothing changes.",
			Fix:  "cut the list into windows of limit items that touch and do not overlap, and order items by something unique",
			Work: r.onList(func(l list) bool { return l.page != "" }, everyItemOnce(byPage)),
		},
		{
			ID: "walks_agree", Severity: report.Error,
			Why:  "The same list in the same order must be the same whichever way a caller walks it.",
			Fix:  "sort in one place, by a total order, for cursors and page numbers alike",
			Work: r.onList(func(l list) bool { return len(l.tours()) > 1 }, walksAgree),
		},
		{
			ID: "walk_limits", Severity: report.Error,
			Why:  "How many items a page holds must not change which items a walk meets.",
			Fix:  "take the limit only as how many items to give, never as part of where a page begins",
			Work: r.onList(func(l list) bool { return l.after != "" && l.limit != "" }, walkLimits),
		},
		{
			ID: "order_reversed", Severity: report.Error,
			Why:  "asc and desc are two directions through one list: what is first in one is last in the other.",
			Fix:  "reverse the whole sort for the other order, ties included, and nothing else",
			Work: r.onList(func(l list) bool { return l.order != "" }, orderReversed),
		},
		{
			ID: "default_order", Severity: report.Error,
			Why:  "A caller who leaves order out relies on the documented default.",
			Fix:  "take the documented default for an order that is not given",
			Work: r.onList(func(l list) bool { return l.order != "" && l.defaultOrder != "" }, defaultOrder),
		},
		{
			ID: "page_order", Severity: report.Warning, Assumption: "order",
			Why:  "A caller shows items in the order they come and looks for the newest at one end.",
			Fix:  "sort by the date of creation, newest first for desc, and break ties by something unique",
			Work: r.onPages(func(l list) bool { return l.created != "" && (l.order != "" || l.defaultOrder != "") }, eachOrder, func(p *pager, pg *page) { p.judgeOrder(pg, pg.items) }, "no two items with different dates next to each other"),
		},
		{
			ID: "page_window", Severity: report.Error,
			Why:  "A caller who jumps to page n expects the n-th window of limit items of the one list.",
			Fix:  "skip (n-1) times limit items of the list in the order asked for, counting pages from 1",
			Work: r.onList(func(l list) bool { return l.page != "" }, pageWindow),
		},
		{
			ID: "page_past_end", Severity: report.Error,
			Why:  "A caller who asks for one page after the other stops when none is left; one that comes again has it go on without end.",
			Fix:  "answer a page behind the last one without items, or refuse it",
			Work: r.onList(func(l list) bool { return l.page != "" }, pagePastEnd),
		},
		{
			ID: "page_numbers", Severity: report.Error,
			Why:  "A caller shows \"page 2 of 7\" and offers the last page by total_pages.",
			Fix:  "give back the number asked for, and the items of the whole list divided by limit, rounded up",
			Work: r.onList(func(l list) bool { return l.page != "" && l.has(plan.CurrentPage, plan.TotalPages) }, pageNumbers),
		},
		{
			ID: "cursor_excluded", Severity: report.Error,
			Why:  "after=ID and before=ID ask for what comes after or before ID; a page with ID itself shows it twice.",
			Fix:  "compare with the cursor strictly: neither the item it names nor anything on its other side belongs on the page",
			Work: r.onList(func(l list) bool { return l.after != "" || l.before != "" }, cursorExcluded),
		},
		{
			ID: "cursor_place", Severity: report.Error,
			Why:  "A cursor names a place in the list: with whatever limit and order, the page begins right behind it.",
			Fix:  "look the cursor's item up in the order asked for and give the items that follow it",
			Work: r.onList(func(l list) bool { return l.after != "" }, cursorPlace),
		},
		{
			ID: "before_adjacent", Severity: report.Warning, Assumption: "cursor",
			Why:  "A caller who goes back one page with before=first_id expects the page it came from, in the same order.",
			Fix:  "answer before=ID with the limit items right before ID, in the order asked for",
			Work: r.onList(func(l list) bool { return l.before != "" }, beforeAdjacent),
		},
		{
			ID: "unknown_cursor", Severity: report.Error,
			Why:  "A caller with a cursor that is gone must notice; given the first page instead it begins anew, for ever.",
			Fix:  "refuse a cursor that names no item, or answer it without items",
			Work: r.onList(func(l list) bool { return l.after != "" || l.before != "" }, unknownCursor),
		},
		{
			ID: "conflicting_cursors", Severity: report.Error,
			Why:  "The document says how a request with both cursors is refused; callers tell their mistake from others by its code.",
			Fix:  "refuse after together with before, with the status and the code of the documented example",
			Work: r.onList(func(l list) bool { return l.after != "" && l.before != "" && l.conflict != nil }, conflictingCursors),
		},
		{
			ID: "page_with_cursor", Severity: report.Warning, Assumption: "page_with_cursor",
			Why:  "What page means together with a cursor is open, but the answer has to be one of the two or a refusal.",
			Fix:  "refuse page together with a cursor, or let one of them count",
			Work: r.onList(func(l list) bool { return l.page != "" && (l.after != "" || l.before != "") }, pageWithCursor),
		},
		{
			ID: "has_more", Severity: report.Error,
			Why:  "A caller goes on while has_more is true and stops when it is false: one that lies makes it lose items, or ask without end.",
			Fix:  "fetch one item more than asked for and say whether it was there",
			Work: r.onList(func(l list) bool { return l.has(plan.HasMore) }, hasMore),
		},
		{
			ID: "has_more_before", Severity: report.Warning, Assumption: "has_more",
			Why:  "A caller who goes back with before takes has_more as whether there are items further on in that direction.",
			Fix:  "with before, say whether there are items ahead of the page",
			Work: r.onList(func(l list) bool { return l.has(plan.HasMore) && l.before != "" }, hasMoreBefore),
		},
		{
			ID: "repeatable", Severity: report.Error,
			Why:  "The same request twice, with nothing changed in between, gets the same answer: callers retry, compare and cache.",
			Fix:  "sort by a total order, and leave nothing to chance, to the replica or to the moment",
			Work: r.onList(every, repeatable),
		},
		{
			ID: "page_bounds", Severity: report.Error,
			Why:  "A caller takes first_id and last_id as cursors of the next request; others than those of the page lead it astray.",
			Fix:  "take first_id and last_id from the items the page holds, in the order it holds them",
			Work: r.onPages(func(l list) bool { return l.has(plan.FirstID, plan.LastID) }, eachBound, judgeBounds, "no page told first_id or last_id"),
		},
		{
			ID: "default_limit", Severity: report.Error,
			Why:  "A caller who leaves limit out relies on the documented default.",
			Fix:  "take the documented default for a limit that is not given",
			Work: r.onList(func(l list) bool { return l.limit != "" && l.defaultLimit > 0 }, defaultLimit),
		},
		{
			ID: "page_limit", Severity: report.Error,
			Why:  "A caller makes room for limit items; a page with more overflows it.",
			Fix:  "never put more than limit items on a page",
			Work: r.onPages(func(l list) bool { return l.limit != "" }, eachLimit, judgeLimit, "no page was asked for with a limit"),
		},
		{
			ID: "page_size", Severity: report.Warning, Assumption: "limit",
			Why:  "A limit within the documented bounds that is cut down in silence costs the caller more requests than it thinks.",
			Fix:  "fill pages up to the limit asked for, or document the lower maximum",
			Work: r.onList(func(l list) bool { return l.limit != "" && l.has(plan.HasMore) }, pageSize),
		},
		{
			ID: "page_fields", Severity: report.Warning, Assumption: "page_fields",
			Why:  "When current_page and total_pages are filled is open; the target was said to do it in one way.",
			Fix:  "fill them as assumed, or assume what is done",
			Work: r.onPages(func(l list) bool { return l.page != "" && l.has(plan.CurrentPage, plan.TotalPages) }, pageFields, judgeFields, "no items").Assumed("page_fields"),
		},
		{
			ID: "empty_list", Severity: report.Warning, Assumption: "empty_list",
			Why:  "How many pages an empty list has is open; the target was said to count in one way.",
			Fix:  "count as assumed, or assume what is counted",
			Work: r.onList(func(l list) bool { return l.page != "" && l.has(plan.CurrentPage, plan.TotalPages) }, emptyList).Assumed("empty_list"),
		},
		{
			ID: "last_four_digits", Severity: report.Error,
			Why:  "A person tells keys apart by their last four characters; more of them give the key away, fewer tell nothing.",
			Fix:  "store the last four characters when the key is made, and show just these",
			Work: r.onPages(func(l list) bool { return l.lastFour }, mainOrder, judgeDigits, "no items"),
		},
		{
			ID: "restricted_permissions", Severity: report.Error,
			Why:  "restricted says whether permissions bound what a key may do; where the two disagree, a reader misjudges what the key opens.",
			Fix:  "derive both from one source: a restricted key lists its permissions, an unrestricted one has none to list",
			Work: r.onPages(func(l list) bool { return l.access }, mainOrder, judgePermissions, "no items"),
		},
		{
			ID: "unrestricted_permissions", Severity: report.Warning, Assumption: "unrestricted_permissions",
			Why:  "What an unrestricted key has as permissions is open; the target was said to show it in one way.",
			Fix:  "show it as assumed, or assume what is shown",
			Work: r.onPages(func(l list) bool { return l.access }, mainOrder, judgeUnrestricted, "no unrestricted key").Assumed("unrestricted_permissions"),
		},
		{
			ID: "ensure_resource_availability", Severity: report.Error,
			Why:  "A key that was just made works, and is in the list: callers use it at once.",
			Fix:  "make the key known everywhere before its creation is answered",
			Work: r.inLab(every, 3, created),
		},
		{
			ID: "created_key", Severity: report.Error,
			Why:  "The list tells of a key what it was made with: its last characters, whether it is restricted, and to what.",
			Fix:  "show the last four characters of the key that was handed out, and its permissions as they were asked for",
			Work: r.inLab(every, 3, createdFields),
		},
		{
			ID: "use_after_free", Severity: report.Error,
			Why:  "A key is deleted because it must not work any more; one that goes on working stays open to whoever has it.",
			Fix:  "refuse a deleted key from the next request on, caches included, and leave it out of the list",
			Work: r.inLab(every, 3, deleted),
		},
		{
			ID: "isolation", Severity: report.Error,
			Why:  "A key opens its own project alone: what is in another one must not be seen, not even as a cursor.",
			Fix:  "select by the project of the key in every query, the one for the cursor included",
			Work: r.inLab(every, 3, isolated),
		},
		{
			ID: "permission_required", Severity: report.Warning, Assumption: "list_permission",
			Why:  "Listing keys needs a permission: a key without any is refused, one with all of them is not.",
			Fix:  "look at the permissions of the key before anything is answered",
			Work: r.inLab(func(l list) bool { return len(l.permitted) > 0 }, 2, permissions),
		},
		{
			ID: "walk_while_creating", Severity: report.Error,
			Why:  "Lists change while they are walked: what was there all the time must come once all the same.",
			Fix:  "let cursors name items, not places: count nothing from the beginning of the list",
			Work: r.inLab(func(l list) bool { return l.after != "" && l.limit != "" }, 20, walkWhileCreating),
		},
		{
			ID: "deleted_cursor", Severity: report.Error,
			Why:  "The item a cursor names may be deleted before the next request; a caller must notice, or go on where it was.",
			Fix:  "take the cursor as unknown, or go on from where its item stood; never begin anew",
			Work: r.inLab(func(l list) bool { return l.after != "" }, 4, deletedCursor),
		},
	}
}
