package spectest_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/digakit/digakit/contract/spec/spectest"
)

func TestDocumentHasAsManyOperationsAsAsked(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		asked, want int
		why         string
	}{
		{0, 1, "the operation of the seed is always there"},
		{1, 1, "the seed alone"},
		{20, 20, "all that is hard on tools"},
		{136, 136, "as many as the largest published revision"},
		{400, 400, "nouns are used again with a number"},
	} {
		data := spectest.Document(c.asked)
		var document struct {
			Paths map[string]map[string]struct {
				OperationID string `json:"operationId"`
			}
		}
		if err := json.Unmarshal(data, &document); err != nil {
			t.Fatal(err)
		}
		ids := map[string]bool{}
		for _, item := range document.Paths {
			for _, operation := range item {
				ids[operation.OperationID] = true
			}
		}
		if len(ids) != c.want {
			t.Errorf("%d operations for %d asked (%s)", len(ids), c.asked, c.why)
		}
		if !bytes.Equal(data, spectest.Document(c.asked)) {
			t.Errorf("%d operations: two documents differ", c.asked)
		}
	}
}
