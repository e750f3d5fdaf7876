package plan

// Rule is one way to tell from a document what an operation is for.
type Rule struct {
	ID   string `json:"id"` // stable
	Kind Kind   `json:"kind"`
	// Explanation says what the rule looks at, in one sentence.
	Explanation string `json:"explanation"`

	try func(c *compiler, o *operation) *found
}

// found is what a rule makes of an operation.
type found struct {
	kind       Kind // empty: that of the rule
	collection *collection
	item       string // path parameter
	source     *collection
	of         *collection // of the answer
	reason     string
}

// Rules are all rules in the order they are tried; the first that fits decides.
func Rules() []Rule {
	return []Rule{
		{"list", List, "GET answers an array of items, bare or in an envelope.", (*compiler).tryList},
		{"search", List, "POST to a path that ends in search, query, find, filter or list answers an array of a collection's items.", (*compiler).trySearch},
		{"singleton", Singleton, "One path without a list is read by GET and written, or written by PATCH or PUT that answer what they are sent.", (*compiler).trySingleton},
		{"read", Read, "GET on the path of an item.", onItem(false, reads)},
		{"join", Join, "POST or PUT without a body on the path of a member, where the list of members shows another collection's items.", onItem(true, joins)},
		{"leave", Leave, "DELETE on the path of a member, where the list of members shows another collection's items.", onItem(true, deletes)},
		{"update", Update, "PATCH on the path of an item, or POST with a body.", onItem(false, updates)},
		{"replace", Replace, "PUT on the path of an item.", onItem(false, replaces)},
		{"delete", Delete, "DELETE on the path of an item.", onItem(false, deletes)},
		{"bulk", BulkRead, "The body has nothing but ids of a collection's items, or an array of objects that each have one; the method and the path say what for.", (*compiler).tryBulk},
		{"write-by-body", Replace, "PUT or PATCH on the path of a collection, with the item's identity in the body.", (*compiler).tryWriteByBody},
		{"clear", BulkDelete, "DELETE on the path of a collection, without ids.", (*compiler).tryClear},
		{"create", Create, "POST on the path of a collection.", (*compiler).tryCreate},
		{"create-below", Create, "POST to a literal below the path of a collection answers one of its items, or an array of them, or takes them and answers nothing.", (*compiler).tryCreateBelow},
		{"copy", Copy, "POST below an item answers a new item of a collection: the path says copy, duplicate, clone or fork, or the answer is 201 with an item of another collection, or its id.", (*compiler).tryCopy},
		{"act", Act, "An operation below an item that is no GET answers that item.", (*compiler).tryAct},
		{"act-on-link", Act, "An operation below an item answers the item of another collection that it names.", (*compiler).tryActOnLink},
		{"act-without-answer", Act, "An operation below an item that is no GET answers nothing.", (*compiler).tryActWithoutAnswer},
		{"renew", Act, "An operation below an item answers only what the item's creation shows once.", (*compiler).tryRenew},
		{"view", View, "GET answers an object at a path whose last parameter names an item of another collection, or at a literal below a collection whose item it is.", (*compiler).tryView},
		{"sample", Sampled, "No other rule fits.", func(_ *compiler, o *operation) *found { return sample(o) }},
	}
}

// infer finds what an operation is for.
func (c *compiler) infer(o *operation) {
	for _, r := range Rules() {
		if f := r.try(c, o); f != nil {
			c.settle(o, r, f)
			return
		}
	}
}

func (c *compiler) settle(o *operation, r Rule, f *found) {
	l := o.line
	l.Rule, l.Kind, l.Basis, l.Reason, l.Item = r.ID, r.Kind, Inferred, f.reason, f.item
	if f.kind != "" {
		l.Kind = f.kind
	}
	if l.Kind == Sampled {
		l.Basis = BySample
	}
	if f.collection != nil {
		l.Collection = f.collection.Name
	}
	if f.source != nil {
		l.Source = f.source.Name
	}
	if f.of != nil && f.of != f.collection {
		l.Answer.Of = f.of.Name
	}
}
