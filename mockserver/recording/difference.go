package recording

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/mockserver/journal"
)

// Difference is a place where two exchanges differ. It shows no secret.
type Difference struct {
	Part          string // status, headers, body; of a request method, path, query too
	Pointer       string // RFC 6901, into the part
	Expected, Got string // as JSON, cut to 200 bytes; "nothing" where nothing is
}

func (d Difference) String() string {
	at := d.Part
	if d.Pointer != "" {
		at += " at " + d.Pointer
	}
	return fmt.Sprintf("%s: expected %s, got %s", at, d.Expected, d.Got)
}

// First compares exchanges one by one: the index of the first that differs, and where; -1:
// none does. A request that differs is no answer to be compared.
func First(expected, got []journal.Entry) (index int, request bool, differences []Difference) {
	for i := range max(len(expected), len(got)) {
		switch {
		case i == len(got):
			return i, true, []Difference{{Part: "request", Expected: ask(expected[i]), Got: "nothing"}}
		case i == len(expected):
			return i, true, []Difference{{Part: "request", Expected: "nothing", Got: ask(got[i])}}
		}
		if d := differ(expected[i].Request, got[i].Request); len(d) > 0 {
			return i, true, d
		}
		if d := Compare(expected[i].Response, got[i].Response); len(d) > 0 {
			return i, false, d
		}
	}
	return -1, false, nil
}

func ask(e journal.Entry) string { return e.Request.Method + " " + e.Request.Path }

// Compare tells where two answers differ: the status first, at most 20 places. Bodies of
// which not all was kept are not compared.
func Compare(expected, got journal.Response) []Difference { return differ(expected, got) }

// Comparable tells whether all of an answer was kept.
func Comparable(r journal.Response) bool { return r.Body == nil || !r.Body.Truncated }

const (
	maxDifferences = 20
	maxShown       = 200 // bytes
)

func differ(expected, got any) (all []Difference) {
	was, is := decoded(expected), decoded(got)
	if partial(was) || partial(is) {
		delete(was, "body")
		delete(is, "body")
	}
	for d := range spec.Differences(was, is) {
		found := Difference{Expected: shown(d.Pointer, d.Before), Got: shown(d.Pointer, d.After)}
		tokens := spec.Tokens(d.Pointer)
		found.Part, tokens = tokens[0], tokens[1:]
		if found.Part == "body" && len(tokens) > 0 && tokens[0] != "truncated" {
			tokens = tokens[1:] // json, text or base64
		}
		found.Pointer = spec.Join("", tokens...)
		if all = append(all, found); len(all) == maxDifferences {
			break
		}
	}
	slices.SortStableFunc(all, func(a, b Difference) int { return strings.Compare(b.Part, a.Part) }) // status, headers, body
	return all
}

// decoded is a message as JSON, without the size of its body, which says how it was written.
func decoded(message any) map[string]any {
	text, _ := json.Marshal(message) // it came from JSON, or goes there
	value, _ := spec.DecodeJSON(text)
	v, _ := value.(map[string]any)
	if body, ok := v["body"].(map[string]any); ok {
		delete(body, "size")
	}
	if v["headers"] == nil {
		v["headers"] = map[string]any{}
	}
	return v
}

func partial(message map[string]any) bool {
	body, _ := message["body"].(map[string]any)
	return body["truncated"] == true
}

func shown(pointer string, v *any) string {
	if v == nil {
		return "nothing"
	}
	value := *v
	if body, whole := value.(map[string]any); whole && pointer == "/body" {
		for kind, content := range body { // one
			pointer, value = "/body/"+kind, content
		}
	}
	if pointer == "/body/text" || pointer == "/body/base64" || pointer == "/query" {
		text, _ := value.(string)
		return fmt.Sprintf("a text of %d bytes", len(text)) // in which a secret may stand anywhere
	}
	text, _ := json.Marshal(journal.Redacted(pointer, value))
	if len(text) > maxShown {
		return strings.ToValidUTF8(string(text[:maxShown]), "") + "…"
	}
	return string(text)
}
