package plan

// Collection is what items of one sort live in. Its items are told apart by
// Identity: among those of the same parents, or among all where ItemPath does not
// have the parents' parameters.
type Collection struct {
	// Name is as callers would say it: the literal segments of its path, without
	// what only says that it is an API or which version: agent, knowledge/base,
	// agent/version. Two of one name keep what tells them apart.
	Name string `json:"name"`
	// Path is the template of its list, else the front of its items' path.
	Path string `json:"path"`
	// ItemPath is the template of its items; empty when they have none.
	ItemPath string `json:"item_path,omitempty"`
	// Parents are the parameters of Path, outermost first, each with the
	// collection whose item it names; Parameter.Collection is empty for one that
	// names no item. An item belongs to what the parameters named when it was made.
	Parents []Parameter `json:"parents,omitempty"`
	// ParentProperty is the property that shows the innermost parent's identity.
	ParentProperty string `json:"parent_property,omitempty"`
	// Identity is what tells items apart, in the order of ItemPath's parameters:
	// one, for a composite id several; none when items have no property for it.
	Identity []Identity `json:"identity,omitempty"`
	// Singleton: it holds one object, or one for each of its parents.
	Singleton bool `json:"singleton,omitempty"`
	// Of is the collection whose items are members of this one, that has none of
	// its own; Flag their boolean property that follows the membership.
	Of   string `json:"of,omitempty"`
	Flag string `json:"flag,omitempty"`
	// Schema is the entity: the schema an item is read by, else listed by, else
	// created as. Projections are all schemas it is shown through, each once.
	Schema      string       `json:"schema,omitempty"`
	Projections []Projection `json:"projections,omitempty"`
	// Branches are the alternatives of the entity, when it is a union.
	Branches []Branch `json:"branches,omitempty"`
	// Creatable: an operation makes items of it, so that below a new parent it is
	// empty. Otherwise items are there from the start.
	Creatable bool `json:"creatable"`
	// Created and Updated are the date-times of making and of the last change.
	Created string `json:"created,omitempty"`
	Updated string `json:"updated,omitempty"`
	// Once are properties that the answer of its creation alone has: a secret.
	Once []string `json:"once,omitempty"`
	// Links are what its items name or hold of other collections; none with Of,
	// which has them.
	Links []Link `json:"links,omitempty"`
}

// Identity is a property that tells items apart.
type Identity struct {
	Property  string `json:"property"`
	Parameter string `json:"parameter,omitempty"` // of ItemPath that carries it
	Reason    string `json:"reason"`              // how it was found
	// Type and Format are those of the schema: string uuid, integer, …
	Type   string `json:"type,omitempty"`
	Format string `json:"format,omitempty"`
}

// Projection is a schema that items are shown through.
type Projection struct {
	Schema string `json:"schema"`
	Use    Kind   `json:"use"` // of the first line that answers with it
}

// Branch is an alternative of a union.
type Branch struct {
	Schema string `json:"schema"`
	// Discriminator is the property that has one value in this branch; empty when
	// there is none. Value is that value.
	Discriminator string `json:"discriminator,omitempty"`
	Value         string `json:"value,omitempty"`
}

// Link is a property that names items of a collection by their identity, or
// holds them as objects.
type Link struct {
	// Property is an RFC 6901 pointer with * for the items of an array:
	// /voice, /integrations/*/tool_ids.
	Property   string `json:"property"`
	Collection string `json:"collection"`
	Many       bool   `json:"many,omitempty"`     // an array of them
	Embedded   bool   `json:"embedded,omitempty"` // objects, not ids
	Nullable   bool   `json:"nullable,omitempty"`
	// Schema is the projection that is embedded.
	Schema string `json:"schema,omitempty"`
}
