package suite_test

import (
	"context"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/suite"
)

// story is a harbour that is broken in one way, or does in another what is as good.
type story struct {
	way   string
	check string   // that finds it; empty: it is legal
	why   string   // it is broken, or legal
	also  []string // checks that see it, too
}

var brokenStories = []story{
	{way: "loses what is made", check: "ensure_resource_availability", why: "201 says that the item is kept", also: []string{"created_in_list", "parent_scope", "second_deletion", "use_after_free", "copy_is_new", "concurrent_writes", "bulk_effect"}},
	{way: "forgets the berth", check: "ensure_resource_availability", why: "what was sent is a part of the item"},
	{way: "forgets the time of day", check: "ensure_resource_availability", why: "a date-time names a second, not a day"},
	{way: "reads another", check: "ensure_resource_availability", why: "the id in the path names the item", also: []string{"update_applied"}},
	{way: "reads items in a list", check: "response_schema_conformance", why: "the schema is of one item: what it shows no other check can tell"},
	{way: "answers another name", check: "ensure_resource_availability", why: "the answer shows the item that was made"},
	{way: "does not list what is made", check: "created_in_list", why: "a list shows all of its items", also: []string{"filter_conformance", "concurrent_writes"}},
	{way: "lists boats later", check: "created_in_list", why: "a list shows all of its items"},
	{way: "does not keep changes", check: "update_applied", why: "200 says that the change is kept"},
	{way: "forgets a berth that changes", check: "update_applied", why: "each property that may be sent is kept"},
	{way: "finds nothing to change", check: "update_applied", why: "what can be read is there"},
	{way: "changes the id", check: "update_applied", why: "a change leaves the identity as it is", also: []string{"update_keeps_rest"}},
	{way: "changes another property", check: "update_keeps_rest", why: "PATCH changes what is sent", also: []string{"concurrent_writes"}},
	{way: "clears what is not sent", check: "update_keeps_rest", why: "PATCH is no PUT", also: []string{"concurrent_writes"}},
	{way: "counts its length anew with a new name", check: "update_keeps_rest", why: "PATCH changes what is sent"},
	{way: "keeps what is deleted", check: "use_after_free", why: "204 says that it is gone", also: []string{"second_deletion", "bulk_effect"}},
	{way: "reads what is deleted", check: "use_after_free", why: "the read after a deletion is the documented 404", also: []string{"bulk_effect"}},
	{way: "lists what is deleted", check: "use_after_free", why: "a list shows what is there"},
	{way: "keeps secrets of what is deleted", check: "use_after_free", why: "the secret of a pass goes with it"},
	{way: "deletes twice", check: "second_deletion", why: "the document has 404 for what is not there"},
	{way: "401 to a second deletion", check: "second_deletion", why: "401 says that the pass is wrong, which it is not"},
	{way: "mixes voyages", check: "parent_scope", why: "the path names the boat"},
	{way: "hides voyages", check: "parent_scope", why: "the list below a boat shows its voyages", also: []string{"created_in_list"}},
	{way: "reads voyages of others", check: "parent_scope", why: "a path through another boat leads nowhere"},
	{way: "answers for ids that nothing has", check: "unknown_item", why: "the document has 404 for what is not there"},
	{way: "ignores a filter", check: "filter_conformance", why: "rig=junk asks for junks"},
	{way: "filters too much", check: "filter_conformance", why: "junks are among what rig=junk asks for"},
	{way: "ignores a switch", check: "filter_conformance", why: "insured=true asks for the insured"},
	{way: "lists secrets", check: "secret_shown_once", why: "the list's schema has no secret"},
	{way: "reads secrets", check: "secret_shown_once", why: "the item's schema has no secret"},
	{way: "shows secrets with a change", check: "secret_shown_once", why: "the answer to a change is the item's schema"},
	{way: "renews secrets with a change", check: "update_keeps_secret", why: "the body of the change has no secret"},
	{way: "forgets its settings", check: "singleton_keeps", why: "200 says that they are kept"},
	{way: "keeps one of two settings", check: "singleton_keeps", why: "both are sent and shown"},
	{way: "joins nothing", check: "membership", why: "204 says that it is a favourite"},
	{way: "leaves nothing", check: "membership", why: "204 says that it is none any more"},
	{way: "deletes one of several", check: "bulk_effect", why: "both ids were sent"},
	{way: "counts one that it spares", check: "bulk_effect", why: "what it says it deleted is there"},
	{way: "deletes more than was sent", check: "bulk_effect", why: "the third id was not sent"},
	{way: "takes what lacks a property", check: "negative_body_rejection", why: "name is required"},
	{way: "takes any type", check: "negative_body_rejection", why: "a name is a text"},
	{way: "takes any rig", check: "negative_body_rejection", why: "rig is an enum"},
	{way: "takes null", check: "negative_body_rejection", why: "a name is not nullable"},
	{way: "takes any length", check: "negative_body_rejection", why: "length has bounds"},
	{way: "takes any date", check: "negative_body_rejection", why: "built is a date-time"},
	{way: "refuses junks", check: "positive_body_acceptance", why: "junk is in the enum"},
	{way: "refuses short boats", check: "positive_body_acceptance", why: "1 is the minimum, and allowed"},
	{way: "refuses null", check: "positive_body_acceptance", why: "a note is nullable"},
	{way: "wants what is optional", check: "positive_body_acceptance", why: "berth is not required"},
	{way: "takes bad JSON", check: "malformed_body", why: "what cannot be read means nothing"},
	{way: "takes what is no UTF-8", check: "malformed_body", why: "JSON is UTF-8 (RFC 8259, 8.1)"},
	{way: "fails over bad JSON", check: "not_a_server_error", why: "a client's mistake is no 5xx", also: []string{"status_code_conformance"}},
	{way: "fails over no body", check: "not_a_server_error", why: "a client's mistake is no 5xx", also: []string{"status_code_conformance"}},
	{way: "fails over null", check: "not_a_server_error", why: "a client's mistake is no 5xx", also: []string{"status_code_conformance"}},
	{way: "takes any media type", check: "unsupported_media_type", why: "the document lists JSON alone"},
	{way: "takes plain text", check: "unsupported_media_type", why: "the document lists JSON alone"},
	{way: "takes no body", check: "missing_body", why: "the body is required"},
	{way: "loses one of two changes", check: "concurrent_writes", why: "both writers were told of success"},
	{way: "loses one of what is made at once", check: "concurrent_writes", why: "both callers were told of success"},
	{way: "gives two one id", check: "concurrent_writes", why: "an id names one item"},
	{way: "copies nothing", check: "copy_is_new", why: "a copy is another item"},
	{way: "copies once", check: "copy_is_new", why: "each call makes a copy"},
	{way: "loses copies", check: "copy_is_new", why: "201 says that the copy is kept"},
	{way: "copies and changes", check: "copy_is_new", why: "the source stays as it is"},
	{way: "acts on another", check: "action_on_item", why: "the path names the boat"},
	{way: "moves nothing", check: "action_on_item", why: "200 says that the boat has moved"},
	{way: "takes any harbour", check: "link_integrity", why: "the document has 404 for an unknown harbour"},
}

