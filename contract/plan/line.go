package plan

import "encoding/json"

// Kind is what an operation is for.
type Kind string

// Each comment says what the line of the kind has beside what all lines have.
const (
	// List shows the items of Collection. It has List.
	List Kind = "list"
	// Create makes one item of Collection, or several, see Answer.Items. It has
	// Write.
	Create Kind = "create"
	// Read shows the item that Item names.
	Read Kind = "read"
	// Update changes those properties of the item that are sent. It has Write.
	Update Kind = "update"
	// Replace writes all properties of the item anew. It has Write.
	Replace Kind = "replace"
	// Delete removes the item, and what lies below it.
	Delete Kind = "delete"
	// Act does something to the item that Item names. It has Write when a body
	// or parameters say what; the item keeps what Write.Mappings name.
	Act Kind = "act"
	// Copy makes an item of Collection from the item that Item names, which is
	// one of Source. It has Write.
	Copy Kind = "copy"
	// Join makes the item that Item names, one of Collection.Of, a member of
	// Collection; Leave ends that.
	Join  Kind = "join"
	Leave Kind = "leave"
	// BulkDelete, BulkUpdate and BulkRead are for those items of Collection whose
	// ids the body names, at Write.IDs; BulkDelete without Write is for all.
	BulkDelete Kind = "bulk delete"
	BulkUpdate Kind = "bulk update"
	BulkRead   Kind = "bulk read"
	// View shows something of the item of Collection that Item names, kept for
	// as long as the item is; with no Item, of the one that stands for the caller.
	View Kind = "view"
	// Singleton shows or changes the one object that Collection holds, or of the
	// item that Item names; by DELETE it is as it was at first. It has Write when
	// it changes.
	Singleton Kind = "singleton"
	// Sampled is none of these: a value for the answer's schema. The items that
	// Parameters name must exist all the same.
	Sampled Kind = "sampled"
)

var kinds = []Kind{List, Create, Read, Update, Replace, Delete, Act, Copy, Join, Leave, BulkDelete, BulkUpdate, BulkRead, View, Singleton, Sampled}

// Basis is how a line came about.
type Basis string

// Of a line by rule, of one that no rule fits, and of one set by hand.
const (
	Inferred   Basis = "inferred"
	BySample   Basis = "sampled"
	Overridden Basis = "override"
)

// Line is what one operation is for. Names of collections are those of
// [Plan.Collection]. All pointers are RFC 6901: those called Schema lead into the
// document, all others into the body or answer they speak of.
type Line struct {
	Operation string `json:"operation,omitempty"` // operationId
	Method    string `json:"method"`              // GET, POST, …
	Path      string `json:"path"`                // as published
	Kind      Kind   `json:"kind"`
	Basis     Basis  `json:"basis"`
	Rule      string `json:"rule"`   // id of the rule that made it
	Reason    string `json:"reason"` // in plain words
	// Collection is what the operation is for; empty when Sampled.
	Collection string `json:"collection,omitempty"`
	// Source is the collection of the item that is copied; of Copy alone.
	Source string `json:"source,omitempty"`
	// Item names the path parameter that names the item; empty when the
	// operation is for no single one, or the body names it (Write.Identity).
	// An item named by several has them all in Parameters.
	Item string `json:"item,omitempty"`
	// Parameters are the path and query parameters that name items, in order.
	// The items named in the path must exist.
	Parameters []Parameter `json:"parameters,omitempty"`
	// Ignored are the query parameters, and bodies of GET, that no rule gives a
	// meaning: they are judged by their schema and change nothing.
	Ignored []string  `json:"ignored,omitempty"`
	List    *Listing  `json:"list,omitempty"`
	Write   *Write    `json:"write,omitempty"`
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
	// Property is the identity property that holds its value; empty with Collection.
	Property string `json:"property,omitempty"`
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
	// Item is the schema at Data, that of the array's items when Items.
	Item string `json:"item,omitempty"`
	// Of is the collection of the item that is answered when it is not that of
	// the line; By the property of the line's item that names it, if one does.
	Of string `json:"of,omitempty"`
	By string `json:"by,omitempty"`
	// Once are properties that this answer has and no other shows: made here,
	// shown here, never again.
	Once []string `json:"once,omitempty"`
	// Mappings say where properties of an answer that is not an item of the
	// collection come from: From is a property of the item.
	Mappings []Mapping `json:"mappings,omitempty"`
	// Echo are the properties that answer what the body has under the same name.
	Echo []string `json:"echo,omitempty"`
	// Count is the integer that says how many items it was.
	Count string `json:"count,omitempty"`
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
func (l *Line) Name() string {
	if l.Operation != "" {
		return l.Operation
	}
	return l.Method + " " + l.Path
}

// Text is what the operation is for in few words, as overrides write it: "list
// agent", "act on workflow", "copy into agent", "sampled".
func (l *Line) Text() string { return phrase(l.Kind, l.Collection) }

func phrase(kind Kind, collection string) string {
	switch kind {
	case Sampled:
		return string(kind)
	case Act:
		return "act on " + collection
	case Copy:
		return "copy into " + collection
	case View:
		return "view of " + collection
	case List, Create, Read, Update, Replace, Delete, Join, Leave, BulkDelete, BulkUpdate, BulkRead, Singleton:
	}
	return string(kind) + " " + collection
}
