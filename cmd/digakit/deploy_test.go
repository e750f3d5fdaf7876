package main

import (
	"bytes"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"
)

// Every flag and variable that the files about containers name is one of the
// mock's.
func TestDeployNamesWhatExists(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	cmd := mockCommand()
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		known["--"+f.Name], known[variableOf(cmd, f)] = true, true
	})
	files, err := filepath.Glob("testdata/deploy/*")
	if err != nil || len(files) < 2 {
		t.Fatalf("%q, %v", files, err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		names := regexp.MustCompile(`--[a-z][a-z-]*|DIGAKIT_[A-Z_]+`).FindAllString(string(content), -1)
		if len(names) == 0 {
			t.Errorf("%s names no flag or variable", file)
		}
		for _, name := range names {
			if !known[name] {
				t.Errorf("%s: there is no %s", file, name)
			}
		}
		if strings.HasSuffix(file, ".go.txt") {
			if _, err := parser.ParseFile(token.NewFileSet(), file, content, parser.AllErrors); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestComposeFile(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("testdata/deploy/compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	type service struct {
		Build *struct {
			Context    string
			Dockerfile string
		}
		Image       string
		Command     []string
		Environment map[string]string
		Ports       []string
		DependsOn   map[string]struct{ Condition string } `yaml:"depends_on"`
	}
	var compose struct{ Services map[string]service }
	d := yaml.NewDecoder(bytes.NewReader(content))
	d.KnownFields(true)
	if err := d.Decode(&compose); err != nil {
		t.Fatal(err)
	}
	mock, app := compose.Services["mock"], compose.Services["app"]
	if mock.Build == nil {
		t.Fatal("mock is not built")
	}
	if _, err := os.Stat(filepath.Join("../..", mock.Build.Dockerfile)); err != nil {
		t.Error(err)
	}
	cmd, rest, err := rootCommand().Find(mock.Command)
	if err != nil || cmd.Name() != "mock" {
		t.Fatalf("command %q: %v", mock.Command, err)
	}
	if err := cmd.ParseFlags(rest); err != nil {
		t.Errorf("command %q: %v", mock.Command, err)
	}
	allowed, err := cmd.Flags().GetStringArray("allow-host")
	port := readDockerfile(t).port
	if err != nil || len(allowed) != 1 || app.Environment["DIGA_URL"] != "http://"+allowed[0]+":"+port || compose.Services[allowed[0]].Build == nil {
		t.Errorf("app asks %s, but allowed is %q (%v)", app.Environment["DIGA_URL"], allowed, err)
	}
	if len(mock.Ports) != 1 || !strings.HasSuffix(mock.Ports[0], ":"+port) {
		t.Errorf("ports %q, but the image listens on %s", mock.Ports, port)
	}
	if app.DependsOn["mock"].Condition != "service_healthy" {
		t.Error("app does not wait for the mock's health check")
	}
}
