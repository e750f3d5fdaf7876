package main

import (
	"context"
	"fmt"
	"syscall"

	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/mockserver"
)

// measureStart measures how long a mock takes to its ready line, and its memory then, beside
// Prism; and what a test pays for a server and a project of its own.
func measureStart(b *bench) {
	whole := b.file("whole.json", spectest.Document(operations))
	measureReady(b, "process start to ready line", 60, 40)
	measureReady(b, fmt.Sprintf("the same on %d operations", operations), 350, 90, "--spec", whole)
	measurePrism(b, whole)

	fixture := benchmark(func() error { return firstAnswer(b) })
	ms, mb := float64(fixture.NsPerOp())/1e6, float64(fixture.AllocedBytesPerOp())/1e6
	b.want("a fixture, from start to first answer", fmt.Sprintf("%.2f ms, %.2f MB", ms, mb), "≤ 5 ms, 2 MB", ms <= 5 && mb <= 2)

	srv := must(mockserver.New())
	project := float64(benchmark(func() error {
		p, err := srv.CreateProject("", 60)
		if err != nil {
			return err
		}
		return p.Delete()
	}).NsPerOp()) / 1e6
	b.atMost("a project with 60 keys", fmt.Sprintf("%.2f ms", project), project, 1, " ms")
}

func measureReady(b *bench, what string, mostMilliseconds, mostMegabytes float64, args ...string) {
	digakit := b.digakit()
	var milliseconds, megabytes []float64
	for range 2 * rounds {
		var mock process
		milliseconds = append(milliseconds, 1e3*seconds(func() { mock = startMock(b, digakit, args...) }))
		megabytes = append(megabytes, megabytesOf(mock.Process.Pid, residentMemory))
		check(mock.Process.Signal(syscall.SIGTERM))
		check(mock.Wait())
	}
	ms, mb := median(milliseconds), median(megabytes)
	b.atMost(what, fmt.Sprintf("%.0f ms", ms), ms, mostMilliseconds, " ms")
	if mb > 0 { // known on Linux alone
		b.atMost("resident memory after it", fmt.Sprintf("%.0f MB", mb), mb, mostMegabytes, " MB")
	}
}

// firstAnswer starts a server on a port of its own and asks it once.
func firstAnswer(ctx context.Context) error {
	srv, err := mockserver.New()
	if err != nil {
		return err
	}
	addr, stop, err := serve(ctx, srv)
	if err != nil {
		return err
	}
	defer stop()
	request := get(listPath, mockserver.ReadOnlyKey)
	_, err = ask(ctx, addr, func() []byte {
		defer func() { request = nil }()
		return request
	})
	return err
}
