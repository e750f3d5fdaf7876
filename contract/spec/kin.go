package spec

import (
	"errors"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// explainKin gives an error of kin-openapi the nearest place that its context
// names: section, path, operation, component.
func explainKin(root *node, err error) error {
	at := root
	descend := func(tokens ...string) {
		for _, t := range tokens {
			if next := at.member(t); next != nil {
				at = next
			}
		}
	}
	if e, ok := errors.AsType[*openapi3.SectionValidationError](err); ok {
		descend(e.Section)
	}
	if e, ok := errors.AsType[*openapi3.ComponentValidationError](err); ok {
		descend("components", bucket(e.Section), e.Name)
	}
	if e, ok := errors.AsType[*openapi3.PathValidationError](err); ok {
		descend("paths", e.Path)
	}
	if e, ok := errors.AsType[*openapi3.PathParametersError](err); ok {
		descend("paths", e.Path, strings.ToLower(e.Method))
	}
	if e, ok := errors.AsType[*openapi3.OperationValidationError](err); ok {
		descend(strings.ToLower(e.Method))
	}
	message := strings.Join(strings.Fields(err.Error()), " ")
	if len(message) > 600 { // kin's own dumps of schemas have no end
		message = message[:600] + "…"
	}
	e := at.fail("breaks the OpenAPI specification: "+message, "mend it at the publisher")
	e.Err = err
	return e
}

// bucket returns the field of the Components Object that kin calls so.
func bucket(name string) string {
	switch name {
	case "request body":
		return "requestBodies"
	case "security scheme":
		return "securitySchemes"
	}
	return name + "s"
}
