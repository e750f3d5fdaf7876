package client_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"text/template"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/contract/spec/spectest"
)

// paged is one list of a document, as much as a caller of it must know.
type paged struct {
	Path, Name string // Name is the operation's in generated code
	Parent     string // Go expression of its path parameter, empty without
	Body       bool   // the operation takes a request body
	OneOrder   bool
	item       node
	pageNames  []string
	document   node
}

// TestAllListsOfAMadeDocument and its neighbour generate code from a document as
// it is, in a module of its own, and walk every list of it, forward and from the
// end, with the client's code unchanged.
func TestAllListsOfAMadeDocument(t *testing.T) {
	walkAllLists(t, spectest.Document(80), 5)
}

func TestAllListsOfThePublishedDocument(t *testing.T) {
	for _, test := range []struct {
		name, why string
		least     int
	}{
		{"diga/openapi-2025-11-20.json", "no parameter page, first_id required and nullable", 9},
		{"diga/openapi-2026-07-22.json", "unions, cursors that are no uuid, one order, a body", 23},
	} {
		t.Run(test.name, func(t *testing.T) { walkAllLists(t, spectest.Shared(t, test.name), test.least) })
	}
}

func walkAllLists(t *testing.T, document []byte, least int) {
	t.Helper()
	if testing.Short() {
		t.Skip("generates and builds a client")
	}
	lists := listsOf(t, document)
	if len(lists) < least {
		t.Fatalf("%d lists, want %d at least", len(lists), least)
	}
	dir := generateModule(t, document, lists)
	server := &anyList{lists: lists, queries: map[string][]string{}}
	srv := httptest.NewServer(server)
	t.Cleanup(srv.Close)
	out := command(t, dir, "run", "./walk", srv.URL)
	var got map[string][2][]string
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	forward := []string{}
	for i := range listLength {
		forward = append(forward, itemID(i))
	}
	for _, list := range lists {
		backward := slices.Clone(forward)
		slices.Reverse(backward)
		if list.OneOrder {
			backward = nil
		}
		if diff := cmp.Diff([2][]string{forward, backward}, got[list.Path]); diff != "" {
			t.Errorf("%s: ids of the items (-want +got):\n%s", list.Path, diff)
		}
		want := []string{"limit=2", "after=" + itemID(1) + "&limit=2", "after=" + itemID(3) + "&limit=2"}
		if !list.OneOrder {
			want = append(want, "limit=2&order=asc", "after="+itemID(3)+"&limit=2&order=asc", "after="+itemID(1)+"&limit=2&order=asc")
		}
		if diff := cmp.Diff(want, server.queries[list.Path]); diff != "" {
			t.Errorf("%s: requests (-want +got):\n%s", list.Path, diff)
		}
	}
}

const listLength = 5

func itemID(i int) string { return fmt.Sprintf("aa000000-0000-4000-8000-%012d", i) }

// node is a JSON value of a document.
type node map[string]any

func (n node) at(names ...string) node {
	for _, name := range names {
		next, _ := n[name].(map[string]any)
		n = next
	}
	return n
}

func (n node) resolve(document node) node {
	if ref, ok := n["$ref"].(string); ok {
		return document.at(strings.Split(strings.TrimPrefix(ref, "#/"), "/")...).resolve(document)
	}
	return n
}

func listsOf(t *testing.T, data []byte) []paged {
	t.Helper()
	var document node
	if err := json.Unmarshal(data, &document); err != nil {
		t.Fatal(err)
	}
	var lists []paged
	for path := range document.at("paths") {
		operation := document.at("paths", path, "get")
		list := paged{Path: path, document: document, Body: operation["requestBody"] != nil}
		cursor := false
		parameters, _ := operation["parameters"].([]any)
		for _, p := range parameters {
			parameter := node(p.(map[string]any)).resolve(document)
			switch {
			case parameter["name"] == "after":
				cursor = true
			case parameter["name"] == "order":
				list.OneOrder = parameter.at("schema")["const"] != nil
			case parameter["in"] == "path" && parameter.at("schema")["format"] == "uuid":
				list.Parent = "uuid.Nil"
			case parameter["in"] == "path":
				list.Parent = `"parent"`
			}
		}
		page := operation.at("responses", "200", "content", "application/json", "schema").resolve(document)
		if !cursor || page.at("properties", "data") == nil { // one answers with the schema {}
			continue
		}
		for name := range page.at("properties") {
			list.pageNames = append(list.pageNames, name)
		}
		list.item = page.at("properties", "data", "items")
		if list.Name = "ListAPIKeys"; path != "/v1/api_key/" {
			list.Name = "List" + strconv.Itoa(len(lists))
		}
		lists = append(lists, list)
	}
	return lists
}

