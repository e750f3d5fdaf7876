package spec

import (
	"encoding/json"
	"iter"
	"maps"
	"slices"
	"strconv"
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
		a, ok := (*after).(map[string]any)
		if !ok {
			break
		}
		names := slices.AppendSeq(slices.Collect(maps.Keys(b)), maps.Keys(a))
		slices.Sort(names)
		for _, name := range slices.Compact(names) {
			if !differ(Join(pointer, name), memberOf(b, name), memberOf(a, name), yield) {
				return false
			}
		}
		return true
	case []any:
		a, ok := (*after).([]any)
		if !ok {
			break
		}
		for i := range max(len(b), len(a)) {
			if !differ(Join(pointer, strconv.Itoa(i)), itemOf(b, i), itemOf(a, i), yield) {
				return false
			}
		}
		return true
	case json.Number:
		if a, ok := (*after).(json.Number); ok && plainNumber(a) == plainNumber(b) {
			return true
		}
	default:
		switch (*after).(type) {
		case map[string]any, []any:
		default:
			if b == *after {
				return true
			}
		}
	}
	return yield(Difference{pointer, before, after})
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