var legalStories = []story{
	{way: "", why: "it does what the document says"},
	{way: "adds properties", why: "a schema is open unless it says otherwise"},
	{way: "200 for what is made", why: "it is documented"},
	{way: "newest first", why: "the document has no order"},
	{way: "sorts by id", why: "the document has no order"},
	{way: "trims texts", why: "spaces around a text say nothing"},
	{way: "answers deletions", why: "200 is documented"},
	{way: "spares one in use", why: "it counts what it deleted, without that one"},
	{way: "shows what is deleted", why: "200 is documented, with any object"},
	{way: "says where", why: "Location is what 201 may have (RFC 9110, 15.3.2)"},
	{way: "fills in what was left out", why: "what is not sent the server may choose"},
	{way: "no voyages of a sloop", why: "400 is documented, and which boats take none no schema says"},
	{way: "410 for what is gone", why: "it is documented, and says more than 404"},
	{way: "409 for what is in use", why: "it is documented"},
	{way: "deletes boats with their harbour", why: "what becomes of links is left open"},
	{way: "writes ids in capitals", why: "the digits of a UUID have no case (RFC 9562, 4)"},
	{way: "leaves out null", why: "note is not required"},
	{way: "null for no note", why: "note is nullable"},
	{way: "dates in UTC", why: "the same moment (RFC 3339, 4.1)"},
	{way: "hints at secrets", why: "four characters open nothing"},
	{way: "keeps when it was changed", why: "what is readOnly the server makes"},
	{way: "names copies so", why: "what a copy is called is left open"},
	{way: "launches later", why: "when an action takes effect is left open"},
	{way: "refuses properties it does not know", why: "no caller has to send them"},
	{way: "400 for other media types", why: "400 is documented, too"},
	{way: "415 for no body, too", why: "no body has no media type"},
	{way: "409 while another writes", why: "it is documented, and nothing is lost"},
	{way: "reads the first of two values", why: "what follows a JSON value many readers leave alone"},
	{way: "berths the insured alone", why: "what depends on a switch the document cannot say: two writers at once lose nothing that one alone would not"},
	{way: "berths the uninsured alone", why: "what depends on a switch the document cannot say: two writers at once lose nothing that one alone would not"},
	{way: "two to a page", why: "how many a page holds is left open"},
}

