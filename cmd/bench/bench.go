package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"
)

// bench is a run of measurements.
type bench struct {
	context.Context
	dir    string // for files; removed in the end
	binary string // digakit, once it is built
	rows   []row
}

// row is one line of the table.
type row struct {
	what, measured, target string
	met                    bool
}

// failure is an error that ends a measurement from wherever it is met, as
// [testing.B.Fatal] does.
type failure struct{ error }

// do measures, and returns the error that ended it.
func (b *bench) do(measure func(*bench)) (err error) {
	defer func() {
		if ended := recover(); ended != nil {
			f, ok := ended.(failure)
			if !ok {
				panic(ended)
			}
			err = f.error
		}
	}()
	measure(b)
	return nil
}

// check ends the measurement when there is an error. It is for the goroutine that measures.
func check(err error) {
	if err != nil {
		panic(failure{err})
	}
}

// must is a value that has come without an error.
func must[T any](v T, err error) T {
	check(err)
	return v
}

// show adds a row that has no target.
func (b *bench) show(what, measured string) { b.rows = append(b.rows, row{what, measured, "", true}) }

// want adds a row that has one.
func (b *bench) want(what, measured, target string, met bool) {
	b.rows = append(b.rows, row{what, measured, target, met})
}

// atMost adds a row whose value is to be no more.
func (b *bench) atMost(what, measured string, value, most float64, unit string) {
	b.want(what, measured, fmt.Sprintf("≤ %g%s", most, unit), value <= most)
}

// file writes a file and returns its path.
func (b *bench) file(name string, content []byte) string {
	path := filepath.Join(b.dir, name)
	check(os.WriteFile(path, content, 0o600)) //nolint:gosec // G703: below a folder of its own
	return path
}

const (
	rounds = 7
	round  = time.Second / 2
)

// medianOf measures so many times.
func medianOf(times int, measure func() float64) float64 {
	var values []float64
	for range times {
		values = append(values, measure())
	}
	return median(values)
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// seconds is how long something takes.
func seconds(do func()) float64 {
	began := time.Now()
	do()
	return time.Since(began).Seconds()
}

// peakOf is the most that a sample shows while something is done.
func peakOf(every time.Duration, sample func() float64, do func()) (peak float64) {
	done := make(chan struct{})
	var sampling sync.WaitGroup
	sampling.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				peak = max(peak, sample())
			case <-done:
				return
			}
		}
	})
	do()
	close(done)
	sampling.Wait()
	return peak
}

// benchmark is what the testing package measures of something in a third of a second.
func benchmark(do func() error) testing.BenchmarkResult {
	testing.Init()
	check(flag.Set("test.benchtime", "0.3s"))
	var failed error
	result := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if failed = do(); failed != nil {
				b.FailNow()
			}
		}
	})
	check(failed)
	return result
}
