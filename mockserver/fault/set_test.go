package fault_test

import (
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/digakit/digakit/mockserver/fault"
)

// fired returns which of n calls a fault fired on, by its id; "-" for none.
func fired(set *fault.Set, r fault.Request, n int) string {
	var ids []string
	for range n {
		id := "-"
		if d := set.Fire(r); d != nil {
			id = strings.TrimPrefix(d.ID(), "fault-")
		}
		ids = append(ids, id)
	}
	return strings.Join(ids, " ")
}

func TestMatching(t *testing.T) {
	t.Parallel()
	key := uuid.MustParse("0f8fad5b-d9cb-469f-a165-70867728950e")
	_, op := diga(t)
	other := newValidator(t, []byte(pets)).Operations()[0]
	call := func(query string) fault.Request {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		return fault.Request{Operation: op, Query: values, KeyID: key}
	}
	for _, tc := range []struct {
		name, why string
		match     fault.Match
		call      fault.Request
		want      bool
	}{
		{"everything", "an empty match is for all calls", fault.Match{}, call(""), true},
		{"another operation", "is an operation too", fault.Match{}, fault.Request{Operation: other}, true},
		{"no operation", "is outside of the API", fault.Match{}, fault.Request{}, false},
		{"operation", "by published id", fault.Match{Operation: op.ID}, call(""), true},
		{"method and path", "by what everybody knows", fault.Match{Operation: "GET " + keysPath}, call(""), true},
		{"operation, another called", "is not meant", fault.Match{Operation: op.ID}, fault.Request{Operation: other}, false},
		{"value", "as given", fault.Match{Query: map[string]string{"limit": "2"}}, call("limit=2&order=asc"), true},
		{"another value", "is not meant", fault.Match{Query: map[string]string{"limit": "2"}}, call("limit=20"), false},
		{"absent parameter", "has no value", fault.Match{Query: map[string]string{"limit": ""}}, call(""), false},
		{"empty value", "is a value", fault.Match{Query: map[string]string{"limit": ""}}, call("limit="), true},
		{"repeated parameter", "has both values", fault.Match{Query: map[string]string{"limit": "2"}}, call("limit=1&limit=2"), true},
		{"two parameters, one there", "all must hold", fault.Match{Query: map[string]string{"limit": "2", "order": "asc"}}, call("limit=2"), false},
		{"two parameters", "all hold", fault.Match{Query: map[string]string{"limit": "2", "order": "asc"}}, call("order=asc&limit=2"), true},
		{"key", "calls", fault.Match{KeyID: strings.ToUpper(key.String())}, call(""), true},
		{"another key", "is not meant", fault.Match{KeyID: uuid.NewSHA1(key, nil).String()}, call(""), false},
		{"no key", "is not a key", fault.Match{KeyID: key.String()}, fault.Request{Operation: op}, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			set, _ := diga(t)
			add(t, set, fault.Spec{Match: tc.match, Status: 500})
			if got := set.Fire(tc.call) != nil; got != tc.want {
				t.Errorf("%s: fired %v, want %v", tc.why, got, tc.want)
			}
			if got := set.List()[0].Matched == 1; got != tc.want {
				t.Errorf("%s: counted %v, want %v", tc.why, got, tc.want)
			}
		})
	}
}

