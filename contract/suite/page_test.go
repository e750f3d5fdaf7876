package suite_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/contract/suite"
	"github.com/digakit/digakit/mockserver"
)

// Operations are recognised by what they have, and checks by what they need.
func TestPagingIsRecognised(t *testing.T) {
	t.Parallel()
	document := string(spectest.Seed())
	without := func(name string) string {
		return strings.ReplaceAll(document, `"name": "`+name+`"`, `"name": "x_`+name+`"`)
	}
	for _, tc := range []struct {
		name, document string
		run, not       []string
	}{
		{"as published", document, []string{"walk_after", "walk_before", "page_window", "order_reversed", "page_limit", "conflicting_cursors", "has_more"}, nil},
		{"without page", without("page"), []string{"walk_after", "walk_before", "order_reversed"}, []string{"page_window", "walk_page", "page_numbers", "page_with_cursor"}},
		{"without before", without("before"), []string{"walk_after", "page_window"}, []string{"walk_before", "before_adjacent", "conflicting_cursors", "has_more_before"}},
		{"without cursors", without("after"), []string{"page_window", "walk_page", "order_reversed"}, []string{"walk_after", "walk_limits", "cursor_place", "conflicting_cursors"}},
		{"without order", without("order"), []string{"walk_after", "page_window"}, []string{"order_reversed", "default_order"}},
		{"without limit", without("limit"), []string{"walk_after", "cursor_place"}, []string{"page_limit", "default_limit", "page_size", "walk_limits"}},
		{"with other names", strings.ReplaceAll(without("after"), `"name": "page"`, `"name": "offset"`), nil, []string{"walk_after", "page_window", "repeatable", "page_bounds"}},
		{"without an example of the conflict", strings.ReplaceAll(document, "Cannot specify both", "Cannot specify: "), []string{"conflicting_cursors"}, nil},
		{"with an example of something else", strings.ReplaceAll(document, "'before' and 'after'", "two"), []string{"walk_after"}, []string{"conflicting_cursors"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			to := target(mockserver.Start(t, mockserver.WithDocument(spectest.SeedDocument())))
			to.Lab, to.Document = nil, []byte(tc.document)
			r, err := suite.Check(t.Context(), to)
			if err != nil {
				t.Fatal(err)
			}
			var ran []string
			for _, c := range r.Checks {
				if c.Passed > 0 {
					ran = append(ran, c.ID)
				}
			}
			for _, id := range tc.run {
				if !slices.Contains(ran, id) {
					t.Errorf("%s has not passed: %v", id, ran)
				}
			}
			for _, id := range tc.not {
				if slices.Contains(ran, id) {
					t.Errorf("%s was run", id)
				}
			}
		})
	}
	if bytes.Contains(spectest.Seed(), []byte(`"name":"after"`)) {
		t.Error("the names are not where the cases look for them")
	}
}

// What the data cannot show is skipped, never passed.
func TestTooLittleDataIsSkipped(t *testing.T) {
	t.Parallel()
	f := newFake(1, 0)
	to := suite.Target{URL: "http://127.0.0.1", Document: spectest.Seed(), Key: fakeSecret, Transport: f.RoundTrip(f.handler())}
	r, err := suite.Check(t.Context(), to)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range r.Checks {
		switch c.ID {
		case "walk_after", "walk_before", "walk_page", "walks_agree", "walk_limits", "order_reversed", "default_order", "default_limit", "page_size", "page_with_cursor":
			if c.Passed > 0 || c.Skipped == 0 || len(c.Reasons) == 0 {
				t.Errorf("one item shows nothing of %s: %+v", c.ID, c)
			}
		}
	}
}

// A server without state has one answer to all requests: who asks for more never comes
// to an end.
func TestOnePageForeverIsFound(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		check, document string
	}{
		{"walk_after", string(spectest.Seed())},
		{"walk_page", strings.NewReplacer(`"name": "after"`, `"name": "x_after"`, `"name": "order"`, `"name": "x_order"`).Replace(string(spectest.Seed()))},
	} {
		for _, keys := range []int{1, 4} {
			t.Run(fmt.Sprint(tc.check, keys), func(t *testing.T) {
				t.Parallel()
				f := newFake(keys, 0)
				f.cut = func(list []*fakeKey, _ fakeQuery) ([]*fakeKey, bool) { return list, true }
				to := suite.Target{URL: "http://127.0.0.1", Document: []byte(tc.document), Key: fakeSecret, Transport: f.RoundTrip(f.handler())}
				r, err := suite.Check(t.Context(), to)
				if err != nil {
					t.Fatal(err)
				}
				if !slices.ContainsFunc(r.Findings, func(one report.Finding) bool { return one.Check == tc.check }) {
					t.Errorf("%s did not find it: %v", tc.check, failed(r))
				}
			})
		}
	}
}

// A stranger learns from a finding what is wrong and how to see it.
func TestFindingsOfPagesTellWhatToDo(t *testing.T) {
	t.Parallel()
	f := newFake(30, 0)
	brokenPages[0].wrong(f)
	to := suite.Target{URL: "http://127.0.0.1", Document: spectest.Seed(), Key: fakeSecret, Transport: f.RoundTrip(f.handler())}
	r, err := suite.Check(t.Context(), to)
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range r.Findings {
		if found.Message == "" || found.Explanation == "" || found.HowToFix == "" || found.Case == "" {
			t.Errorf("%+v", found)
		}
		if found.Check == "cursor_excluded" && !strings.Contains(found.Curl, "after=") {
			t.Errorf("the command does not repeat it: %s", found.Curl)
		}
		if strings.Contains(found.Curl+found.Message, fakeSecret) {
			t.Errorf("a secret is told: %+v", found)
		}
	}
}
