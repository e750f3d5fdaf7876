package main

import (
	"fmt"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/coverage"
	"github.com/digakit/digakit/contract/spec/spectest"
)

// measureDocument reads a document of as many operations as a whole API has.
func measureDocument(b *bench) {
	document := spectest.Document(operations)
	var read, plan, compile []float64
	for range rounds {
		var v *contract.Validator
		read = append(read, 1e3*seconds(func() { v = must(contract.New(document)) }))
		plan = append(plan, 1e3*seconds(func() { coverage.New(v) }))
		compile = append(compile, 1e3*seconds(func() {
			for _, err := range v.CompileAll() {
				check(err)
			}
		}))
	}
	of := func(what string, ms float64) (string, string) {
		return fmt.Sprintf("%s of %d operations", what, operations), fmt.Sprintf("%.0f ms", ms)
	}
	for _, r := range []struct {
		what         string
		milliseconds []float64
		most         float64
	}{{"contract.New", read, 200}, {"coverage.New", plan, 50}} {
		what, measured := of(r.what, median(r.milliseconds))
		b.atMost(what, measured, median(r.milliseconds), r.most, " ms")
	}
	b.show(of("CompileAll", median(compile)))
}
