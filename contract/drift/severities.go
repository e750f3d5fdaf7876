package drift

import (
	"fmt"

	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/spec"
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
	of := map[string]report.Severity{}
	file := spec.ReadSettings(name, data, "write one `rule-id: severity` a line")
	for _, line := range file.All() {
		if _, ok := ruleSet()[line.Key]; !ok {
			file.Mistake(line, fmt.Sprintf("there is no rule %q%s", line.Key, suggestion(line.Key)), "")
			continue
		}
		text, _ := line.Value.(string)
		severity, err := report.ParseSeverity(text)
		if err != nil {
			file.Mistake(line, fmt.Sprintf("rule %q: a severity is error, warning, info or none", line.Key), "")
		}
		of[line.Key] = severity
	}
	if err := file.Err("drift: the severities cannot be read"); err != nil {
		return nil, err
	}
	return of, nil
}
