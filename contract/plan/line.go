package plan

import (
	"cmp"
	"encoding/json"
)

// Kind is what an operation is for.
type Kind string

const (
	List    Kind = "list"    // shows the items of Collection; has List
	Create  Kind = "create"  // makes one item, or with Answer.Items several
	Read    Kind = "read"    // shows the item that Item names
	Update  Kind = "update"  // changes those of its properties that are sent
	Replace Kind = "replace" // writes all its properties anew
	Delete  Kind = "delete"  // removes it, and what lies below it
	Act     Kind = "act"     // does something to it; it keeps what Write.Mappings name
	Copy    Kind = "copy"    // makes an item of Collection from that of Source which Item names
	// Join makes the item that Item names, one of Collection.Of, a member of
	// Collection; Leave ends that.
	Join  Kind = "join"
	Leave Kind = "leave"
	// BulkDelete, BulkUpdate and BulkRead are for the items whose ids the body
	// has at Write.IDs; BulkDelete without Write is for all.
	BulkDelete Kind = "bulk delete"
	BulkUpdate Kind = "bulk update"
	BulkRead   Kind = "bulk read"
	// View shows something of the item that Item names, kept for as long as the
	// item is; with no Item, of the one that stands for the caller.
	View Kind = "view"
	// Singleton shows or changes the one object that Collection holds, or of the
	// item that Item names; by DELETE it is as it was at first.
	Singleton Kind = "singleton"
	// Sampled is none of these: a value for the answer's schema. The items that
	// Parameters name must exist all the same.
	Sampled Kind = "sampled"
)

// kinds are all but Sampled.
var kinds = []Kind{List, Create, Read, Update, Replace, Delete, Act, Copy, Join, Leave, BulkDelete, BulkUpdate, BulkRead, View, Singleton}

// Basis is how a line came about: by rule, because no rule fits, or by hand.
type Basis string

const (
	Inferred   Basis = "inferred"
	BySample   Basis = "sampled"
	Overridden Basis = "override"
)

// Line is what one operation is for. Names of collections are those of
// [Plan.Collection]. All pointers are RFC 6901: those called Schema lead into the
// document, all others into the body or answer they speak of.
type Line struct {
	Operation  string `json:"operation,omitempty"` // operationId
	Method     string `json:"method"`              // GET, POST, …
	Path       string `json:"path"`                // as published
	Kind       Kind   `json:"kind"`
	Basis      Basis  `json:"basis"`
	Rule       string `json:"rule"`                 // id of the rule that made it
	Reason     string `json:"reason"`               // in plain words
	Collection string `json:"collection,omitempty"` // empty when Sampled
	Source     string `json:"source,omitempty"`     // collection of what is copied
	// Item is the path parameter that names the item; empty when the operation
	// is for no single one, or the body names it (Write.Identity). An item named
	// by several has them all in Parameters.
	Item string `json:"item,omitempty"`
	// Parameters are the path and query parameters that name items, in order.
	// The items named in the path must exist.
	Parameters []Parameter `json:"parameters,omitempty"`
	// Ignored are query parameters, and bodies of GET, that change nothing.
	Ignored []string  `json:"ignored,omitempty"`
	List    *Listing  `json:"list,omitempty"`
	Write   *Write    `json:"write,omitempty"` // nil: nothing is taken
	Answer  Answer    `json:"answer"`
	Errors  []Refusal `json:"errors,omitempty"`
}

// Parameter is a parameter that names an item.
type Parameter struct {
	Name string `json:"name"`
	In   string `json:"in"` // path or query
	// Collection is what it names an item of; empty when it scopes what lies
	// below it and names no item that the API shows.
	Collection string `json:"collection,omitempty"`
	Property   string `json:"property,omitempty"` // of the identity, that holds its value
}

// Answer is the documented success that a line answers with: the lowest 2xx, else
// default as 200.
type Answer struct {
	Status int    `json:"status"`
	Media  string `json:"media,omitempty"`  // empty: no body is documented
	Schema string `json:"schema,omitempty"` // of the whole body; empty: none is given
	// Data is where in the body the item is, or the array of items: empty is the
	// whole body. HasItem tells whether it is there at all.
	Data    string `json:"data,omitempty"`
	HasItem bool   `json:"has_item"`
	Items   bool   `json:"items,omitempty"` // Data is an array of items
	Item    string `json:"item,omitempty"`  // schema at Data, or of the array's items
	// Of is the collection of the item that is answered when it is not that of
	// the line; By the property of the line's item that names it, if one does.
	Of string `json:"of,omitempty"`
	By string `json:"by,omitempty"`
	// Once are properties that no other answer shows: made here, never again.
	Once []string `json:"once,omitempty"`
	// Mappings say which property of the item each property of an answer is,
	// where the answer is no item.
	Mappings []Mapping `json:"mappings,omitempty"`
	Echo     []string  `json:"echo,omitempty"`  // what the body has under the same name
	Count    string    `json:"count,omitempty"` // integer: how many items it was
}

// Refusal is a documented answer other than a success.
type Refusal struct {
	Status   string    `json:"status"` // 404, 4XX or default
	Media    string    `json:"media,omitempty"`
	Schema   string    `json:"schema,omitempty"`
	Examples []Example `json:"examples,omitempty"`
}

// Example is a documented example of a refusal.
type Example struct {
	Name  string          `json:"name,omitempty"` // its key in `examples`
	Value json.RawMessage `json:"value"`
}

// Refusal returns what the operation documents for a status: itself, its range,
// else default; nil when it documents none of them.
func (l *Line) Refusal(status string) *Refusal {
	for _, wanted := range []string{status, status[:min(1, len(status))] + "XX", "default"} {
		for i := range l.Errors {
			if l.Errors[i].Status == wanted {
				return &l.Errors[i]
			}
		}
	}
	return nil
}

// Name is the operationId, or method and path of an operation without one.
func (l *Line) Name() string { return cmp.Or(l.Operation, l.Method+" "+l.Path) }

// Text is what the operation is for in few words, as overrides write it: "list
// agent", "act on workflow", "copy into agent", "sampled".
func (l *Line) Text() string {
	if l.Kind == Sampled {
		return string(l.Kind)
	}
	return l.Kind.phrase() + " " + l.Collection
}

func (k Kind) phrase() string {
	return cmp.Or(map[Kind]string{Act: "act on", Copy: "copy into", View: "view of"}[k], string(k))
}