func TestWhichCallsItFiresOn(t *testing.T) {
	t.Parallel()
	never, limit1 := new(0.0), fault.Match{Query: map[string]string{"limit": "1"}}
	for _, tc := range []struct {
		name, why string
		faults    []fault.Spec
		want      string
		counts    [][2]int // matched, fired
	}{
		{"none", "nothing is injected", nil, "- - -", nil},
		{"for ever", "is the default", []fault.Spec{{Status: 500}}, "1 1 1", [][2]int{{3, 3}}},
		{"times", "then it is spent", []fault.Spec{{Status: 500, Times: 2}}, "1 1 -", [][2]int{{2, 2}}},
		{"skip", "lets calls pass first", []fault.Spec{{Status: 500, Skip: 2}}, "- - 1 1", [][2]int{{4, 2}}},
		{"skip and times", "one after the other", []fault.Spec{{Status: 500, Skip: 1, Times: 1}}, "- 1 - -", [][2]int{{2, 1}}},
		{"first injected first", "the first that fires wins", []fault.Spec{{Status: 500, Times: 1}, {Status: 403, Times: 1}, {Status: 422}}, "1 2 3 3", [][2]int{{1, 1}, {1, 1}, {2, 2}}},
		{"not matching", "goes on to the next", []fault.Spec{{Status: 500, Match: limit1}, {Status: 403}}, "2 2", [][2]int{{0, 0}, {2, 2}}},
		{"skipping", "goes on to the next", []fault.Spec{{Status: 500, Skip: 1}, {Status: 403}}, "2 1 1", [][2]int{{3, 2}, {1, 1}}},
		{"the skip of the second", "counts the calls that come to it", []fault.Spec{{Status: 500, Times: 2}, {Status: 403, Skip: 1}}, "1 1 - 2", [][2]int{{2, 2}, {2, 1}}},
		{"let off by chance", "counts against nothing", []fault.Spec{{Status: 500, Probability: never, Times: 1}}, "- - -", [][2]int{{3, 0}}},
		{"certain", "never fails to", []fault.Spec{{Status: 500, Probability: new(1.0)}}, "1 1 1 1 1 1 1 1", [][2]int{{8, 8}}},
		{"half", "is the same on every run", []fault.Spec{{Status: 500, Probability: new(0.5), Seed: 42}}, "1 1 - 1 1 1 - 1 - -", [][2]int{{10, 6}}},
		{"half, twice", "times counts what fired", []fault.Spec{{Status: 500, Probability: new(0.5), Seed: 42, Times: 3}}, "1 1 - 1 - - -", [][2]int{{4, 3}}},
		{"half, later", "skipped calls draw nothing", []fault.Spec{{Status: 500, Probability: new(0.5), Seed: 42, Skip: 3}}, "- - - 1 1 - 1 1 1 - 1", [][2]int{{11, 6}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			set, op := diga(t)
			add(t, set, tc.faults...)
			if got := fired(set, fault.Request{Operation: op}, len(strings.Fields(tc.want))); got != tc.want {
				t.Errorf("%s: fired %s, want %s", tc.why, got, tc.want)
			}
			var counts [][2]int
			for _, f := range set.List() {
				counts = append(counts, [2]int{f.Matched, f.Fired})
				if (f.Remaining != nil) != (f.Times > 0) || (f.Remaining != nil && *f.Remaining != f.Times-f.Fired) {
					t.Errorf("%s fired %d of %d times, remaining %v", f.ID, f.Fired, f.Times, f.Remaining)
				}
			}
			if diff := cmp.Diff(tc.counts, counts); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.why, diff)
			}
		})
	}
}

