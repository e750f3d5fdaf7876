package contract_test

import (
	"bytes"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/digakit/digakit/contract"
)

// A validator that remembers says what one that does not says, however often,
// for every operation, status and order of questions; even with room for
// hardly anything.
func TestMemoryNeverChangesAVerdict(t *testing.T) {
	t.Parallel()
	document := depotDocument(t)
	forgetful := compiled(t, document, contract.Memory(0))
	bodies := [][]byte{
		[]byte(`{"kind":"letter"}`), []byte(`{"kind":"letter","pages":"x"}`), []byte(`{"kind":"box"}`), []byte(`[]`), []byte(`{`),
		[]byte(`{"title":"t"}`), []byte(`{"kind":"letter","pin":"1"}`), []byte(`{"kind":"box","size":[1,2,"mm"],"inside":[{"kind":"crate"}]}`),
	}
	rapid.Check(t, func(t *rapid.T) {
		v, err := contract.New(document, contract.Memory(rapid.SampledFrom([]int64{1, 600, 3000, 1 << 20}).Draw(t, "memory")))
		if err != nil {
			t.Fatal(err)
		}
		operations, plain := v.Operations(), forgetful.Operations()
		for range 40 {
			i := rapid.IntRange(0, len(operations)-1).Draw(t, "operation")
			status := rapid.SampledFrom([]int{200, 201, 404, 418}).Draw(t, "status")
			header := jsonHeader()
			header.Set("Content-Type", rapid.SampledFrom([]string{"application/json", "application/problem+json", "application/vnd.x+json"}).Draw(t, "type"))
			body := rapid.SampledFrom(bodies).Draw(t, "body")
			want := forgetful.Response(plain[i], status, header, body)
			if diff := cmp.Diff(want, v.Response(operations[i], status, header, body)); diff != "" {
				t.Fatalf("%s %d %s:\n%s", operations[i].Name(), status, body, diff)
			}
		}
	})
}

// One flipped byte is another body.
func TestMemoryKnowsEveryByte(t *testing.T) {
	t.Parallel()
	v, forgetful := diga(t), diga(t, contract.Memory(0))
	good := page(1, 3)
	for range 3 {
		if got := v.Response(list(t, v), 200, jsonHeader(), good); got != nil {
			t.Fatal(got)
		}
	}
	for i := range good {
		body := bytes.Clone(good)
		body[i] ^= 1
		for range 3 {
			want := forgetful.Response(list(t, forgetful), 200, jsonHeader(), body)
			if diff := cmp.Diff(want, v.Response(list(t, v), 200, jsonHeader(), body)); diff != "" {
				t.Fatalf("byte %d:\n%s", i, diff)
			}
		}
	}
}

// Bodies that share a hash do not share a verdict.
func TestMemorySurvivesCollisions(t *testing.T) {
	t.Parallel()
	v, forgetful := diga(t), diga(t, contract.Memory(0))
	contract.Collide(v)
	bodies := [][]byte{page(1, 3), []byte(`{}`), page(1, 2), []byte(`{`), []byte(`{"data":[],"has_more":1}`)}
	for i := range 30 {
		body := bodies[i*i%len(bodies)]
		want := forgetful.Response(list(t, forgetful), 200, jsonHeader(), body)
		if diff := cmp.Diff(want, v.Response(list(t, v), 200, jsonHeader(), body)); diff != "" {
			t.Fatalf("%s:\n%s", body, diff)
		}
	}
}

// What comes once is not kept; what comes twice is, within the bound.
func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	const limit = 100_000
	v := diga(t, contract.Memory(limit))
	for i := range 200 {
		v.Response(list(t, v), 200, jsonHeader(), page(i, 50))
	}
	if n := contract.Remembered(v); n != 0 {
		t.Errorf("%d bytes are kept of bodies that came once", n)
	}
	for i := range 200 {
		for range 3 {
			v.Response(list(t, v), 200, jsonHeader(), page(i, 1+i%50))
		}
		if n := contract.Remembered(v); n > limit {
			t.Fatalf("%d bytes are kept, more than %d", n, limit)
		}
	}
	if contract.Remembered(v) == 0 {
		t.Error("nothing is kept")
	}
}

// What a caller does to a verdict does not change what is remembered.
func TestMemoryHandsOutCopies(t *testing.T) {
	t.Parallel()
	v := diga(t)
	ask := func() []contract.Violation { return v.Response(list(t, v), 403, jsonHeader(), []byte(`{}`)) }
	want := ask()
	for range 3 {
		got := ask()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
		got[0].Message = "spoilt"
	}
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	v := depot(t, contract.Memory(2000))
	o := route(t, v, "GET", "/parcels/a")
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for k := range 100 {
				body := []byte(`{"kind":"letter","pages":` + string(rune('0'+(i+k)%10)) + `,"x":1}`)
				if got := v.Response(o, 200, jsonHeader(), body); got != nil {
					t.Error(got)
				}
			}
		})
	}
	wg.Wait()
}
