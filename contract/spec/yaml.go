package spec

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"go.yaml.in/yaml/v3"
)

// maxNodes bounds what YAML aliases may unfold to.
const maxNodes = 2_000_000

// toJSON returns data as it is when it looks like JSON, else turns YAML into
// JSON, keeping key order and the digits of numbers.
func toJSON(data []byte) ([]byte, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	trimmed := bytes.TrimLeft(data, " \t\r\n")
	if len(trimmed) == 0 {
		return nil, errors.New("spec: the document is empty")
	}
	if trimmed[0] == '{' && json.Valid(trimmed) {
		return bytes.Clone(trimmed), nil
	}
	var node yaml.Node
	if err := yaml.Unmarshal(data, &node); err != nil {
		return nil, fmt.Errorf("spec: neither JSON nor YAML: %w", err)
	}
	w := &yamlWriter{}
	if err := w.write(&node, 0); err != nil {
		return nil, fmt.Errorf("spec: %w", err)
	}
	return w.out.Bytes(), nil
}

type yamlWriter struct {
	out   bytes.Buffer
	nodes int
}

func (w *yamlWriter) write(n *yaml.Node, depth int) error {
	w.nodes++
	if depth > maxDepth || w.nodes > maxNodes {
		return fmt.Errorf("yaml line %d: too deep or too large", n.Line)
	}
	switch n.Kind {
	case yaml.DocumentNode:
		return w.write(n.Content[0], depth+1)
	case yaml.AliasNode:
		return w.write(n.Alias, depth+1)
	case yaml.SequenceNode:
		w.out.WriteByte('[')
		for i, item := range n.Content {
			if i > 0 {
				w.out.WriteByte(',')
			}
			if err := w.write(item, depth+1); err != nil {
				return err
			}
		}
		w.out.WriteByte(']')
		return nil
	case yaml.MappingNode:
		return w.mapping(n, depth)
	case yaml.ScalarNode:
		return w.scalar(n)
	}
	return fmt.Errorf("yaml line %d: unknown kind of node", n.Line)
}

func (w *yamlWriter) mapping(n *yaml.Node, depth int) error {
	w.out.WriteByte('{')
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind != yaml.ScalarNode || key.ShortTag() == "!!merge" {
			return fmt.Errorf("yaml line %d: only plain keys are supported, no merge keys", key.Line)
		}
		if i > 0 {
			w.out.WriteByte(',')
		}
		// `200:` is an integer to YAML and the string "200" to OpenAPI.
		if err := w.json(key.Value); err != nil {
			return err
		}
		w.out.WriteByte(':')
		if err := w.write(n.Content[i+1], depth+1); err != nil {
			return err
		}
	}
	w.out.WriteByte('}')
	return nil
}

func (w *yamlWriter) scalar(n *yaml.Node) error {
	switch n.ShortTag() {
	case "!!null":
		w.out.WriteString("null")
		return nil
	case "!!bool", "!!int", "!!float":
		if n.ShortTag() != "!!bool" && json.Valid([]byte(n.Value)) {
			w.out.WriteString(n.Value)
			return nil
		}
		var v any
		if err := n.Decode(&v); err != nil {
			return err
		}
		if err := w.json(v); err != nil {
			return fmt.Errorf("yaml line %d: a number JSON cannot hold", n.Line)
		}
		return nil
	}
	return w.json(n.Value)
}

func (w *yamlWriter) json(v any) error {
	text, err := json.Marshal(v)
	w.out.Write(text)
	return err
}
