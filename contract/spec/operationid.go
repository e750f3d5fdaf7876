package spec

import "slices"

// operation is one operation of a document's paths.
type operation struct {
	path, method string
	node         *node
}

// operationsOf lists the operations of a tree's paths in document order.
func operationsOf(root *node) []operation {
	var all []operation
	for _, item := range root.member("paths").members() {
		for _, c := range item.members() {
			if c.form == formObject && slices.Contains(Methods(), c.key) {
				all = append(all, operation{path: item.key, method: c.key, node: c})
			}
		}
	}
	return all
}
