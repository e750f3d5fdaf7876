package suite

import (
	"context"
	_ "embed" // for the table
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"path"
	"slices"
	"sync"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/report"
)

// check is one line of the table.
type check struct {
	CheckInfo
	work
}

// CheckInfo describes a check of the table.
type CheckInfo struct {
	ID          string          `json:"id"`
	Explanation string          `json:"explanation"` // why it matters to a caller
	HowToFix    string          `json:"how_to_fix"`  // what the server should do
	Severity    report.Severity `json:"severity"`
	Basis       report.Basis    `json:"basis"`
	Assumption  string          `json:"assumption,omitempty"` // the profile's id of what it rests on
}

// work is what a check does. Those that every answer goes through do nothing of
// their own: judge does it.
type work struct {
	// applies tells whether it is for an operation.
	applies func(*session, *contract.Operation) bool
	// run tries the cases of the check. It returns an error only when the
	// whole run has to end.
	run func(ctx context.Context, p *probe) error
	// look looks at every page that any check asks for; nil: it does not.
	look func(p *probe, pg *page)
}

//go:embed checks.json
var checksText []byte

// table holds the checks: those that every answer goes through, then those that
// send requests of their own.
var table = sync.OnceValue(func() []check {
	var infos []CheckInfo
	if err := json.Unmarshal(checksText, &infos); err != nil {
		panic(err) // the file is part of the program
	}
	works := works()
	list := make([]check, len(infos))
	for i, info := range infos {
		info.Basis = report.Documented
		if info.Assumption != "" {
			info.Basis = report.Assumed
		}
		if info.Explanation == "" {
			info.Explanation = report.Explanation(info.ID)
		}
		list[i] = check{info, works[info.ID]}
		delete(works, info.ID)
	}
	if len(works) > 0 {
		panic(fmt.Sprint("suite: checks.json does not have ", slices.Sorted(maps.Keys(works))))
	}
	return list
})

// Checks returns the table, in the order in which it is run. Ids do not change.
func Checks() []CheckInfo {
	var list []CheckInfo
	for _, c := range table() {
		list = append(list, c.CheckInfo)
	}
	return list
}

