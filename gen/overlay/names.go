package overlay

import (
	"bytes"
	"errors"
	"fmt"
	"go/token"
	"io"
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"
)

// names is names.yaml: Go names set by hand, which the rule gives way to. An
// entry that names nothing in the document is no mistake, since one file serves
// all revisions.
type names struct {
	// Operations are by operationId, or by "METHOD /path".
	Operations map[string]string `yaml:"operations"`
	// Schemas are by name; a type within a schema is named by SCHEMA.PROPERTY.
	Schemas map[string]string `yaml:"schemas"`
}

func parseNames(data []byte) (names, error) {
	var n names
	d := yaml.NewDecoder(bytes.NewReader(data))
	d.KnownFields(true)
	if err := d.Decode(&n); err != nil && !errors.Is(err, io.EOF) {
		return n, fmt.Errorf("overlay: names.yaml: %w", err)
	}
	var errs []error
	for _, group := range []map[string]string{n.Operations, n.Schemas} {
		for _, published := range slices.Sorted(maps.Keys(group)) {
			if name := group[published]; !token.IsIdentifier(name) || !token.IsExported(name) {
				errs = append(errs, fmt.Errorf("overlay: names.yaml: %s: %q is no exported Go name", published, name))
			}
		}
	}
	return n, errors.Join(errs...)
}
