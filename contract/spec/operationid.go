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
	paths := root.member("paths")
	if paths == nil || paths.form != formObject {
		return nil
	}
	for _, item := range paths.children {
		if item.form != formObject {
			continue
		}
		for _, c := range item.children {
			if c.form == formObject && slices.Contains(Methods(), c.key) {
				all = append(all, operation{path: item.key, method: c.key, node: c})
			}
		}
	}
	return all
}
