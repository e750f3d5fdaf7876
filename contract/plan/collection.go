package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

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
	Schema    string `json:"schema,omitempty"` // of the parameter, which the property's values fit, too
	Chosen    bool   `json:"chosen,omitempty"` // by clients: a text, no UUID, that the body of a creation must have
}

// ServerMade tells whether a property of items is the server's to make, whatever a
// client sends: the identity, unless it is composite or chosen, the dates of making and
// of change, and the parent.
func (c *Collection) ServerMade(property string) bool {
	return property == c.Created || property == c.Updated || property == c.ParentProperty ||
		len(c.Identity) == 1 && c.Identity[0].Property == property && !c.Identity[0].Chosen
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
	// Refused, in Write.Links: the document has a 404 for one that names nothing. Its
	// example speaks of the collection, and the path does not.
	Refused bool `json:"refused,omitempty"`
}

// identityOf finds a property for each parameter at the end of the items' path; of none, the id.
func identityOf(one *collection) (found []Identity) {
	front, _ := one.items.ofItem()
	own := one.items[len(front):].params() // one as a rule
	params := own
	if len(own) == 0 {
		params = []string{""}
	}
	for _, name := range params {
		p, reason := identityProperty(one.entity, name, stem(one.path.last()))
		if p == nil || slices.ContainsFunc(found, func(i Identity) bool { return i.Property == p.Name }) {
			found = nil
			break
		}
		found = append(found, Identity{Property: p.Name, Parameter: name, Reason: reason, Type: p.Schema.Types[0], Format: p.Schema.Format})
	}
	if found == nil && one.itemShape != "" {
		for _, name := range own {
			found = append(found, Identity{Parameter: name, Reason: fmt.Sprintf("no property is like the path parameter %s: the path alone tells items apart", name)})
		}
	}
	return found
}

// identityProperty finds the property that a path parameter carries; without one, the id.
func identityProperty(s *spec.Schema, parameter string, resource []string) (*spec.Property, string) {
	find := func(words ...string) *spec.Property {
		return find(s, func(p spec.Property) bool {
			return len(words) > 0 && slices.Equal(wordsOf(p.Name), words) && hasType(p.Schema, "string", "integer", "number")
		})
	}
	words := wordsOf(parameter)
	var rest []string
	if startsWith(words, resource) {
		rest = words[len(resource):]
	}
	for _, try := range []struct {
		words  []string
		reason string
	}{
		{words, "the property is named like the path parameter"},
		{rest, fmt.Sprintf("the path parameter %s is the item's %s", parameter, strings.Join(rest, "_"))},
		{[]string{"id"}, "the property is named id"},
		{append(resource, "id"), "the property is named after the resource and id"},
	} {
		if p := find(try.words...); p != nil {
			return p, try.reason
		}
	}
	for _, key := range []string{"uuid", "guid", "key", "slug", "code", "name"} {
		if p := find(key); p != nil && p.Required && parameter != "" {
			return p, fmt.Sprintf("no property is like the path parameter %s; the required %s is the nearest", parameter, p.Name)
		}
	}
	return nil, ""
}

// namesIdentity tells whether a property is the identity under the resource's name: verification_id.
func namesIdentity(one *collection, name string) bool {
	words := idOf(name)
	return words != nil && (slices.Equal(words, stem(one.path.last())) || slices.Equal(words, one.alias()))
}

// parameter is one that names an item of a collection, or of none.
func parameter(name, in string, one *collection) Parameter {
	p := Parameter{Name: name, In: in}
	if one == nil {
		return p
	}
	p.Collection = one.Name
	for _, i := range one.Identity {
		if p.Property = i.Property; i.Parameter == name {
			break
		}
	}
	return p
}

// alias is the X of the path parameter X_id of a collection's items.
func (c *collection) alias() []string { return idOf(c.items.lastParam()) }

// what the names of properties for the date of making and of change begin with
const (
	createdWords = "created creation create added inserted timestamp"
	updatedWords = "updated modified changed last_updated last_modified update edited"
)

