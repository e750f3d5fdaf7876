package contract

import (
	"errors"
	"fmt"

	"github.com/digakit/digakit/contract/spec"
)

// check finds the schemas that operations use, directly or by reference, and that
// are none: that break the metaschema of JSON Schema 2020-12. That costs a fraction
// of compiling them.
func (b *builder) check() error {
	used := map[string]any{}
	var order, queue []string
	for _, s := range b.schemas {
		queue = append(queue, s.pointer)
	}
	for len(queue) > 0 {
		pointer := queue[0]
		queue = queue[1:]
		v, _ := b.doc.Lookup(pointer)
		schema, ok := v.(map[string]any)
		if _, seen := used[pointer]; seen || !ok {
			continue
		}
		used[pointer] = v
		order = append(order, pointer)
		spec.WalkSchema(schema, pointer, spec.Root, func(_ string, _ spec.Place, schema map[string]any) {
			if target, ok := spec.RefersTo(schema); ok {
				queue = append(queue, target)
			}
		})
	}
	if wellFormed(used) == nil {
		return nil
	}
	var errs []error
	for _, pointer := range order {
		if err := wellFormed(map[string]any{"": used[pointer]}); err != nil {
			errs = append(errs, fmt.Errorf("contract: schema at %s does not compile: %w", pointer, err))
		}
	}
	return errors.Join(errs...)
}

// wellFormed holds schemas to the metaschema, all at once.
func wellFormed(schemas map[string]any) error {
	c := newCompiler(&resources{})
	// Below $defs the engine knows schemas, but compiles none that nothing refers to.
	if err := c.AddResource(referredPlace, map[string]any{"$defs": schemas}); err != nil {
		return err
	}
	_, err := c.Compile(referredPlace)
	return err
}
