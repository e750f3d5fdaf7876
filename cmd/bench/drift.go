package main

import (
	"bytes"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"github.com/digakit/digakit/contract/drift"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/gen"
)

// measureDrift compares the API's document with one that changed a default; documents of as
// many operations as the vendor's newest revision has, in the manner of its framework, with all
// schemas changed; and, with the command, generated ones of 1,000 operations.
func measureDrift(b *bench) {
	ms := 1e3 * compareDocuments(b, 3*rounds, 1, gen.OpenAPI(), bytes.Replace(gen.OpenAPI(), []byte(`"default": 50`), []byte(`"default": 20`), 1))
	b.atMost("drift of the API's document, parsing included", fmt.Sprintf("%.1f ms", ms), ms, 50, " ms")

	document := spectest.Document(operations)
	changed := bytes.ReplaceAll(document, []byte(`"maximum": 1000`), []byte(`"maximum": 500`))
	changed = bytes.ReplaceAll(changed, []byte(`"type": "integer"`), []byte(`"type": "number"`))
	s := compareDocuments(b, rounds, 100, document, changed)
	b.atMost("drift of two documents of 136 operations, parsing included", fmt.Sprintf("%.2f s", s), s, 1, " s")

	large := largeSpec(1000)
	base := b.file("base.json", large)
	for _, c := range []struct {
		what     string
		revision []byte
	}{
		{"nothing changed", large},
		{"one operation changed", bytes.ReplaceAll(large, []byte(`"name":"p77"`), []byte(`"name":"q77"`))},
		{"every schema changed", bytes.ReplaceAll(large, []byte(`"maxLength":100`), []byte(`"maxLength":200`))},
	} {
		s, mb := driftCommand(b, base, b.file("revision.json", c.revision))
		measured, target := fmt.Sprintf("%.2f s", s), "≤ 5 s"
		if mb > 0 { // known on Linux alone
			measured += fmt.Sprintf(", %.0f MB at most", mb)
			target += ", 1 GB"
		}
		b.want(fmt.Sprintf("drift of 1,000 operations (%.1f MB), %s", float64(len(large))/1e6, c.what), measured, target, s <= 5 && mb <= 1000)
	}
}

// compareDocuments returns how many seconds it takes; there must be as many findings.
func compareDocuments(b *bench, times, findings int, base, revision []byte) float64 {
	return medianOf(times, func() float64 {
		return seconds(func() {
			r := must(drift.Compare(b, must(spec.Parse(base)), must(spec.Parse(revision))))
			if len(r.Findings) < findings {
				check(fmt.Errorf("%d findings, not %d", len(r.Findings), findings))
			}
		})
	})
}

// driftCommand runs digakit drift and returns how long it took and the memory
// it needed at most, 0 where the system does not tell.
func driftCommand(b *bench, base, revision string) (took, megabytes float64) {
	cmd := exec.CommandContext(b, b.digakit(), "drift", base, revision, "--fail-on", "none", "--format", "json")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	var err error
	took = seconds(func() {
		check(cmd.Start())
		megabytes = peakOf(10*time.Millisecond, func() float64 { return megabytesOf(cmd.Process.Pid, peakMemory) }, func() { err = cmd.Wait() })
	})
	if err != nil || !bytes.Contains(stdout.Bytes(), []byte(`"tool": "drift"`)) {
		check(errors.Join(fmt.Errorf("digakit drift wrote no report: %s", strings.TrimSpace(stderr.String())), err))
	}
	return took, megabytes
}

// largeSpec makes a document of that many operations, about 5 kB each, whose
// schemas refer to each other in one circle and share an error.
func largeSpec(operations int) []byte {
	var b strings.Builder
	prose := strings.Repeat("What it is for, told at some length. ", 6)
	b.WriteString(`{"openapi":"3.1.0","info":{"title":"Large","version":"1.0.0"},"paths":{`)
	for i := range operations {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `"/v1/things_%[1]d/{id}":{"get":{"operationId":"get_%[1]d","tags":["T"],"description":%[2]q,"parameters":[`+
			`{"name":"id","in":"path","required":true,"schema":{"type":"string","format":"uuid"}}`, i, prose)
		for p := range 4 {
			fmt.Fprintf(&b, `,{"name":"p%d","in":"query","description":%q,"schema":{"anyOf":[{"type":"integer","maximum":1000},{"type":"null"}],"default":%d}}`, i+p, prose, 10+p)
		}
		fmt.Fprintf(&b, `],"responses":{"200":{"description":"OK","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Thing_%d"}}}}`, i)
		for _, status := range []string{"403", "422", "500"} {
			fmt.Fprintf(&b, `,%q:{"description":"No","content":{"application/json":{"example":{"code":"A"},"schema":{"$ref":"#/components/schemas/Error"}}}}`, status)
		}
		b.WriteString(`}}}`)
	}
	b.WriteString(`},"components":{"schemas":{"Error":{"type":"object","required":["code"],"properties":{"code":{"type":"string"}}}`)
	for i := range operations {
		fmt.Fprintf(&b, `,"Thing_%d":{"type":"object","required":["id"],"properties":{"id":{"type":"string","format":"uuid"}`, i)
		for p := range 10 {
			fmt.Fprintf(&b, `,"p%d":{"type":"array","description":%q,"items":{"type":"string","maxLength":100,"enum":["a","b","c"]}}`, p, prose[:150])
		}
		fmt.Fprintf(&b, `,"next":{"$ref":"#/components/schemas/Thing_%d"}}}`, (i+1)%operations)
	}
	b.WriteString(`}}}`)
	return []byte(b.String())
}
