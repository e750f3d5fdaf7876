package plan

import (
	"cmp"
	"encoding/json"
	"slices"
)

// Kind is what an operation is for.
type Kind string

// Each kind says what its line is for.
const (
	List       Kind = "list"        // shows the items of Collection
	Create     Kind = "create"      // makes one item, or with Answer.Items several
	Read       Kind = "read"        // shows the item that Item names
	Update     Kind = "update"      // changes those of its properties that are sent
	Replace    Kind = "replace"     // writes all its properties anew
	Delete     Kind = "delete"      // removes it, and what lies below it
	Act        Kind = "act"         // does something to it; it keeps what Write.Mappings name
	Copy       Kind = "copy"        // makes an item of Collection from that of Source which Item names
	Join       Kind = "join"        // makes the item that Item names, one of Collection.Of, a member of Collection
	Leave      Kind = "leave"       // ends that
	BulkDelete Kind = "bulk delete" // for the items whose ids the body has at Write.IDs; without Write for all
	BulkUpdate Kind = "bulk update"
	BulkRead   Kind = "bulk read"
	View       Kind = "view"      // something of the item that Item names; with no Item, the one that stands for the caller
	Singleton  Kind = "singleton" // the one object that Collection holds, or of the item that Item names; DELETE resets it
	Sampled    Kind = "sampled"   // none of these: a value for the answer's schema, when the items of Parameters exist
)

// kinds are all but Sampled.
var kinds = []Kind{List, Create, Read, Update, Replace, Delete, Act, Copy, Join, Leave, BulkDelete, BulkUpdate, BulkRead, View, Singleton}

// Basis is how a line came about.
type Basis string

// By rule, because no rule fits, and by hand.
const (
	Inferred   Basis = "inferred"
	BySample   Basis = "sampled"
	Overridden Basis = "override"
)

// Line is what one operation is for. Names of collections are those of
// [Plan.Collection]. All pointers are RFC 6901: those called Schema lead into the
// document, all others into the body or answer they speak of.
type Line struct {
	Operation  string      `json:"operation,omitempty"` // operationId
	Method     string      `json:"method"`              // GET, POST, …
	Path       string      `json:"path"`                // as published
	Kind       Kind        `json:"kind"`
	Basis      Basis       `json:"basis"`
	Rule       string      `json:"rule"`                 // id of the rule that made it
	Reason     string      `json:"reason"`               // in plain words
	Collection string      `json:"collection,omitempty"` // empty when Sampled
	Source     string      `json:"source,omitempty"`     // collection of what is copied
	Item       string      `json:"item,omitempty"`       // path parameter that names the item, the last of several; empty: none does
	Parameters []Parameter `json:"parameters,omitempty"` // those that name items, which must exist
	Ignored    []string    `json:"ignored,omitempty"`    // query parameters, and "body" of GET, that change nothing
	List       *Listing    `json:"list,omitempty"`
	Write      *Write      `json:"write,omitempty"` // nil: nothing is taken
	Answer     Answer      `json:"answer"`
	Errors     []Refusal   `json:"errors,omitempty"`
}

// Parameter is a parameter that names an item.
type Parameter struct {
	Name       string `json:"name"`
	In         string `json:"in"`                   // path or query
	Collection string `json:"collection,omitempty"` // empty: it scopes what lies below and names no item that is shown
	Property   string `json:"property,omitempty"`   // of the identity, that holds its value
}

// Answer is the documented success that a line answers with: the lowest 2xx, else
// default as 200, else the lowest status there is.
type Answer struct {
	Status   int       `json:"status"`
	Media    string    `json:"media,omitempty"`    // empty: no body is documented
	Schema   string    `json:"schema,omitempty"`   // of the whole body; empty: none is given
	Data     string    `json:"data,omitempty"`     // where in the body the item is, or the array of them; empty: all of it
	HasItem  bool      `json:"has_item"`           // whether it is there at all
	Items    bool      `json:"items,omitempty"`    // Data is an array of items
	Item     string    `json:"item,omitempty"`     // schema at Data, or of the array's items
	Of       string    `json:"of,omitempty"`       // collection of the item, when it is not the line's
	By       string    `json:"by,omitempty"`       // property of the line's item that names it, if one does
	Once     []string  `json:"once,omitempty"`     // properties that no other answer shows
	Mappings []Mapping `json:"mappings,omitempty"` // of what is no item: which property of the item each is
	Echo     []string  `json:"echo,omitempty"`     // what the body has under the same name
	Count    string    `json:"count,omitempty"`    // integer: how many items it was
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
		if i := slices.IndexFunc(l.Errors, func(r Refusal) bool { return r.Status == wanted }); i >= 0 {
			return &l.Errors[i]
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

// Write is what an operation takes and where it goes.
type Write struct {
	Media    string    `json:"media,omitempty"`  // of the body; empty: there is none
	Schema   string    `json:"schema,omitempty"` // of the whole body
	Required bool      `json:"required,omitempty"`
	Data     string    `json:"data,omitempty"`     // where in the body the item is, or the array of them; empty: all of it
	Items    bool      `json:"items,omitempty"`    // Data is an array of items
	Into     string    `json:"into,omitempty"`     // where in the item all of it goes; empty: the item itself
	Mappings []Mapping `json:"mappings,omitempty"` // which property sent becomes which of the item
	Shared   []Mapping `json:"shared,omitempty"`   // with Items, of what stands beside the array: each item has it
	Unkept   []string  `json:"unkept,omitempty"`   // what the item has no place for, and its identity where the path names it
	Identity string    `json:"identity,omitempty"` // property sent that names the item, where no path parameter does; with Items, of each
	IDs      string    `json:"ids,omitempty"`      // where the ids of a bulk operation are
	Links    []Link    `json:"links,omitempty"`    // what the body names of other collections
}

// How tells how one property becomes another.
type How string

// Each says what becomes of the value.
const (
	Same    How = "same"    // the value as it is, under the same name
	Renamed How = "renamed" // the value as it is, under another name
	Embeds  How = "embeds"  // a value that names items of Mapping.Collection, which the item's property holds as objects
)

// Mapping is a property that comes from another.
type Mapping struct {
	From       string `json:"from"`
	In         string `json:"in,omitempty"` // path or query; empty: the body, or the item
	To         string `json:"to"`
	How        How    `json:"how"`
	Collection string `json:"collection,omitempty"` // what the value names an item of, or several with Many
	By         string `json:"by,omitempty"`         // the property it names them by; empty: the identity
	Many       bool   `json:"many,omitempty"`
}
