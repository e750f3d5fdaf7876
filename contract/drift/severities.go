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
	p := severityParser{name: name, of: map[string]report.Severity{}, lines: map[string]int{}}
	if err := decoder.Decode(&more); !errors.Is(err, io.EOF) {
		p.mistake(&more, "something follows the rules: a file has one YAML document")
	}
	p.mapping(document.Content[0])
	if p.mistakes != nil {
		return nil, fmt.Errorf("drift: the severities cannot be read:\n%s", strings.Join(p.mistakes, "\n"))
	}
	return p.of, nil
}

type severityParser struct {
	name     string
	of       map[string]report.Severity
	lines    map[string]int // of the ids so far
	mistakes []string
}

func (p *severityParser) mistake(n *yaml.Node, format string, args ...any) {
	p.mistakes = append(p.mistakes, fmt.Sprintf("%s:%d: %s", p.name, max(n.Line, 1), fmt.Sprintf(format, args...)))
}

func (p *severityParser) mapping(n *yaml.Node) {
	if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" {
		return // comments alone
	}
	if n.Kind != yaml.MappingNode {
		p.mistake(n, "the file is a mapping: one `rule-id: severity` a line")
		return
	}
	known := ruleSet()
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		id := key.Value
		if key.Kind != yaml.ScalarNode {
			p.mistake(key, "a rule is named by its id")
			continue
		}
		if line, twice := p.lines[id]; twice {
			p.mistake(key, "rule %q stands in line %d already", id, line)
			continue
		}
		p.lines[id] = key.Line
		if _, ok := known[id]; !ok {
			p.mistake(key, "there is no rule %q%s", id, suggestion(id))
		}
		severity, err := report.ParseSeverity(value.Value)
		if value.Kind != yaml.ScalarNode || err != nil {
			p.mistake(value, "rule %q: a severity is error, warning, info or none", id)
			continue
		}
		p.of[id] = severity
	}
}