func TestSeedsDecideWhoDrawsAlike(t *testing.T) {
	t.Parallel()
	draws := func(before int, seed uint64) string {
		set, op := diga(t)
		for range before {
			add(t, set, fault.Spec{Status: 500, Probability: new(0.0)})
		}
		f, err := set.Add(fault.Spec{Status: 500, Probability: new(0.5), Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		return strings.ReplaceAll(fired(set, fault.Request{Operation: op}, 64), strings.TrimPrefix(f.ID, "fault-"), "x")
	}
	if draws(0, 7) != draws(3, 7) {
		t.Error("a seed draws differently behind other faults")
	}
	if draws(0, 7) == draws(0, 8) {
		t.Error("two seeds draw alike")
	}
	if draws(0, 0) == draws(1, 0) {
		t.Error("two faults without a seed draw alike")
	}
	if first, again := draws(0, 0), draws(0, 0); first != again {
		t.Error("a fault without a seed draws differently on the next run")
	}
}

func TestExactlyTimesOfConcurrentCallsFire(t *testing.T) {
	t.Parallel()
	set, op := diga(t)
	const calls, skip, times = 1000, 100, 10
	add(t, set, fault.Spec{Status: 500, Skip: skip, Times: times})
	var n atomic.Int64
	var start, done sync.WaitGroup
	start.Add(1)
	for range calls {
		done.Go(func() {
			start.Wait()
			if set.Fire(fault.Request{Operation: op}) != nil {
				n.Add(1)
			}
			set.List()
		})
	}
	start.Done()
	done.Wait()
	f := set.List()[0]
	if n.Load() != times || f.Fired != times || f.Matched != skip+times || *f.Remaining != 0 {
		t.Errorf("%d calls were hit, counted %d of %d matched; want %d of %d", n.Load(), f.Fired, f.Matched, times, skip+times)
	}
}

func TestAddAndRemoveWhileCallsRun(t *testing.T) {
	t.Parallel()
	set, op := diga(t)
	var done sync.WaitGroup
	for range 8 {
		done.Go(func() {
			for range 50 {
				f, err := set.Add(fault.Spec{Status: 500, Probability: new(0.5), Times: 3})
				if err != nil {
					t.Error(err)
					return
				}
				for range 5 {
					set.Fire(fault.Request{Operation: op})
				}
				if snap := set.Snapshot(); len(snap.Faults) > 8 {
					t.Errorf("%d faults at once", len(snap.Faults))
				}
				if !set.Remove(f.ID) {
					t.Errorf("%s is gone", f.ID)
				}
			}
		})
	}
	done.Wait()
	if list := set.List(); len(list) != 0 || list == nil {
		t.Errorf("left over: %v", list)
	}
}

func TestUnfired(t *testing.T) {
	t.Parallel()
	set, op := diga(t)
	add(t, set, fault.Spec{Status: 500, Times: 1}, fault.Spec{Status: 403, Skip: 1})
	fired(set, fault.Request{Operation: op}, 2)
	unfired := set.Unfired()
	if len(unfired) != 1 || unfired[0].ID != "fault-2" || unfired[0].Matched != 1 {
		t.Errorf("got %+v, want fault-2, matched once", unfired)
	}
}

func TestIDsAreNotUsedAgain(t *testing.T) {
	t.Parallel()
	set, _ := diga(t)
	ids := func() (list []string) {
		for _, f := range set.List() {
			list = append(list, f.ID)
		}
		return list
	}
	add(t, set, fault.Spec{Status: 500}, fault.Spec{Status: 500}, fault.Spec{Status: 500})
	if !set.Remove("fault-2") || set.Remove("fault-2") || set.Remove("") {
		t.Error("a fault must be removed once")
	}
	add(t, set, fault.Spec{Status: 500})
	if got := ids(); !slices.Equal(got, []string{"fault-1", "fault-3", "fault-4"}) {
		t.Errorf("got %v", got)
	}
	set.Clear()
	add(t, set, fault.Spec{Status: 500})
	if got := ids(); !slices.Equal(got, []string{"fault-5"}) {
		t.Errorf("after clearing: %v", got)
	}
}

func TestSetIsBounded(t *testing.T) {
	t.Parallel()
	set, _ := diga(t)
	for range fault.MaxFaults {
		add(t, set, fault.Spec{Status: 500})
	}
	if _, err := set.Add(fault.Spec{Status: 500}); !errors.Is(err, fault.ErrFull) {
		t.Errorf("one fault too many: %v", err)
	}
	set.Clear()
	large := fault.Spec{Body: json.RawMessage(`"` + strings.Repeat("a", fault.MaxSize-100) + `"`)}
	n := 0
	for ; n < fault.MaxFaults; n++ {
		if _, err := set.Add(large); err != nil {
			if !errors.Is(err, fault.ErrFull) {
				t.Error(err)
			}
			break
		}
	}
	if want := fault.MaxTotalSize / fault.MaxSize; n != want {
		t.Errorf("holds %d bodies of 1 MiB, want %d", n, want)
	}
	set.Remove(set.List()[0].ID)
	if _, err := set.Add(large); err != nil {
		t.Errorf("removing made no room: %v", err)
	}
}

func TestSetKeepsACopy(t *testing.T) {
	t.Parallel()
	set, op := diga(t)
	spec := fault.Spec{Match: fault.Match{Query: map[string]string{"limit": "1"}}, Status: 500, Body: json.RawMessage(`1`), Probability: new(1.0), RetryAfter: new(1)}
	spoil := func(s fault.Spec) {
		s.Match.Query["limit"], s.Body[0], *s.Probability, *s.RetryAfter = "2", '2', 0, 2
	}
	returned, err := set.Add(spec)
	if err != nil {
		t.Fatal(err)
	}
	want := set.List()
	spoil(spec)
	spoil(returned.Spec)
	spoil(set.List()[0].Spec)
	spoil(set.Unfired()[0].Spec)
	spoil(set.Snapshot().Faults[0].Spec)
	if diff := cmp.Diff(want, set.List()); diff != "" {
		t.Errorf("changed from outside (-before +after):\n%s", diff)
	}
	if set.Fire(fault.Request{Operation: op, Query: url.Values{"limit": {"1"}}}) == nil {
		t.Error("does not fire any more")
	}
}

func TestFaultIsFlatJSON(t *testing.T) {
	t.Parallel()
	set, op := diga(t)
	add(t, set, fault.Spec{Match: fault.Match{Operation: op.ID}, Status: 503, Times: 2}, fault.Spec{Kind: fault.EmptyResponse})
	set.Fire(fault.Request{Operation: op})
	got, err := json.Marshal(set.List())
	if err != nil {
		t.Fatal(err)
	}
	const want = `[{"id":"fault-1","match":{"operation":"` + listKeys + `"},"status":503,"times":2,"matched":1,"fired":1,"remaining":1},` +
		`{"id":"fault-2","fault":"EMPTY_RESPONSE","matched":0,"fired":0}]`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func BenchmarkFireWithoutFaults(b *testing.B) {
	set, op := diga(b)
	r := fault.Request{Operation: op, Query: url.Values{}}
	for b.Loop() {
		if set.Fire(r) != nil {
			b.Fatal("fired")
		}
	}
}
