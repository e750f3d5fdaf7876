package plan

// Collection is what items of one sort live in. Its items are told apart by
// Identity: among those of the same parents, or among all where ItemPath does not
// have the parents' parameters.
type Collection struct {
	// Name is the literal segments of its path, without what only says that it
	// is an API or which version: agent, knowledge/base, agent/version. Two of
	// one name keep what tells them apart.
	Name           string       `json:"name"`
	Path           string       `json:"path"`                      // template of its list, else the front of its items' path
	ItemPath       string       `json:"item_path,omitempty"`       // template of its items; empty: they have none
	Parents        []Parameter  `json:"parents,omitempty"`         // parameters of Path, outermost first: what an item belongs to
	ParentProperty string       `json:"parent_property,omitempty"` // shows the innermost parent's identity
	Identity       []Identity   `json:"identity,omitempty"`        // for a composite id several; none: no property tells items apart
	Singleton      bool         `json:"singleton,omitempty"`       // it holds one object, or one for each of its parents
	Of             string       `json:"of,omitempty"`              // collection whose items are members of this one, that has no other
	Flag           string       `json:"flag,omitempty"`            // their boolean property that follows the membership
	Schema         string       `json:"schema,omitempty"`          // what an item is read by, else listed by, else created as
	Projections    []Projection `json:"projections,omitempty"`     // all that it is shown through, each once
	Branches       []Branch     `json:"branches,omitempty"`        // the alternatives of Schema, when it is a union
	// Creatable: an operation makes items of it, so that below a new parent it is
	// empty. Otherwise items are there from the start.
	Creatable bool     `json:"creatable"`
	Created   string   `json:"created,omitempty"` // property: date-time of making
	Updated   string   `json:"updated,omitempty"` // of the last change
	Once      []string `json:"once,omitempty"`    // properties that only the answer of creation has: a secret
	Links     []Link   `json:"links,omitempty"`   // none with Of, which has them
}

// Identity is a property that tells items apart.
type Identity struct {
	Property  string `json:"property"`
	Parameter string `json:"parameter,omitempty"` // of ItemPath that carries it
	Reason    string `json:"reason"`              // how it was found
	Type      string `json:"type,omitempty"`      // of its schema, as Format
	Format    string `json:"format,omitempty"`
}

// Projection is a schema that items are shown through.
type Projection struct {
	Schema string `json:"schema"`
	Use    Kind   `json:"use"` // of the first line that answers with it
}

// Branch is an alternative of a union, told by the one value of a property, if
// there is such.
type Branch struct {
	Schema        string `json:"schema"`
	Discriminator string `json:"discriminator,omitempty"`
	Value         string `json:"value,omitempty"`
}

// Link is a property that names items of a collection by their identity, or
// holds them as objects.
type Link struct {
	Property   string `json:"property"` // RFC 6901 with * for the items of an array: /integrations/*/tool_ids
	Collection string `json:"collection"`
	Many       bool   `json:"many,omitempty"`     // an array of them
	Embedded   bool   `json:"embedded,omitempty"` // objects, not ids
	Nullable   bool   `json:"nullable,omitempty"`
	Schema     string `json:"schema,omitempty"` // the projection that is embedded
}
