package main

import (
	"fmt"
	"runtime"
	"runtime/metrics"
	"strconv"
	"time"

	"github.com/digakit/digakit/contract/suite"
	"github.com/digakit/digakit/gen"
	"github.com/digakit/digakit/mockserver"
	"github.com/digakit/digakit/mockserver/diga"
)

// oneWalk is a check that needs a single walk through the whole list.
const oneWalk = "last_four_digits"

// measureVerify measures the suite against the mock, lab included: all of it, and
// the memory of a walk through the largest project.
func measureVerify(b *bench) {
	cases := 0
	s := medianOf(rounds, func() (s float64) {
		s, cases = verify(b, 137)
		return s
	})
	b.want("whole suite, 137 keys", fmt.Sprintf("%.2f s, %d cases", s, cases), "≤ 2 s, ≥ 500 cases", s <= 2 && cases >= 500)
	b.show("cases per second of it", fmt.Sprintf("%.0f", float64(cases)/s))
	s, cases = verify(b, 100_000)
	b.atMost("whole suite, 100,000 keys", fmt.Sprintf("%.1f s, %d cases", s, cases), s, 30, " s")
	s, peak := walkMillion(b)
	b.want("heap peak of the suite in a walk of 1,000,000 keys", fmt.Sprintf("%.0f MB (%.1f s)", peak, s), "< 100 MB", peak < 100)
}

// verify runs the whole suite against a mock on loopback.
func verify(b *bench, keys int) (took float64, cases int) {
	mock := must(mockserver.New(mockserver.WithKeys(keys)))
	addr, stop, err := serve(b, mock)
	check(err)
	defer stop()
	return judge(b, suite.Target{URL: "http://" + addr, Document: gen.OpenAPI(), Key: mockserver.UnrestrictedKey, DeniedKey: mockserver.NoAccessKey, Lab: mock.Lab()})
}

// judge runs the suite, which must find nothing.
func judge(b *bench, to suite.Target) (took float64, cases int) {
	took = seconds(func() {
		r := must(suite.Check(b, to))
		for _, f := range r.Findings {
			check(fmt.Errorf("the suite finds fault with the mock: %s: %s", f.Check, f.Message))
		}
		cases = r.Summary.Passed
	})
	return took, cases
}

// walkMillion walks the largest project there is, served by another process, so
// that what is measured here is the suite's alone.
func walkMillion(b *bench) (took, megabytes float64) {
	mock := startMock(b, b.digakit(), "--keys", strconv.Itoa(diga.MaxDemoKeys))
	defer mock.stop()
	runtime.GC()
	base := heapMegabytes()
	peak := peakOf(time.Millisecond, heapMegabytes, func() {
		took, _ = judge(b, suite.Target{URL: mock.url, Document: gen.OpenAPI(), Key: mockserver.UnrestrictedKey, Only: oneWalk})
	})
	return took, peak - base
}

// heapMegabytes is what the heap holds, garbage not yet collected included.
func heapMegabytes() float64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return float64(sample[0].Value.Uint64()) / 1e6
}