// TestBrokenStoriesFail: each check of bodies and sequences finds what it is for, and
// what no check is for none finds.
func TestBrokenStoriesFail(t *testing.T) {
	t.Parallel()
	for _, tc := range sample(brokenStories) {
		t.Run(tc.way, func(t *testing.T) {
			t.Parallel()
			r, err := newHarbour(tc.way).check(t.Context(), t, true)
			if err != nil {
				t.Fatal(err)
			}
			got := failed(r)
			if !slices.Contains(got, tc.check) {
				t.Errorf("found by %v, not by %s; broken, because %s", got, tc.check, tc.why)
			}
			for _, f := range r.Findings {
				if f.Check != tc.check && !slices.Contains(tc.also, f.Check) {
					t.Errorf("%s cries too: %s %s: %s", f.Check, f.Operation, f.Path, f.Message)
				}
			}
		})
	}
}

// TestOneFlawHidesNoOther: where one property of every item breaks its schema, that is the
// finding, and all else is tried as on a server without the flaw.
func TestOneFlawHidesNoOther(t *testing.T) {
	t.Parallel()
	passed := func(r *report.Report, err error) (list []string) {
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range r.Checks {
			if c.Passed > 0 && c.ID != "response_schema_conformance" {
				list = append(list, c.ID+" "+c.Operation)
			}
		}
		slices.Sort(list)
		return list
	}
	null := func(property string) around {
		return inData(func(item map[string]any) { item[property] = nil })
	}
	same := func(mock http.Handler) http.Handler { return mock }
	for _, tc := range []struct {
		name          string
		flawed, sound func() (*report.Report, error)
	}{
		{"items that are made", func() (*report.Report, error) { return newHarbour("null for no change").check(t.Context(), t, true) },
			func() (*report.Report, error) { return newHarbour("").check(t.Context(), t, true) }},
		{"pages of a list", func() (*report.Report, error) { return serve(t, null("name"), nil) },
			func() (*report.Report, error) { return serve(t, same, nil) }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r, err := tc.flawed()
			if diff := cmp.Diff(passed(tc.sound()), passed(r, err)); diff != "" {
				t.Errorf("what passes (-sound +flawed):\n%s", diff)
			}
			if got := failed(r); !slices.Equal(got, []string{"response_schema_conformance"}) {
				t.Errorf("found by %v", got)
			}
		})
	}
}

// TestEachStoryHasItsOwn: of each check of bodies and sequences there is a server that
// it alone finds broken, or it would not be missed.
func TestEachStoryHasItsOwn(t *testing.T) {
	t.Parallel()
	if len(brokenStories) < 40 || len(legalStories) < 20 {
		t.Errorf("%d broken and %d legal servers", len(brokenStories), len(legalStories))
	}
	all := suite.Checks()
	from := slices.IndexFunc(all, func(c suite.CheckInfo) bool { return c.ID == "positive_body_acceptance" })
	for _, c := range append(all[from:], suite.CheckInfo{ID: "ensure_resource_availability"}, suite.CheckInfo{ID: "use_after_free"}) {
		if !slices.ContainsFunc(brokenStories, func(s story) bool { return s.check == c.ID && len(s.also) == 0 }) {
			t.Errorf("no server is broken for %s alone", c.ID)
		}
	}
}

// TestLegalStoriesPass: what the document leaves open is no finding.
func TestLegalStoriesPass(t *testing.T) {
	t.Parallel()
	for _, tc := range sample(legalStories) {
		for _, disposable := range []bool{false, true} {
			t.Run(tc.way, func(t *testing.T) {
				t.Parallel()
				r, err := newHarbour(tc.way).check(t.Context(), t, disposable)
				if err != nil {
					t.Fatal(err)
				}
				for _, f := range r.Findings {
					t.Errorf("%s %s: %s\n%s\nlegal, because %s", f.Check, f.Operation, f.Message, f.Curl, tc.why)
				}
				for _, id := range []string{
					"ensure_resource_availability", "update_applied", "use_after_free", "parent_scope", "secret_shown_once", "link_integrity", "negative_body_rejection", "unknown_item",
				} {
					if !slices.ContainsFunc(r.Checks, func(c report.Check) bool { return c.ID == id && c.Passed > 0 }) {
						t.Errorf("no case of %s passed", id)
					}
				}
			})
		}
	}
}