// generateModule makes a module of the client's code and of code for the lists
// of the document, and a program that walks them all.
func generateModule(t *testing.T, document []byte, lists []paged) string {
	t.Helper()
	dir := t.TempDir()
	write := func(name string, data []byte) {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var sources []string
	for _, dir := range []string{".", "../contract/spec", "../contract/internal/compiler", "../contract/internal/cost"} {
		in, err := filepath.Glob(dir + "/*.go")
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, in...)
	}
	for _, name := range append(sources, "../go.mod", "../go.sum", "../gen/spec.go", "../gen/imported.txt") {
		if data, err := os.ReadFile(name); err != nil {
			t.Fatal(err)
		} else if !strings.HasSuffix(name, "_test.go") {
			write(filepath.Join("client", name), data)
		}
	}
	write("gen/openapi.json", document)

	actions := []any{}
	names := []string{}
	rename := func(target, key, name string) {
		actions = append(actions, map[string]any{"target": target, "update": map[string]any{key: name}})
	}
	for _, list := range lists {
		rename("$.paths['"+list.Path+"'].get", "operationId", list.Name)
		names = append(names, list.Name)
	}
	rename("$.components.schemas."+keySchema, "x-go-name", "APIKey")
	rename("$.components.schemas."+pageSchema, "x-go-name", "APIKeyPage")
	overlay, err := json.Marshal(map[string]any{
		"overlay": "1.0.0", "info": map[string]any{"title": "names", "version": "1"}, "actions": actions,
	})
	if err != nil {
		t.Fatal(err)
	}
	write("gen/overlay.yaml", overlay)
	config, err := os.ReadFile("../oapi-codegen.yaml")
	if err != nil {
		t.Fatal(err)
	}
	server := regexpServer.ReplaceAll(config, nil)
	if bytes.Equal(server, config) {
		t.Fatal("oapi-codegen.yaml no longer asks for servers")
	}
	include, err := json.Marshal(names)
	if err != nil {
		t.Fatal(err)
	}
	write("oapi-codegen.yaml", bytes.Replace(server, []byte("output-options:\n"), fmt.Appendf(nil, "output-options:\n  include-operation-ids: %s\n", include), 1))
	command(t, filepath.Join(dir, "gen"), "tool", "oapi-codegen", "-config", "../oapi-codegen.yaml", "openapi.json")

	var program bytes.Buffer
	if err := walkProgram.Execute(&program, lists); err != nil {
		t.Fatal(err)
	}
	write("walk/main.go", program.Bytes())
	return dir
}

// command runs the go command and returns what it prints.
func command(t *testing.T, dir string, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = dir
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, errs.String())
	}
	return out
}

