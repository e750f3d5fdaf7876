package suite_test

import (
	"context"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/digakit/digakit/contract/report"
)

// TestBrokenStoriesFail: each check of bodies and sequences finds what it is for.
func TestBrokenStoriesFail(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ defect, check string }{
		{"loses what is made", "ensure_resource_availability"},
		{"forgets the berth", "ensure_resource_availability"},
		{"reads another", "ensure_resource_availability"},
		{"does not list what is made", "created_in_list"},
		{"does not keep changes", "update_applied"},
		{"changes another property", "update_keeps_rest"},
		{"keeps what is deleted", "use_after_free"},
		{"keeps secrets of what is deleted", "use_after_free"},
		{"deletes twice", "second_deletion"},
		{"mixes voyages", "parent_scope"},
		{"hides voyages", "parent_scope"},
		{"reads voyages of others", "parent_scope"},
		{"ignores a filter", "filter_conformance"},
		{"ignores a switch", "filter_conformance"},
		{"lists secrets", "secret_shown_once"},
		{"reads secrets", "secret_shown_once"},
		{"renews secrets with a change", "update_keeps_secret"},
		{"forgets its settings", "singleton_keeps"},
		{"takes what lacks a property", "negative_body_rejection"},
		{"takes any type", "negative_body_rejection"},
		{"takes any rig", "negative_body_rejection"},
		{"refuses junks", "positive_body_acceptance"},
		{"takes bad JSON", "malformed_body"},
		{"fails over bad JSON", "not_a_server_error"},
		{"takes any media type", "unsupported_media_type"},
		{"takes no body", "missing_body"},
		{"filters too much", "filter_conformance"},
		{"fails over no body", "not_a_server_error"},
		{"loses one of two changes", "concurrent_writes"},
		{"copies nothing", "copy_is_new"},
		{"copies and changes", "copy_is_new"},
		{"acts on another", "action_on_item"},
		{"takes any harbour", "link_integrity"},
	} {
		t.Run(tc.defect, func(t *testing.T) {
			t.Parallel()
			only := tc.check
			if only == "not_a_server_error" { // seen in the answers to others
				only = ""
			}
			r, err := newHarbour(tc.defect).check(t.Context(), t, only, true)
			if err != nil {
				t.Fatal(err)
			}
			if got := failed(r); !slices.Contains(got, tc.check) {
				t.Errorf("found by %v, not by %s", got, tc.check)
			}
		})
	}
}

// TestLegalStoriesPass: what the document leaves open is no finding.
func TestLegalStoriesPass(t *testing.T) {
	t.Parallel()
	for _, way := range []string{"", "adds properties", "200 for what is made", "newest first", "trims texts", "answers deletions",
		"shows what is deleted", "says where", "sorts by id", "fills in what was left out",
	} {
		for _, disposable := range []bool{false, true} {
			t.Run(way, func(t *testing.T) {
				t.Parallel()
				r, err := newHarbour(way).check(t.Context(), t, "", disposable)
				if err != nil {
					t.Fatal(err)
				}
				for _, f := range r.Findings {
					t.Errorf("%s %s: %s\n%s", f.Check, f.Operation, f.Message, f.Curl)
				}
				for _, id := range []string{"ensure_resource_availability", "update_applied", "use_after_free", "parent_scope", "secret_shown_once", "link_integrity", "negative_body_rejection"} {
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
	for _, last := range []int{0, 1, 2, 3, 5, 8, 13, 40, 90, 200, 300} { // changing calls until the run is cancelled; 0: it is not
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
		r, err := h.check(ctx, t, "", false)
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
	r, err := h.check(t.Context(), t, "", false)
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

// TestListsWithoutEnd: a list whose every page is full ends no run.
func TestListsWithoutEnd(t *testing.T) {
	t.Parallel()
	for _, disposable := range []bool{false, true} {
		r, err := newHarbour("lists without end").check(t.Context(), t, "", disposable)
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
