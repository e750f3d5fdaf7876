package fault_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/mockserver/fault"
)

func TestARestoredSetGoesOnAsTheFirstWould(t *testing.T) {
	t.Parallel()
	set, op := diga(t)
	r := fault.Request{Operation: op}
	add(t, set,
		fault.Spec{Status: 500, Times: 3, Skip: 2},
		fault.Spec{Status: 503, Probability: new(0.5), Body: json.RawMessage(`{"b":1,"a":[null,12345678901234567890]}`)},
		fault.Spec{Status: 403, Probability: new(0.3), Seed: 9, DelayDistribution: &fault.Distribution{Type: fault.LogNormal, Median: 1, Sigma: 1}},
		fault.Spec{Status: 422, Times: 1},
	)
	set.Remove("fault-4")
	fired(set, r, 7)
	data, err := json.Marshal(set.Snapshot())
	if err != nil {
		t.Fatal(err)
	}
	var snap fault.Snapshot
	if err := json.Unmarshal(data, &snap); err != nil {
		t.Fatal(err)
	}
	second, _ := diga(t)
	add(t, second, fault.Spec{Status: 429})
	if err := second.Restore(snap); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(set.List(), second.List()); diff != "" {
		t.Errorf("(-first +second):\n%s", diff)
	}
	if first, then := fired(set, r, 100), fired(second, r, 100); first != then {
		t.Errorf("the first goes on with %s\nthe second with         %s", first, then)
	}
	f, err := second.Add(fault.Spec{Status: 500})
	if err != nil || f.ID != "fault-5" {
		t.Errorf("the next fault is %s, %v; want fault-5", f.ID, err)
	}
	// The snapshot is no window into either set.
	if diff := cmp.Diff(data, mustJSON(t, snap)); diff != "" {
		t.Errorf("the snapshot changed:\n%s", diff)
	}
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestTheZeroSnapshotStartsAnew(t *testing.T) {
	t.Parallel()
	set, op := diga(t)
	if got := string(mustJSON(t, set.Snapshot())); got != `{"created":0}` {
		t.Errorf("an empty set is %s", got)
	}
	add(t, set, fault.Spec{Status: 500})
	if err := set.Restore(fault.Snapshot{}); err != nil {
		t.Fatal(err)
	}
	if set.Fire(fault.Request{Operation: op}) != nil {
		t.Error("a fault survived")
	}
	if f, err := set.Add(fault.Spec{Status: 500}); err != nil || f.ID != "fault-1" {
		t.Errorf("the first fault is %s, %v", f.ID, err)
	}
}

func TestASnapshotWithoutPositionsStartsAtTheSeed(t *testing.T) {
	t.Parallel()
	spec := fault.Spec{Status: 500, Probability: new(0.5)}
	set, op := diga(t)
	add(t, set, spec)
	second, _ := diga(t)
	if err := second.Restore(fault.Snapshot{Created: 1, Faults: []fault.EntrySnapshot{{ID: "fault-1", Spec: spec}}}); err != nil {
		t.Fatal(err)
	}
	r := fault.Request{Operation: op}
	if first, then := fired(set, r, 64), fired(second, r, 64); first != then {
		t.Errorf("added: %s\nrestored: %s", first, then)
	}
}

func TestASnapshotThatIsNoneChangesNothing(t *testing.T) {
	t.Parallel()
	ok := fault.Spec{Status: 500}
	one := func(f fault.EntrySnapshot) fault.Snapshot {
		return fault.Snapshot{Created: 2, Faults: []fault.EntrySnapshot{{ID: "fault-2", Spec: ok}, f}}
	}
	many := fault.Snapshot{Created: fault.MaxFaults + 1}
	for i := range fault.MaxFaults + 1 {
		many.Faults = append(many.Faults, fault.EntrySnapshot{ID: "fault-" + string(mustJSON(t, i+1)), Spec: ok})
	}
	large := fault.Snapshot{Created: 20}
	for i := range 20 {
		large.Faults = append(large.Faults, fault.EntrySnapshot{ID: "fault-" + string(mustJSON(t, i+1)), Spec: fault.Spec{
			Body: json.RawMessage(`"` + strings.Repeat("a", fault.MaxSize-100) + `"`)}})
	}
	for _, tc := range []struct {
		name, why string
		snap      fault.Snapshot
		want      string
	}{
		{"no id", "every fault has one", one(fault.EntrySnapshot{Spec: ok}), `fault: the snapshot is not one of a set: ids are fault-1 to fault-2 (fault 1, id "")`},
		{"number alone", "is no id", one(fault.EntrySnapshot{ID: "1", Spec: ok}), `fault: the snapshot is not one of a set: ids are fault-1 to fault-2 (fault 1, id "1")`},
		{"id in another form", "is another id", one(fault.EntrySnapshot{ID: "fault-01", Spec: ok}), `fault: the snapshot is not one of a set: ids are fault-1 to fault-2 (fault 1, id "fault-01")`},
		{"number zero", "counting starts at 1", one(fault.EntrySnapshot{ID: "fault-0", Spec: ok}), `fault: the snapshot is not one of a set: ids are fault-1 to fault-2 (fault 1, id "fault-0")`},
		{"id to come", "would be given out again", one(fault.EntrySnapshot{ID: "fault-3", Spec: ok}), `fault: the snapshot is not one of a set: ids are fault-1 to fault-2 (fault 1, id "fault-3")`},
		{"id twice", "names two faults", one(fault.EntrySnapshot{ID: "fault-2", Spec: ok}), `fault: the snapshot is not one of a set: its id is there twice (fault 1, id "fault-2")`},
		{"fired without a match", "cannot be", one(fault.EntrySnapshot{ID: "fault-1", Spec: ok, Fired: 1}), `fault: the snapshot is not one of a set: matched and fired contradict each other, or times (fault 1, id "fault-1")`},
		{"fired too often", "cannot be", one(fault.EntrySnapshot{ID: "fault-1", Spec: fault.Spec{Status: 500, Times: 1}, Matched: 2, Fired: 2}), `fault: the snapshot is not one of a set: matched and fired contradict each other, or times (fault 1, id "fault-1")`},
		{"negative", "cannot be", one(fault.EntrySnapshot{ID: "fault-1", Spec: ok, Fired: -1}), `fault: the snapshot is not one of a set: matched and fired contradict each other, or times (fault 1, id "fault-1")`},
		{"not a position", "chance has none such", one(fault.EntrySnapshot{ID: "fault-1", Spec: ok, Random: []byte("x")}), `fault: the snapshot is not one of a set: random is not what a snapshot holds (fault 1, id "fault-1")`},
		{"invalid fault", "is refused as in Add", one(fault.EntrySnapshot{ID: "fault-1", Spec: fault.Spec{Status: 99}}), `fault: status must be 200 to 599 (use the status of a final answer) (fault 1, id "fault-1")`},
		{"too many", "memory is bounded", many, fault.ErrFull.Error() + ` (fault 1000, id "fault-1001")`},
		{"too large", "memory is bounded", large, fault.ErrFull.Error() + ` (fault 16, id "fault-17")`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			set, _ := diga(t)
			add(t, set, fault.Spec{Status: 418})
			before := set.Snapshot()
			err := set.Restore(tc.snap)
			if err == nil || err.Error() != tc.want {
				t.Errorf("%s:\ngot  %v\nwant %s", tc.why, err, tc.want)
			}
			if diff := cmp.Diff(before, set.Snapshot()); diff != "" {
				t.Errorf("%s: the set changed (-before +after):\n%s", tc.why, diff)
			}
			_, invalid := errors.AsType[*fault.SpecError](err)
			if wants := tc.name == "invalid fault"; invalid != wants || errors.Is(err, fault.ErrFull) != strings.HasPrefix(tc.name, "too") {
				t.Errorf("%v has lost its kind", err)
			}
		})
	}
}
