package contract_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/digakit/digakit/contract"
)

// largeDocument has n operations, each with parameters, a body and schemas of
// its own.
func largeDocument(n int) []byte {
	var paths, schemas []string
	for i := range n {
		paths = append(paths, fmt.Sprintf(`"/v1/thing%d/{id}":{"post":{"operationId":"thing%d","parameters":[
{"name":"id","in":"path","required":true,"schema":{"type":"string","format":"uuid"}},
{"name":"limit","in":"query","schema":{"type":"integer","minimum":1,"maximum":1000}}],
"requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Thing%d"}}}},
"responses":{"200":{"description":"d","content":{"application/json":{"schema":{"type":"array","items":{"$ref":"#/components/schemas/Thing%d"}}}}},
"422":{"description":"d","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Error"}}}}}}}`, i, i, i, i))
		schemas = append(schemas, fmt.Sprintf(`"Thing%d":{"type":"object","required":["id"],"properties":{"id":{"type":"string","format":"uuid"},
"name":{"type":"string","maxLength":%d},"next":{"anyOf":[{"$ref":"#/components/schemas/Thing%d"},{"type":"null"}]},
"tags":{"type":"array","items":{"type":"string"}},"state":{"enum":["a","b"]}}}`, i, i+1, i/10*10+(i+1)%10))
	}
	return fmt.Appendf(nil, `{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{%s},"components":{"schemas":{"Error":{"type":"object"},%s}}}`,
		strings.Join(paths, ","), strings.Join(schemas, ","))
}

// Twice the document takes about twice the time: compare the two.
func BenchmarkNewLarge(b *testing.B) {
	for _, n := range []int{250, 500, 1000} {
		document := largeDocument(n)
		b.Run(fmt.Sprint(n, " operations"), func(b *testing.B) {
			for b.Loop() {
				if _, err := contract.New(document); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
