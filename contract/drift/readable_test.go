package drift_test

import (
	"maps"
	"testing"

	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/spec/spectest"
)

// A document that is read has not drifted from itself, however odd it is.
func TestNoDocumentDriftsFromItself(t *testing.T) {
	t.Parallel()
	files := spectest.SharedFiles(t, "cases/documents/*")
	maps.Copy(files, spectest.SharedFiles(t, "cases/real/*.yaml"))
	maps.Copy(files, spectest.SharedFiles(t, "diga/*.json"))
	for path, data := range files {
		if _, err := spec.Parse(data); err == nil {
			noDrift(t, path, data, data)
		}
	}
}
