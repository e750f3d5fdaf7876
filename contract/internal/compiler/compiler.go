// Package compiler sets up the engine for JSON Schema 2020-12 as everything here
// judges by it: with its formats, its regular expressions, and nothing fetched.
package compiler

import (
	"errors"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// New returns a compiler that asserts formats and knows ECMA 262 patterns.
func New() *jsonschema.Compiler {
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	c.UseLoader(noLoader{})
	c.UseRegexpEngine(Pattern)
	registerFormats(c)
	return c
}

type noLoader struct{}

func (noLoader) Load(string) (any, error) {
	return nil, errors.New("a reference leaves the document")
}
