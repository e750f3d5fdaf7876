package plan

// Write is what an operation takes and where it goes.
type Write struct {
	Media    string `json:"media,omitempty"`  // of the body; empty: there is none
	Schema   string `json:"schema,omitempty"` // of the whole body
	Required bool   `json:"required,omitempty"`
	// Data is where in the body the item's properties are, or with Items the
	// array of what are items: an RFC 6901 pointer, empty for the whole body.
	Data  string `json:"data,omitempty"`
	Items bool   `json:"items,omitempty"`
	// Into is the property of the item that takes what is written, as an RFC 6901
	// pointer; empty: the item itself.
	Into string `json:"into,omitempty"`
	// Mappings say which property sent becomes which of the item.
	Mappings []Mapping `json:"mappings,omitempty"`
	// Shared are those of what stands beside the array when Items: each item has it.
	Shared []Mapping `json:"shared,omitempty"`
	// Unkept are properties that the item has no place for, and its identity where
	// the path names it.
	Unkept []string `json:"unkept,omitempty"`
	// Identity is the property sent that names the item, where no path parameter
	// does; with Items, of each.
	Identity string `json:"identity,omitempty"`
	// IDs is where the body has the ids of a bulk operation.
	IDs string `json:"ids,omitempty"`
	// Links are what the body names of other collections; pointers are into it.
	Links []Link `json:"links,omitempty"`
	// Sets are properties of the item that the operation gives a fixed value; of
	// overrides alone.
	Sets map[string]any `json:"sets,omitempty"`
}

// How tells how a property sent becomes one of the item.
type How string

const (
	// Same is the value as it is, under the same name.
	Same How = "same"
	// Renamed is the value as it is, under another name.
	Renamed How = "renamed"
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
