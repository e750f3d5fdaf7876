package main

import (
	"fmt"
	"os"

	"go.yaml.in/yaml/v3"

	"github.com/digakit/digakit/mockserver"
)

// readProfile reads the profile at path, and the lines that are there: what they
// leave out is a default for a mock, and open for verify. No path is no line.
func readProfile(path string) (mockserver.Profile, map[string]string, error) {
	if path == "" {
		return mockserver.Profile{}, nil, nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return mockserver.Profile{}, nil, fmt.Errorf("cannot read the profile: %w", err)
	}
	profile, err := mockserver.ParseProfile(path, data)
	if err != nil {
		return profile, nil, err
	}
	nodes := map[string]yaml.Node{} // not strings: null is a word here
	if err := yaml.Unmarshal(data, &nodes); err != nil {
		return profile, nil, fmt.Errorf("%s: %w", path, err)
	}
	lines := make(map[string]string, len(nodes))
	for id, alternative := range nodes {
		lines[id] = alternative.Value
	}
	return profile, lines, nil
}
