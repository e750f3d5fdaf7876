package drift

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/digakit/digakit/contract/report"
)

// ParseSeverities reads the severities of rules for [Severities]: a YAML mapping
// with lines such as
//
//	api-tag-added: none
//	request-parameter-default-value-changed: warning
//
// Each id is one of [Rules], each severity error, warning, info or none (off).
// An empty file sets none. All mistakes are reported together, with name and
// line; an unknown id with the one it resembles.
func ParseSeverities(name string, data []byte) (map[string]report.Severity, error) {
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var document, more yaml.Node
	switch err := decoder.Decode(&document); {
	case errors.Is(err, io.EOF):
		return map[string]report.Severity{}, nil
	case err != nil:
		return nil, fmt.Errorf("drift: %s is not YAML: %s", name, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	of, lines := map[string]report.Severity{}, map[string]int{}
	var mistakes []string
	mistake := func(n *yaml.Node, format string, args ...any) {
		mistakes = append(mistakes, fmt.Sprintf("%s:%d: %s", name, max(n.Line, 1), fmt.Sprintf(format, args...)))
	}
	if err := decoder.Decode(&more); !errors.Is(err, io.EOF) {
		mistake(&more, "something follows the rules: a file has one YAML document")
	}
	root := document.Content[0]
	commentsAlone := root.Kind == yaml.ScalarNode && root.ShortTag() == "!!null"
	if root.Kind != yaml.MappingNode && !commentsAlone {
		mistake(root, "the file is a mapping: one `rule-id: severity` a line")
		root = &yaml.Node{}
	}
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		id := key.Value
		if key.Kind != yaml.ScalarNode {
			mistake(key, "a rule is named by its id")
			continue
		}
		if line, twice := lines[id]; twice {
			mistake(key, "rule %q stands in line %d already", id, line)
			continue
		}
		lines[id] = key.Line
		if _, ok := ruleSet()[id]; !ok {
			mistake(key, "there is no rule %q%s", id, suggestion(id))
		}
		severity, err := report.ParseSeverity(value.Value)
		if value.Kind != yaml.ScalarNode || err != nil {
			mistake(value, "rule %q: a severity is error, warning, info or none", id)
		}
		of[id] = severity
	}
	if mistakes != nil {
		return nil, fmt.Errorf("drift: the severities cannot be read:\n%s", strings.Join(mistakes, "\n"))
	}
	return of, nil
}
