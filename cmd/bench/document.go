package main

import (
	"errors"
	"fmt"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/coverage"
	"github.com/digakit/digakit/contract/spec/spectest"
)

// measureDocument reads a document of as many operations as a whole API has.
func measureDocument(b *bench) {
	document := spectest.Document(operations)
	var v *contract.Validator
	read := medianOf(rounds, func() float64 { return 1e3 * seconds(func() { v = must(contract.New(document)) }) })
	plan := medianOf(rounds, func() float64 { return 1e3 * seconds(func() { coverage.New(v) }) })
	compile := medianOf(rounds, func() float64 {
		v := must(contract.New(document)) // it remembers what it has compiled
		return 1e3 * seconds(func() { check(errors.Join(v.CompileAll()...)) })
	})
	b.atMost(fmt.Sprintf("contract.New of %d operations", operations), fmt.Sprintf("%.0f ms", read), read, 200, " ms")
	b.atMost(fmt.Sprintf("coverage.New of %d operations", operations), fmt.Sprintf("%.0f ms", plan), plan, 50, " ms")
	b.show(fmt.Sprintf("CompileAll of %d operations", operations), fmt.Sprintf("%.0f ms", compile))
}
