// Package plan says what each operation of an OpenAPI document is for: to list
// the items of a collection, to create one, to read, change or delete it, to act
// on it, or none of these. A mock answers by it and a suite checks by it.
//
//	p, err := plan.New(document)
//	for _, line := range p.Lines {
//		fmt.Println(line.Method, line.Path, line.Text(), line.Reason)
//	}
//
// A plan is data: it is made from the document alone, the same document makes
// the same plan, and nothing in it is changed afterwards. It is read off the
// shapes of paths and off what answers carry, by the rules that [Rules] lists.
// Where no rule fits, the line says [Sampled] and why; nothing is guessed
// without saying so. [ParseOverrides] reads lines that are set by hand.
package plan
