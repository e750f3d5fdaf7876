package contract

import (
	"errors"
	"fmt"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/digakit/digakit/contract/spec"
)

// metaschemaURL is what every schema of OpenAPI 3.1 has to fit; the engine
// carries it.
const metaschemaURL = "https://json-schema.org/draft/2020-12/schema"

// schemaPlaces tells the engine where an OpenAPI document has its schemas. It
// finds others too, but copies all it knows each time it does, so that the time
// to compile a document would grow with the square of its size.
func schemaPlaces() []jsonschema.SchemaPath {
	all, item := jsonschema.AllProp{}, jsonschema.AllItem{}
	const (
		schema     = jsonschema.Prop("schema")
		content    = jsonschema.Prop("content")
		parameters = jsonschema.Prop("parameters")
		headers    = jsonschema.Prop("headers")
		responses  = jsonschema.Prop("responses")
		body       = jsonschema.Prop("requestBody")
		components = jsonschema.Prop("components")
	)
	places := []jsonschema.SchemaPath{{components, jsonschema.Prop("schemas"), all}}
	// The objects that hold a schema by themselves or a content map.
	for _, holder := range []jsonschema.SchemaPath{
		{components, parameters, all},
		{components, headers, all},
		{components, jsonschema.Prop("requestBodies"), all},
		{components, responses, all},
		{components, responses, all, headers, all},
		{jsonschema.Prop("paths"), all, parameters, item},
		{jsonschema.Prop("paths"), all, all, parameters, item},
		{jsonschema.Prop("paths"), all, all, body},
		{jsonschema.Prop("paths"), all, all, responses, all},
		{jsonschema.Prop("paths"), all, all, responses, all, headers, all},
	} {
		places = append(places, join(holder, schema), join(holder, content, all, schema))
	}
	return places
}

func join(path jsonschema.SchemaPath, more ...jsonschema.Position) jsonschema.SchemaPath {
	return append(path[:len(path):len(path)], more...)
}

// checkSchemas holds every schema of a tree to the metaschema. The engine does so
// only where it was not told of a schema before.
func checkSchemas(c *jsonschema.Compiler, tree map[string]any) error {
	meta, err := c.Compile(metaschemaURL)
	if err != nil {
		return fmt.Errorf("contract: %w", err)
	}
	var errs []error
	spec.WalkSchemas(tree, func(pointer string, place spec.Place, schema map[string]any) {
		if place != spec.Root && place != spec.Definition {
			return // checked with the schema around it
		}
		if err := meta.Validate(schema); err != nil {
			errs = append(errs, fmt.Errorf("contract: schema at %s does not compile: %w", pointer, err))
		}
	})
	return errors.Join(errs...)
}
