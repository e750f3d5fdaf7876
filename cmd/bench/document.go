package main

import (
	"context"
	"fmt"
	"time"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/coverage"
	"github.com/digakit/digakit/contract/spec/spectest"
)

// measureDocument reads a document of as many operations as a whole API has.
func measureDocument(context.Context) ([]row, error) {
	document := spectest.Document(operations)
	var read, plan, compile []float64
	for range rounds {
		began := time.Now()
		v, err := contract.New(document)
		if err != nil {
			return nil, err
		}
		read = append(read, since(began))
		began = time.Now()
		coverage.New(v)
		plan = append(plan, since(began))
		began = time.Now()
		if errs := v.CompileAll(); len(errs) > 0 {
			return nil, errs[0]
		}
		compile = append(compile, since(began))
	}
	of := func(what string, milliseconds []float64, target float64) row {
		ms := median(milliseconds)
		return row{what: fmt.Sprintf("%s of %d operations", what, operations), measured: fmt.Sprintf("%.0f ms", ms), target: fmt.Sprintf("≤ %.0f ms", target), met: ms <= target}
	}
	all := of("CompileAll", compile, 0)
	all.target = ""
	return []row{of("contract.New", read, 200), of("coverage.New", plan, 50), all}, nil
}

// since is the time since a moment, in milliseconds.
func since(began time.Time) float64 { return float64(time.Since(began).Microseconds()) / 1e3 }
