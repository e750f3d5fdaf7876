package coverage

// Report is the counts at one moment, as data.
type Report struct {
	Covered    int         `json:"covered"` // how many operations, statuses and parameters have a count
	Total      int         `json:"total"`   // how many there are in the document
	Operations []Operation `json:"operations"`
}

// Operation is what was counted of one operation.
type Operation struct {
	Operation  string `json:"operation"` // operationId, or method and path
	Method     string `json:"method"`
	Path       string `json:"path"`
	Calls      int64  `json:"calls"`
	Statuses   []Item `json:"statuses"`   // as documented: "200", "4XX" or "default"
	Parameters []Item `json:"parameters"` // of the query
}

// Item is one status or parameter and how often it was there.
type Item struct {
	Name  string `json:"name"`
	Count int64  `json:"count"`
}

// Report returns the counts.
func (c *Coverage) Report() Report {
	r := Report{Operations: make([]Operation, len(c.operations))}
	count := func(n int64) {
		r.Total++
		if n > 0 {
			r.Covered++
		}
	}
	items := func(list []counter) []Item {
		shown := make([]Item, len(list))
		for i, one := range list {
			shown[i] = Item{one.name, one.count.Load()}
			count(shown[i].Count)
		}
		return shown
	}
	for i, o := range c.operations {
		calls := o.calls.Load()
		count(calls)
		r.Operations[i] = Operation{
			Operation: o.operation.Name(), Method: o.operation.Method, Path: o.operation.Path,
			Calls: calls, Statuses: items(o.statuses), Parameters: items(o.parameters),
		}
	}
	return r
}
