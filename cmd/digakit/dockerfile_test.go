package main

import (
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// image is what the Dockerfile asks for.
type image struct {
	golang     string   // tag of the image that builds
	runs       []string // the build stage's commands
	built      string   // where they leave the binary that becomes /digakit
	uid, gid   int
	env        []string
	port       string
	health     []string
	entrypoint []string
	cmd        []string
}

// readDockerfile fails at whatever it does not know, so that nothing in the
// Dockerfile goes unchecked.
func readDockerfile(t *testing.T) image {
	t.Helper()
	content, err := os.ReadFile("Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	var im image
	stages := 0
	words := func(s string) (list []string) {
		if err := json.Unmarshal([]byte(s), &list); err != nil || len(list) == 0 {
			t.Fatalf("Dockerfile: %s is not in exec form: scratch has no shell", s)
		}
		return list
	}
	number := func(s string) int {
		n, err := strconv.Atoi(s)
		if err != nil || n == 0 {
			t.Fatalf("Dockerfile: USER %q: numbers other than 0, please: scratch knows no names", s)
		}
		return n
	}
	for line := range strings.Lines(string(content)) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		name, rest, _ := strings.Cut(line, " ")
		key := name
		if stages == 1 && name != "FROM" {
			key = "build " + name
		}
		switch key {
		case "FROM":
			stages++
			tag, isGolang := strings.CutPrefix(rest, "golang:")
			if isGolang {
				im.golang, _, _ = strings.Cut(tag, " ")
			}
			if isGolang != (stages == 1) || stages > 2 || stages == 2 && rest != "scratch" {
				t.Fatalf("Dockerfile: %s: want a golang stage, then scratch", line)
			}
		case "build WORKDIR", "build COPY", "build ARG":
		case "build RUN":
			im.runs = append(im.runs, rest)
		case "COPY":
			from, ok := strings.CutSuffix(rest, " /digakit")
			im.built, _ = strings.CutPrefix(from, "--from=build ")
			if !ok || im.built == from {
				t.Fatalf("Dockerfile: %s: want the binary alone, as /digakit", line)
			}
		case "USER":
			uid, gid, _ := strings.Cut(rest, ":")
			im.uid, im.gid = number(uid), number(gid)
		case "ENV":
			im.env = append(im.env, rest)
		case "EXPOSE":
			im.port = rest
		case "HEALTHCHECK":
			_, list, _ := strings.Cut(rest, "CMD ")
			im.health = words(list)
		case "ENTRYPOINT":
			im.entrypoint = words(rest)
		case "CMD":
			im.cmd = words(rest)
		default:
			t.Fatalf("Dockerfile: %s: this test does not know %s", line, key)
		}
	}
	if stages != 2 || im.runs == nil || im.built == "" || im.uid == 0 || im.health == nil || im.entrypoint == nil || im.cmd == nil {
		t.Fatalf("Dockerfile: something is missing: %+v", im)
	}
	return im
}

func TestDockerfile(t *testing.T) {
	t.Parallel()
	im := readDockerfile(t)
	mod, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(mod), "\ngo "+im.golang+".") {
		t.Errorf("golang:%s is not the version that go.mod asks for", im.golang)
	}
	if len(im.env) != 1 {
		t.Fatalf("ENV %q", im.env)
	}
	if _, port, err := net.SplitHostPort(strings.TrimPrefix(im.env[0], "DIGAKIT_ADDR=")); err != nil || port != im.port {
		t.Errorf("ENV %s, but EXPOSE %s (%v)", im.env[0], im.port, err)
	}
}

// A release builds the image from what it copies next to the Dockerfile: all that the
// build needs is there.
func TestReleaseCopiesWhatTheImageNeeds(t *testing.T) {
	t.Parallel()
	var release struct {
		Images []struct {
			Dockerfile string
			Files      []string `yaml:"extra_files"`
		} `yaml:"dockers_v2"`
	}
	readYAML(t, "../../.goreleaser.yaml", &release)
	if len(release.Images) != 1 || release.Images[0].Dockerfile != "cmd/digakit/Dockerfile" {
		t.Fatalf("images %+v", release.Images)
	}
	copied := release.Images[0].Files
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", "{{with .Module}}{{if .Main}}{{$.ImportPath}}{{end}}{{end}}", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	packages := strings.Fields(string(out))
	if len(packages) < 10 {
		t.Fatalf("packages %q", packages)
	}
	for _, p := range append(packages, "digakit/digakit/go.mod", "digakit/digakit/go.sum") {
		_, path, _ := strings.Cut(p, "digakit/digakit/")
		if top, _, _ := strings.Cut(path, "/"); !slices.Contains(copied, top) {
			t.Errorf("%s is not copied", path)
		}
	}
}