// describe says what items are like, once it is known what each operation is for.
func (c *compiler) describe(one *collection) {
	if of := c.named(one.Of); of != nil {
		one.entity, one.Identity, one.Creatable = of.entity, of.Identity, true
		one.Flag = nameOf(find(of.entity, func(p spec.Property) bool { // is_favourite of /voice/favourite
			words := wordsOf(p.Name)
			return hasType(p.Schema, "boolean") && endsWith(words, stem(one.path.last())) && len(words) <= 2
		}))
	}
	one.Schema = pointerOf(one.entity)
	for _, o := range c.operations {
		if o.line.Collection == one.Name {
			c.project(one, o)
		}
	}
	one.Once = onceOf(one)
	for _, a := range one.entity.Alternatives() {
		one.Branches = append(one.Branches, branch(one.entity, a))
	}
	one.Created, one.Updated = dateOf(one.entity, createdWords), dateOf(one.entity, updatedWords)
	if len(one.Parents) == 0 {
		return
	}
	parent := one.Parents[len(one.Parents)-1]
	of := c.named(parent.Collection)
	one.ParentProperty = nameOf(find(one.entity, func(p spec.Property) bool {
		words := idOf(p.Name)
		return words != nil && of != nil && (len(one.Identity) == 0 || p.Name != one.Identity[0].Property) &&
			(slices.Equal(words, idOf(parent.Name)) || slices.Equal(words, stem(of.Name)) || slices.Equal(words, of.alias()))
	}))
}

func (c *compiler) project(one *collection, o *operation) {
	made := o.line.Kind == Create || o.line.Kind == Copy
	one.Creatable = one.Creatable || made
	shows := made || o.line.Kind == Read || one.Singleton || one.holds(o.shown.item)
	if !shows || o.line.Answer.Of != "" || !isObject(o.shown.item) || !one.isItem(o.shown.item) {
		return
	}
	keys := keysOf(o.shown.item)
	if !slices.ContainsFunc(one.Projections, func(p Projection) bool { return slices.Equal(keysOf(c.doc.Schema(p.Schema)), keys) }) {
		one.Projections = append(one.Projections, Projection{pointerOf(o.shown.item), o.line.Kind})
	}
}

// onceOf are what the answer of creation has and items have not, apart from the identity.
func onceOf(one *collection) (once []string) {
	if one.created == nil || len(properties(one.entity)) == 0 || !one.isItem(one.created) {
		return nil
	}
	for _, p := range properties(one.created) {
		if !has(one.entity, p.Name) && !namesIdentity(one, p.Name) {
			once = append(once, p.Name)
		}
	}
	return once
}

// branch is an alternative of a union with what tells it apart.
func branch(union, a *spec.Schema) Branch {
	b := Branch{Schema: pointerOf(a)}
	if d := union.Discriminator(); d != nil {
		for _, one := range d.Cases {
			if pointerOf(one.Schema) == b.Schema {
				b.Discriminator, b.Value = d.Property, one.Value
			}
		}
	}
	p := find(a, func(p spec.Property) bool { return len(p.Schema.Enum) == 1 })
	if p != nil && b.Discriminator == "" {
		b.Discriminator, b.Value = p.Name, fmt.Sprint(p.Schema.Enum[0])
	}
	return b
}

// dateOf is the point in time whose name begins with one of the words, the first word first.
func dateOf(s *spec.Schema, names string) string {
	for _, name := range strings.Fields(names) {
		for _, p := range properties(s) {
			words := wordsOf(p.Name)
			if len(words) == 2 && words[0] == "date" { // date_created
				words[0], words[1] = words[1], words[0]
			}
			alone := len(words) == 1
			if !startsWith(words, wordsOf(name)) || !alone && !is(lastOf(words), "at date on time timestamp datetime") {
				continue
			}
			if isDate(p.Schema) || hasType(p.Schema, "integer") && (alone || lastOf(words) == "at") {
				return p.Name
			}
		}
	}
	return ""
}
