package spec_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/digakit/digakit/contract/spec"
)

// large generates a document of that many operations, about 5 kB each.
func large(version string, operations int) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, `{"openapi":%q,"info":{"title":"Large","version":"1.0.0"},"paths":{`, version)
	prose := strings.Repeat("What it is for, told at some length. ", 8)
	for i := range operations {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `"/v1/things_%[1]d/{id}":{"get":{"operationId":"get_thing_%[1]d","tags":["T%[2]d"],"summary":"Thing %[1]d","description":%[3]q,`+
			`"parameters":[{"name":"id","in":"path","required":true,"schema":{"type":"string","format":"uuid"}}`, i, i%20, prose)
		for p := range 4 {
			fmt.Fprintf(&b, `,{"name":"p%d","in":"query","description":%q,"schema":{"type":"integer","minimum":1,"maximum":1000,"default":50,"title":"P"}}`, p, prose)
		}
		fmt.Fprintf(&b, `],"responses":{"200":{"description":"OK","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Thing_%d"}}}}`, i)
		for _, status := range []string{"403", "422", "500"} {
			fmt.Fprintf(&b, `,%q:{"description":"No","content":{"application/json":{"example":{"code":"A","message":"m"},"schema":{"$ref":"#/components/schemas/Error"}}}}`, status)
		}
		b.WriteString(`}}}`)
	}
	b.WriteString(`},"components":{"schemas":{"Error":{"type":"object","required":["code"],"properties":{"code":{"type":"string"},"message":{"type":"string"}}}`)
	for i := range operations {
		fmt.Fprintf(&b, `,"Thing_%d":{"type":"object","required":["id"],"properties":{"id":{"type":"string","format":"uuid"}`, i)
		for p := range 10 {
			fmt.Fprintf(&b, `,"p%d":{"type":"array","title":"P","description":%q,"items":{"type":"string","maxLength":100,"examples":["x"]}}`, p, prose[:200])
		}
		fmt.Fprintf(&b, `,"next":{"$ref":"#/components/schemas/Thing_%d"}}}`, (i+1)%operations)
	}
	b.WriteString(`}}}`)
	return []byte(b.String())
}

func BenchmarkParse(b *testing.B) {
	for _, version := range []string{"3.0.3", "3.1.0"} {
		b.Run(version, func(b *testing.B) {
			document := large(version, 1000)
			if version == "3.0.3" {
				document = []byte(strings.ReplaceAll(string(document), `"examples":["x"]`, `"example":"x"`))
			}
			b.SetBytes(int64(len(document)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := spec.Parse(document); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkLoad has the warnings on top.
func BenchmarkLoad(b *testing.B) {
	document := large("3.1.0", 1000)
	b.SetBytes(int64(len(document)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := spec.Load(b.Context(), []string{"-"}, spec.Stdin(bytes.NewReader(document))); err != nil {
			b.Fatal(err)
		}
	}
}
