package spec

import (
	"fmt"
	"slices"
)

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

// checkOperationIDs finds the first operationId that stands twice: it "MUST be
// unique among all operations" (OpenAPI 3.1.0, section 4.8.10.1), and code
// generators, coverage and reports name operations by it.
func checkOperationIDs(root *node) error {
	seen := map[string]*node{}
	for _, o := range operationsOf(root) {
		id := o.node.member("operationId")
		if id.text() == "" {
			continue
		}
		if first, ok := seen[id.text()]; ok {
			return id.fail(fmt.Sprintf("operationId %s stands twice, first at %s", printable(id.text()), first.position()), "give each operation its own")
		}
		seen[id.text()] = id
	}
	return nil
}
