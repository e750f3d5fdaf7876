package drift_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/digakit/digakit/contract/drift"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/spec/spectest"
)

// large generates a document of that many operations, about 5 kB each, whose
// schemas refer to each other in one great circle and share an error.
func large(operations int) []byte {
	var b strings.Builder
	prose := strings.Repeat("What it is for, told at some length. ", 8)
	b.WriteString(`{"openapi":"3.1.0","info":{"title":"Large","version":"1.0.0"},"paths":{`)
	comma := func(i int) {
		if i > 0 {
			b.WriteByte(',')
		}
	}
	for i := range operations {
		comma(i)
		fmt.Fprintf(&b, `"/v1/things_%[1]d/{id}":{"get":{"operationId":"get_%[1]d","tags":["T"],"description":%[2]q,"parameters":[`+
			`{"name":"id","in":"path","required":true,"schema":{"type":"string","format":"uuid"}}`, i, prose)
		for p := range 4 {
			fmt.Fprintf(&b, `,{"name":"p%d","in":"query","description":%q,"schema":{"anyOf":[{"type":"integer","minimum":1,"maximum":1000},{"type":"null"}],"default":50}}`, p, prose)
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
			fmt.Fprintf(&b, `,"p%d":{"type":"array","description":%q,"items":{"type":"string","maxLength":100,"enum":["a","b","c"]}}`, p, prose[:200])
		}
		fmt.Fprintf(&b, `,"kind":{"oneOf":[{"type":"string"},{"type":"integer"}]},"next":{"$ref":"#/components/schemas/Thing_%d"}}}`, (i+1)%operations)
	}
	b.WriteString(`}}}`)
	return []byte(b.String())
}

// moved is a document of large in which each operation and schema has changed.
func moved(document []byte) []byte {
	for from, to := range map[string]string{
		`"default":50`: `"default":20`, `"maxLength":100`: `"maxLength":200`,
		`{"type":"string"},{"type":"integer"}]`: `{"type":"string"},{"type":"integer"},{"type":"boolean"}]`,
	} {
		document = bytes.ReplaceAll(document, []byte(from), []byte(to))
	}
	return document
}

func BenchmarkCompare(b *testing.B) {
	big := large(1000)
	for _, c := range []struct {
		name           string
		base, revision []byte
	}{
		{"seed", spectest.Seed(), bytes.Replace(spectest.Seed(), []byte(`"default": 50`), []byte(`"default": 20`), 1)},
		{"large, the same", big, big},
		{"large, one change", big, bytes.Replace(big, []byte(`"default":50`), []byte(`"default":20`), 1)},
		{"large, all changed", big, moved(big)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.base) + len(c.revision)))
			b.ReportAllocs()
			for b.Loop() {
				base, err := spec.Parse(c.base)
				if err != nil {
					b.Fatal(err)
				}
				revision, err := spec.Parse(c.revision)
				if err != nil {
					b.Fatal(err)
				}
				r, err := drift.Compare(context.Background(), base, revision)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(len(r.Findings)), "findings")
			}
		})
	}
}