// works is what the checks of checks.json do, by id. The checks of every page come
// after those that ask for many.
func works() map[string]work {
	type list = *listing
	every := func(list) bool { return true }
	return map[string]work{
		"ignored_auth":            {applies: wantsKey, run: ignoredAuth},
		"auth_scheme_case":        {applies: both(wantsKey, func(_ *session, o *contract.Operation) bool { return wantsBearer(o) }), run: authSchemeCase},
		"insufficient_permission": {applies: wantsKey, run: insufficientPermission},
		"unauthenticated":         {applies: both(wantsKey, assumes("unauthenticated")), run: unauthenticated},

		"positive_data_acceptance": {applies: func(*session, *contract.Operation) bool { return true }, run: positiveData},
		"negative_data_rejection":  {applies: readOnly, run: negativeData},
		"missing_required_header":  {applies: both(readOnly, requiresHeader), run: func(ctx context.Context, p *probe) error { return p.missing(ctx, headerPlace) }},
		"repeated_parameter":       {applies: both(readOnly, assumes("repeated_parameter")), run: repeatedParameter},

		"unsupported_method":       {applies: firstOfPath, run: unsupportedMethod},
		"allow_header_conformance": {applies: firstOfPath, run: allowHeader},
		"undocumented_path":        {applies: firstOfPath, run: undocumentedPath},
		"slash_redirect":           {applies: both(readOnly, func(_ *session, o *contract.Operation) bool { return o.Path != "/" }), run: slashRedirect},
		"no_trailing_slash":        {applies: both(both(readOnly, endsInSlash), assumes("no_trailing_slash")), run: noTrailingSlash},
		"hostile_input":            {applies: readOnly, run: hostileInput},

		"walk_after":  onList(func(l list) bool { return l.after }, everyItemOnce(byAfter)),
		"walk_before": onList(func(l list) bool { return l.after && l.before }, everyItemOnce(byBefore)),
		"walk_page":   onList(func(l list) bool { return l.page }, everyItemOnce(byPage)),
		"walks_agree": onList(func(l list) bool { return len(l.tours()) > 1 }, walksAgree),
		"walk_limits": onList(func(l list) bool { return l.after && l.limit }, walkLimits),

		"order_reversed": onList(func(l list) bool { return l.order }, orderReversed),
		"default_order":  onList(func(l list) bool { return l.order && l.defaultOrder != "" }, defaultOrder),
		"page_order": onPages(func(l list) bool { return l.created != "" && (l.order || l.defaultOrder != "") }, eachOrder,
			func(p *probe, pg *page) { p.judgeOrder(pg, pg.items) }, "no two items with different dates next to each other"),

		"page_window":   onList(func(l list) bool { return l.page }, pageWindow),
		"page_past_end": onList(func(l list) bool { return l.page }, pagePastEnd),
		"page_numbers":  {applies: pages(func(l list) bool { return l.page && l.numbers }), run: paged(pageNumbers), look: judgeCurrent},

		"cursor_excluded":     onList(func(l list) bool { return l.after || l.before }, cursorExcluded),
		"cursor_place":        onList(func(l list) bool { return l.after }, cursorPlace),
		"before_adjacent":     onList(func(l list) bool { return l.before }, beforeAdjacent),
		"unknown_cursor":      onList(func(l list) bool { return l.after || l.before }, unknownCursor),
		"conflicting_cursors": onList(func(l list) bool { return l.after && l.before && l.conflict != nil }, conflictingCursors),
		"page_with_cursor":    onList(func(l list) bool { return l.page && (l.after || l.before) }, pageWithCursor),

		"has_more":        onList(func(l list) bool { return l.hasMore }, hasMore),
		"has_more_before": onList(func(l list) bool { return l.hasMore && l.before }, hasMoreBefore),
		"repeatable":      onList(every, repeatable),
		"page_bounds":     onPages(func(l list) bool { return l.bounds }, eachBound, judgeBounds, "no page told first_id or last_id"),
		"default_limit":   onList(func(l list) bool { return l.limit && l.defaultLimit > 0 }, defaultLimit),
		"page_limit":      onPages(func(l list) bool { return l.limit }, eachLimit, judgeLimit, "no page was asked for with a limit"),
		"page_size":       {applies: pages(func(l list) bool { return l.limit && l.hasMore }), run: paged(pageSize), look: noteSize},
		"page_fields":     onPages(func(l list) bool { return l.page && l.numbers }, pageFields, judgeFields, "no items").assumed("page_fields"),
		"empty_list":      onList(func(l list) bool { return l.page && l.numbers }, emptyList).assumed("empty_list"),

		"last_four_digits":       onPages(func(l list) bool { return l.lastFour }, mainOrder, judgeDigits, "no items"),
		"restricted_permissions": onPages(func(l list) bool { return l.access }, mainOrder, judgePermissions, "no items"),
		"unrestricted_permissions": onPages(func(l list) bool { return l.access }, mainOrder, judgeUnrestricted, "no unrestricted key").
			assumed("unrestricted_permissions"),

		"ensure_resource_availability": inLab(every, 3, created),
		"created_key":                  inLab(every, 3, createdFields),
		"use_after_free":               inLab(every, 3, deleted),
		"isolation":                    inLab(every, 3, isolated),
		"permission_required":          inLab(func(l list) bool { return len(l.permitted) > 0 }, 2, permissions),
		"walk_while_creating":          inLab(func(l list) bool { return l.after && l.limit }, 20, walkWhileCreating),
		"deleted_cursor":               inLab(func(l list) bool { return l.after }, 4, deletedCursor),
	}
}

type applies = func(*session, *contract.Operation) bool

// readOnly is applies for every operation that calling changes nothing of.
func readOnly(_ *session, o *contract.Operation) bool {
	return o.Method == http.MethodGet || o.Method == http.MethodHead || o.Method == http.MethodOptions
}

func both(a, b applies) applies {
	return func(s *session, o *contract.Operation) bool { return a(s, o) && b(s, o) }
}

// assumes is applies for what is checked only when the target says how it is.
func assumes(id string) applies {
	return func(s *session, _ *contract.Operation) bool { return s.assumed(id) != "" }
}

func (w work) assumed(id string) work {
	w.applies = both(assumes(id), w.applies)
	return w
}

// task is a check with the operation it is run on.
type task struct {
	check     check
	operation *contract.Operation
}

// tasks lists what there is to run.
func (s *session) tasks() []task {
	var list []task
	for _, c := range table() {
		if c.run == nil || !s.wanted(c.ID) {
			continue
		}
		for _, o := range s.operations {
			if c.applies(s, o) {
				list = append(list, task{c, o})
			}
		}
	}
	return list
}

// wanted tells whether the target asks for a check.
func (s *session) wanted(id string) bool {
	matched, err := path.Match(s.target.Only, id)
	return s.target.Only == "" || (err == nil && matched) // the glob was checked with the target
}
