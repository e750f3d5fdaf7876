package drift_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestCallsBack compares what the API sends of its own accord: there the
// request is what the client receives.
func TestCallsBack(t *testing.T) {
	t.Parallel()
	const (
		webhook  = `"webhooks":{"done":{"post":{"requestBody":{"content":{"application/json":{"schema":%s}}},"responses":{"200":{"description":"d","content":{"application/json":{"schema":%s}}}}}}}`
		callback = `"paths":{"/a":{"post":{"responses":{"200":{"description":"d"}},"callbacks":{"done":{"{$request.body#/url}":{"post":{"requestBody":{"content":{"application/json":{"schema":%s}}},"responses":{"200":{"description":"d","content":{"application/json":{"schema":%s}}}}}}}}}}}`
	)
	const text, limited = `{"type":"string"}`, `{"type":"string","enum":["a"]}`
	for _, of := range []string{webhook, callback} {
		document := func(sent, answered string) []byte {
			return []byte(`{"openapi":"3.1.0","info":{"title":"t","version":"1"},` + fmt.Sprintf(of, sent, answered) + `}`)
		}
		for _, c := range []struct {
			why            string
			base, revision []byte
			want           string
		}{
			{"the API may send what never came", document(limited, text), document(text, text), "error response-body-became-not-enum"},
			{"the API sends less", document(text, text), document(limited, text), "info response-body-became-enum"},
			{"the API refuses answers it took", document(text, text), document(text, limited), "error request-body-became-enum"},
			{"the API takes more answers", document(text, limited), document(text, text), "info request-body-became-not-enum"},
		} {
			if diff := cmp.Diff([]string{c.want}, found(compared(t, c.base, c.revision), false)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.why, diff)
			}
		}
	}
	with := []byte(`{"openapi":"3.1.0","info":{"title":"t","version":"1"},` + fmt.Sprintf(webhook, text, text) + `}`)
	without := []byte(`{"openapi":"3.1.0","info":{"title":"t","version":"1"},"paths":{}}`)
	if diff := cmp.Diff([]string{"error webhook-removed"}, found(compared(t, with, without), false)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"warning webhook-added"}, found(compared(t, without, with), false)); diff != "" {
		t.Error(diff)
	}
}