// TestNothingThatWasThereIsTouched, also when the run ends at any moment.
func TestNothingThatWasThereIsTouched(t *testing.T) {
	t.Parallel()
	for _, last := range sample([]int{40, 0, 1, 2, 3, 5, 8, 13, 90, 200, 300}) { // changing calls until the run is cancelled; 0: it is not
		h := newHarbour("")
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		before, there := map[string][]item{}, map[string]bool{}
		for of, list := range h.items {
			for _, one := range list {
				before[of], there[one["id"].(string)] = append(before[of], maps.Clone(one)), true
			}
		}
		settings, calls := maps.Clone(h.settings), 0
		h.changed = func(method, _ string) {
			if method == http.MethodGet || method == http.MethodHead {
				return
			}
			if calls++; calls == last {
				cancel()
			}
		}
		r, err := h.check(ctx, t, false)
		if last == 0 && err != nil || last > 0 && ctx.Err() == nil {
			t.Errorf("cancelled at %d: %v, after %d changing calls", last, err, calls)
		}
		if !reflect.DeepEqual(h.items, before) || !reflect.DeepEqual(h.settings, settings) {
			t.Errorf("cancelled at %d: before %v, after %v %v; findings %v", last, before, h.items, h.settings, failed(r))
		}
	}
}

// TestWhatTheServerNamesInItsPlaceIsNotTouched: a creation that answers the id of an item
// that was there must not get that item changed or deleted.
func TestWhatTheServerNamesInItsPlaceIsNotTouched(t *testing.T) {
	t.Parallel()
	h := newHarbour("answers what was there")
	before := map[string][]item{}
	for of, list := range h.items {
		for _, one := range list {
			before[of] = append(before[of], maps.Clone(one))
		}
	}
	h.changed = func(method, path string) {
		for _, list := range before {
			for _, one := range list {
				if !slices.Contains([]string{http.MethodGet, http.MethodHead, http.MethodOptions}, method) && strings.Contains(path, one["id"].(string)) {
					t.Errorf("%s %s was called", method, path)
				}
			}
		}
	}
	r, err := h.check(t.Context(), t, false)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(h.items, before) {
		t.Errorf("before %v, after %v", before, h.items)
	}
	if got := failed(r); !slices.Contains(got, "left_behind") || !slices.Contains(got, "ensure_resource_availability") {
		t.Errorf("told %v", got)
	}
}

// TestBodiesThatHang: a check of bodies that are not answered ends after a few, and says so.
func TestBodiesThatHang(t *testing.T) {
	t.Parallel()
	r, err := newHarbour("hangs up over bad JSON").check(t.Context(), t, true)
	if err != nil {
		t.Fatal(err)
	}
	hung, said := 0, false
	for _, f := range r.Findings {
		if f.Check == "response_completeness" {
			hung += max(f.Count, 1)
		}
	}
	for _, c := range r.Checks {
		said = said || c.ID == "malformed_body" && slices.Contains(c.Reasons, "3 bodies of the kind were not answered: no more are sent")
	}
	if hung < 3 || hung > 10 || !said {
		t.Errorf("%d bodies were not answered; the report says that it ended: %t", hung, said)
	}
}

// TestOneFactIsOneFinding: a server that keeps nothing of what is sent is told of once for
// each operation, with the properties as examples.
func TestOneFactIsOneFinding(t *testing.T) {
	t.Parallel()
	for way, id := range map[string]string{"keeps no change": "update_applied", "keeps names alone": "ensure_resource_availability"} {
		r, err := newHarbour(way).check(t.Context(), t, true)
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for _, f := range r.Findings {
			if f.Check == id && f.Path == map[string]string{"update_applied": "/boats/{boat_id}", "ensure_resource_availability": "/boats"}[id] {
				found++
				if len(f.Examples) == 0 {
					t.Errorf("%s: %s without examples", id, f.Message)
				}
			}
		}
		if found != 1 {
			t.Errorf("%s: %d findings of %s", way, found, id)
		}
	}
}

// TestListsWithoutEnd: a list whose every page is full ends no run.
func TestListsWithoutEnd(t *testing.T) {
	t.Parallel()
	for _, disposable := range []bool{false, true} {
		r, err := newHarbour("lists without end").check(t.Context(), t, disposable)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range r.Checks {
			if c.ID == "created_in_list" && c.Passed == 0 {
				t.Errorf("what is made is not found in the list of %s: %v", c.Operation, c.Reasons)
			}
		}
	}
}
