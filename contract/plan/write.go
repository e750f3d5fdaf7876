package plan

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
