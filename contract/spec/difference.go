package spec

import (
	"encoding/json"
	"iter"
	"maps"
	"reflect"
	"slices"
)

// Difference is a place where two JSON values differ.
type Difference struct {
	Pointer string `json:"pointer"` // RFC 6901
	// Before and After are what the two have there; nil: nothing. Null is a pointer to nil.
	Before *any `json:"before,omitempty"`
	After  *any `json:"after,omitempty"`
}

// Differences yields the places where two decoded JSON values, numbers as json.Number,
// differ: members by name, items by index. Numbers of the same value are equal.
func Differences(before, after any) iter.Seq[Difference] {
	return func(yield func(Difference) bool) { differ("", &before, &after, yield) }
}

func differ(pointer string, before, after *any, yield func(Difference) bool) bool {
	if before == nil || after == nil {
		return before == after || yield(Difference{pointer, before, after})
	}
	switch b := (*before).(type) {
	case map[string]any:
		if a, ok := (*after).(map[string]any); ok {
			names := slices.AppendSeq(slices.Collect(maps.Keys(b)), maps.Keys(a))
			slices.Sort(names)
			stops := func(name string) bool {
				return !differ(Join(pointer, name), memberOf(b, name), memberOf(a, name), yield)
			}
			return !slices.ContainsFunc(slices.Compact(names), stops)
		}
	case []any:
		if a, ok := (*after).([]any); ok {
			for i := range max(len(b), len(a)) {
				if !differ(Join(pointer, itoa(i)), itemOf(b, i), itemOf(a, i), yield) {
					return false
				}
			}
			return true
		}
	}
	return equal(*before, *after) || yield(Difference{pointer, before, after})
}

// equal compares values; numbers of the same value are equal where they are no part of one.
func equal(a, b any) bool {
	x, isNumber := a.(json.Number)
	y, also := b.(json.Number)
	return isNumber && also && plainNumber(x) == plainNumber(y) || reflect.DeepEqual(a, b)
}

func memberOf(object map[string]any, name string) *any {
	if v, ok := object[name]; ok {
		return &v
	}
	return nil
}

func itemOf(list []any, index int) *any {
	if index < len(list) {
		return &list[index]
	}
	return nil
}
