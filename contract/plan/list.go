package plan

import "encoding/json"

// Listing is how a list is shown, cut into pages, ordered and filtered. The
// array itself is at [Answer].Data.
type Listing struct {
	Members []Member `json:"members,omitempty"` // the parts of the envelope beside the array
	Paging  Paging   `json:"paging"`
	Order   *Order   `json:"order,omitempty"` // nil: no parameter for it
	Filters []Filter `json:"filters,omitempty"`
}

// Role is what a member of an envelope says of the page that is answered.
type Role string

const (
	HasMore        Role = "has_more"      // boolean: more items follow
	FirstID        Role = "first_id"      // identity of the page's first item; null of none
	LastID         Role = "last_id"       // of its last
	CurrentPage    Role = "current_page"  // number of the page
	TotalPages     Role = "total_pages"   // how many pages there are
	Total          Role = "total"         // how many items there are
	PageSize       Role = "page_size"     // the limit that was asked for
	Returned       Role = "returned"      // how many items this page has
	Offset         Role = "offset"        // how many items stand before this page
	NextCursor     Role = "next_cursor"   // for Paging.After; null or empty at the end
	PreviousCursor Role = "before_cursor" // for Paging.Before
	NextURL        Role = "next_url"      // address of the next page; null at the end
	PreviousURL    Role = "previous_url"
	FirstURL       Role = "first_url"
	LastURL        Role = "last_url"
	SelfURL        Role = "self_url"
)

// Member is a part of an envelope.
type Member struct {
	Role     Role   `json:"role"`
	Pointer  string `json:"pointer"` // RFC 6901, into the answer
	Required bool   `json:"required,omitempty"`
	Nullable bool   `json:"nullable,omitempty"`
}

// Paging names the query parameters that choose a page; those that are empty are
// not there. A list may have several kinds: cursors and pages.
type Paging struct {
	After     string `json:"after,omitempty"`      // the items that follow a cursor
	Before    string `json:"before,omitempty"`     // the items before a cursor
	Opaque    bool   `json:"opaque,omitempty"`     // cursors are what NextCursor says, not identities
	Page      string `json:"page,omitempty"`       // number of the page
	FirstPage int    `json:"first_page,omitempty"` // that of the first: 1, or 0 where the schema says so
	Offset    string `json:"offset,omitempty"`     // items to leave out
	Limit     string `json:"limit,omitempty"`      // items on a page
	Default   *int   `json:"default,omitempty"`    // of Limit, as Min and Max; nil: the schema has none
	Min       *int   `json:"min,omitempty"`
	Max       *int   `json:"max,omitempty"`
}

// Order is the parameter for the direction of a list.
type Order struct {
	Parameter  string `json:"parameter"`
	Ascending  string `json:"ascending,omitempty"` // its values; empty where the schema has none
	Descending string `json:"descending,omitempty"`
	Default    string `json:"default,omitempty"`
}

// Match is how a filter compares. Null, and a property that is not there, match
// nothing.
type Match string

const (
	Equal    Match = "equal"    // the value, or of a repeated parameter one of the values
	From     Match = "from"     // at or after
	To       Match = "to"       // at or before
	Contains Match = "contains" // has the text, whatever the case of letters
	Has      Match = "has"      // an array that has the value, or one of the values
	Named    Match = "named"    // the parameter's item, of Filter.Collection, names those shown by Properties
)

// Filter is a parameter that leaves out items.
type Filter struct {
	Parameter  string          `json:"parameter"`
	Properties []string        `json:"properties"` // RFC 6901 pointers into the item: /contact/id; of several, one must match
	Match      Match           `json:"match"`
	Collection string          `json:"collection,omitempty"` // of Named alone
	Default    json.RawMessage `json:"default,omitempty"`    // filters when nothing is sent
	Flag       bool            `json:"flag,omitempty"`       // a boolean whose false, the default, asks for nothing
	Reason     string          `json:"reason"`
}