// walkProgram prints the ids of all items of each list, there and back.
var walkProgram = template.Must(template.New("walk").Parse(`package main

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"os"
	"regexp"

	"github.com/google/uuid"

	"github.com/digakit/digakit/client"
	"github.com/digakit/digakit/gen"
)

var id = regexp.MustCompile("aa000000-0000-4000-8000-[0-9]{12}")

func ids[Item any](items iter.Seq2[Item, error]) (all []string) {
	for item, err := range items {
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		text, err := json.Marshal(item)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		all = append(all, id.FindString(string(text)))
	}
	return all
}

func main() {
	c, err := client.New(os.Args[1], "key")
	if err != nil {
		panic(err)
	}
	ctx, two, _ := context.Background(), client.PageSize(2), uuid.Nil
	walks := map[string][2][]string{}
	{{- range . }}
	{
		{{- if .Body }}
		list := func(ctx context.Context, p *gen.{{ .Name }}Params, _ ...gen.RequestEditorFn) (*gen.{{ .Name }}Response, error) {
			return c.API().{{ .Name }}WithBodyWithResponse(ctx, p, "application/json", nil)
		}
		{{- else if .Parent }}
		list := client.Below(c.API().{{ .Name }}WithResponse, {{ .Parent }})
		{{- else }}
		list := c.API().{{ .Name }}WithResponse
		{{- end }}
		walk := [2][]string{ids(client.All(ctx, list, &gen.{{ .Name }}Params{}, two))}
		{{- if not .OneOrder }}
		walk[1] = ids(client.All(ctx, list, nil, two, client.FromEnd()))
		{{- end }}
		walks["{{ .Path }}"] = walk
	}
	{{- end }}
	if err := json.NewEncoder(os.Stdout).Encode(walks); err != nil {
		panic(err)
	}
}
`))

var regexpServer = regexp.MustCompile(`(?m)^  (echo|strict)-server: true\n`)

// regexpOf matches the paths of a template.
func regexpOf(template string) *regexp.Regexp {
	return regexp.MustCompile("^" + regexp.MustCompile(`\{[^}]*\}`).ReplaceAllString(template, "[^/]+") + "$")
}

// anyList serves five items on each list, with the members that the document
// requires.
type anyList struct {
	lists   []paged
	mu      sync.Mutex
	queries map[string][]string
}

func (a *anyList) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	at := slices.IndexFunc(a.lists, func(l paged) bool {
		return regexpOf(l.Path).MatchString(r.URL.Path)
	})
	if at < 0 {
		refuse(w, http.StatusNotFound, "NOT_FOUND", r.URL.Path)
		return
	}
	list := a.lists[at]
	a.queries[list.Path] = append(a.queries[list.Path], r.URL.RawQuery)
	query := r.URL.Query()
	order := []int{0, 1, 2, 3, 4}
	if query.Get("order") == "asc" {
		slices.Reverse(order)
	}
	from := slices.IndexFunc(order, func(i int) bool { return itemID(i) == query.Get("after") }) + 1
	to := min(from+2, listLength)
	data := []any{}
	for _, i := range order[from:to] {
		data = append(data, list.sample(list.item, "", itemID(i)))
	}
	page := map[string]any{
		"data": data, "has_more": to < listLength, "first_id": itemID(order[from]), "last_id": itemID(order[to-1]),
		"current_page": nil, "total_pages": nil,
	}
	for name := range page {
		if !slices.Contains(list.pageNames, name) {
			delete(page, name)
		}
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(page)
}

// sample is a value with what its schema requires; ids are all the item's.
func (l paged) sample(schema node, name, id string) any {
	schema = schema.resolve(l.document)
	for _, word := range []string{"anyOf", "oneOf", "allOf"} {
		if branches, ok := schema[word].([]any); ok {
			return l.sample(branches[0].(map[string]any), name, id)
		}
	}
	if value, ok := schema["const"]; ok {
		return value
	}
	if values, ok := schema["enum"].([]any); ok {
		return values[0]
	}
	switch schema["type"] {
	case "object":
		item := map[string]any{}
		required, _ := schema["required"].([]any)
		for name, property := range schema.at("properties") {
			property := node(property.(map[string]any))
			if slices.Contains(required, any(name)) || property["const"] != nil || name == "id" {
				item[name] = l.sample(property, name, id)
			}
		}
		return item
	case "array":
		return []any{}
	case "integer", "number":
		return 3
	case "boolean":
		return true
	case "string":
		switch format := schema["format"]; {
		case format == "date-time":
			return "2025-01-31t10:07:40z"
		case format == "date":
			return "2025-01-31"
		case format == "uuid", name == "id":
			return id
		}
		return "text"
	default:
		return nil
	}
}
