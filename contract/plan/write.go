package plan

// Write is what an operation takes and where it goes.
type Write struct {
	Media    string `json:"media,omitempty"`  // of the body; empty: there is none
	Schema   string `json:"schema,omitempty"` // of the whole body
	Required bool   `json:"required,omitempty"`
	// Data is where in the body the item's properties are, or with Items the
	// array of what are items; empty: the whole body.
	Data     string    `json:"data,omitempty"`
	Items    bool      `json:"items,omitempty"`
	Into     string    `json:"into,omitempty"`     // where in the item all of it goes; empty: the item itself
	Mappings []Mapping `json:"mappings,omitempty"` // which property sent becomes which of the item
	Shared   []Mapping `json:"shared,omitempty"`   // with Items, of what stands beside the array: each item has it
	// Unkept are properties that the item has no place for, and its identity where
	// the path names it.
	Unkept []string `json:"unkept,omitempty"`
	// Identity is the property sent that names the item, where no path parameter
	// does; with Items, of each.
	Identity string `json:"identity,omitempty"`
	IDs      string `json:"ids,omitempty"`   // where the ids of a bulk operation are
	Links    []Link `json:"links,omitempty"` // what the body names of other collections
}

// How tells how one property becomes another.
type How string

const (
	Same    How = "same"    // the value as it is, under the same name
	Renamed How = "renamed" // the value as it is, under another name
	// Embeds is a value that names items of Mapping.Collection, which the item's
	// property holds as objects.
	Embeds How = "embeds"
)

// Mapping is a property that comes from another.
type Mapping struct {
	From string `json:"from"`
	In   string `json:"in,omitempty"` // path or query; empty: the body, or the item
	To   string `json:"to"`
	How  How    `json:"how"`
	// Collection is what the value names an item of, or several with Many; By the
	// property it names them by, the identity when empty.
	Collection string `json:"collection,omitempty"`
	By         string `json:"by,omitempty"`
	Many       bool   `json:"many,omitempty"`
}
