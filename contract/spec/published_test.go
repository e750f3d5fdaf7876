package spec_test

import (
	"testing"

	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/spec/spectest"
)

// What the vendor publishes is read as it is.
func TestPublishedDocumentsAreRead(t *testing.T) {
	t.Parallel()
	for path, data := range spectest.SharedFiles(t, "diga/*.json") {
		d, err := spec.Parse(data)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		kin, err := d.T()
		if err != nil {
			t.Errorf("%s: %v", path, err)
		} else if kin.Paths.Len() != len(d.Keys("/paths")) {
			t.Errorf("%s: kin-openapi reads %d paths of %d", path, kin.Paths.Len(), len(d.Keys("/paths")))
		}
	}
}
