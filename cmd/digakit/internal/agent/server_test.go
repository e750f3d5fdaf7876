package agent_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/digakit/digakit/cmd/digakit/internal/agent"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/mockserver"
)

type (
	object = map[string]any
	list   = []any
)

// session is an agent at work.
type session struct {
	t *testing.T
	*mcp.ClientSession
	mock    *mockserver.Server
	options []mockserver.Option // that it was started with
}

// begin connects an agent to a mock of a document.
func begin(t *testing.T, document []byte, opts ...mockserver.Option) session {
	t.Helper()
	parsed, err := spec.Parse(document)
	if err != nil {
		t.Fatal(err)
	}
	opts = append(opts, mockserver.WithDocument(parsed))
	srv := mockserver.Start(t, opts...)
	tools, err := agent.New(t.Context(), agent.Config{URL: srv.URL(), Key: mockserver.UnrestrictedKey, Version: "1.2.3", Load: func(ctx context.Context, source string) (*spec.Loaded, error) {
		return spec.Load(ctx, []string{source}, spec.SkipWarnings())
	}})
	if err != nil {
		t.Fatal(err)
	}
	there, here := mcp.NewInMemoryTransports()
	serving, err := tools.Connect(t.Context(), there, nil)
	if err != nil {
		t.Fatal(err)
	}
	client, err := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil).Connect(t.Context(), here, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		client.Close()
		if err := serving.Wait(); err != nil {
			t.Error(err)
		}
	})
	return session{t, client, srv, opts}
}

func (s session) call(tool string, arguments object) *mcp.CallToolResult {
	s.t.Helper()
	result, err := s.CallTool(s.t.Context(), &mcp.CallToolParams{Name: tool, Arguments: arguments})
	if err != nil {
		s.t.Fatalf("%s: %v", tool, err)
	}
	return result
}

// ask calls a tool that succeeds, and whose answer is small.
func (s session) ask(tool string, arguments object) object {
	s.t.Helper()
	result := s.call(tool, arguments)
	text := result.Content[0].(*mcp.TextContent).Text
	if result.IsError {
		s.t.Fatalf("%s %v: %s", tool, arguments, text)
	}
	if len(text) > 32<<10 {
		s.t.Errorf("%s %v answers %d bytes", tool, arguments, len(text))
	}
	answer, ok := result.StructuredContent.(object)
	if !ok {
		s.t.Fatalf("%s: %T", tool, result.StructuredContent)
	}
	return answer
}

// recorded is the file of a run of another mock of the same document, which is asked twice.
func (s session) recorded() string {
	s.t.Helper()
	var run bytes.Buffer
	other := mockserver.Start(s.t, append(s.options, mockserver.WithRecording(&run))...)
	for range 2 {
		resp, err := other.Client(mockserver.UnrestrictedKey).Get(other.URL() + "/v1/api_key/?limit=1")
		if err != nil {
			s.t.Fatal(err)
		}
		resp.Body.Close()
	}
	return run.String()
}

// refused calls a tool that fails, and returns what it says.
func (s session) refused(tool string, arguments object) string {
	s.t.Helper()
	result := s.call(tool, arguments)
	if !result.IsError {
		s.t.Fatalf("%s %v succeeds: %v", tool, arguments, result.StructuredContent)
	}
	return result.Content[0].(*mcp.TextContent).Text
}

// send is a request of the program under test, which knows nothing of agents.
func (s session) send(method, target string, body any) int {
	s.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		s.t.Fatal(err)
	}
	r, err := http.NewRequest(method, s.mock.URL()+target, strings.NewReader(string(text)))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	resp, err := s.mock.Client(mockserver.UnrestrictedKey).Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		s.t.Fatal(err)
	}
	return resp.StatusCode
}

// The story that the tools are for: a frontend gets a 422. The agent sees in the journal
// what is wrong, looks up what the operation takes, tries that, and mends the frontend,
// whose next request is taken.
func TestAgentMendsARefusedFrontend(t *testing.T) {
	t.Parallel()
	for name, document := range map[string]func(*testing.T) []byte{
		"made up":   func(*testing.T) []byte { return spectest.Document(60) },
		"published": func(t *testing.T) []byte { return spectest.Shared(t, "diga/openapi-2026-07-22.json") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := begin(t, document(t))
			wanted := s.ask("plan", object{"search": map[string]string{"made up": "create vessel post", "published": "create agent post"}[name]})
			_, path, _ := strings.Cut(wanted["operations"].(list)[0].(object)["request"].(string), " ")

			frontend := func() object { return object{"name": 3} } // what it sends, before it is mended
			if status := s.send(http.MethodPost, path, frontend()); status != http.StatusUnprocessableEntity {
				t.Fatalf("the frontend gets %d, not 422", status)
			}

			seen := s.ask("explain_violations", object{})["requests"].(list)
			if len(seen) != 1 {
				t.Fatalf("%d requests are explained", len(seen))
			}
			broken := seen[0].(object)
			if broken["status"] != 422.0 || broken["sent"].(object)["name"] != 3.0 {
				t.Errorf("not what the frontend sent: %v", broken)
			}
			var told []string
			for _, v := range broken["violations"].(list) {
				told = append(told, v.(object)["where"].(string)+": "+v.(object)["message"].(string))
			}
			text := strings.Join(told, "\n")
			if !strings.Contains(text, "request body /name: must be a string") {
				t.Errorf("the mistake is not told:\n%s", text)
			}

			operation := broken["operation"].(string)
			mended, ok := s.ask("describe_operation", object{"operation": operation})["example"].(object)
			if !ok {
				t.Fatal("no example of a body")
			}
			mended["name"] = "Night desk"
			tried := s.ask("call_operation", object{"operation": operation, "body": mended})
			if status := tried["status"].(float64); status < 200 || status >= 300 || tried["violations"] != nil {
				t.Fatalf("the mended request: %v", tried)
			}
			if status := s.send(http.MethodPost, path, mended); status < 200 || status >= 300 {
				t.Errorf("the mended frontend gets %d", status)
			}
			if again := s.ask("explain_violations", object{})["requests"].(list); len(again) != 1 {
				t.Errorf("%d requests are broken now, not the first alone", len(again))
			}
		})
	}
}

// Each tool does what it says to a mock of the newest published document, and of a made one.
func TestToolsDriveAMock(t *testing.T) {
	t.Parallel()
	t.Run("made up", func(t *testing.T) { t.Parallel(); drive(begin(t, spectest.Document(60)), "vessel") })
	t.Run("below a prefix", func(t *testing.T) {
		t.Parallel()
		drive(begin(t, spectest.Document(60), mockserver.WithPrefix("/api")), "vessel")
	})
	t.Run("published", func(t *testing.T) {
		t.Parallel()
		drive(begin(t, spectest.Shared(t, "diga/openapi-2026-07-22.json")), "agent")
	})
}

func drive(s session, collection string) {
	t := s.t
	used := map[string]bool{}
	ask := func(tool string, arguments object) object {
		t.Helper()
		used[tool] = true
		return s.ask(tool, arguments)
	}
	equal := func(what string, got, want any) {
		t.Helper()
		if got != want {
			t.Errorf("%s is %v, not %v", what, got, want)
		}
	}

	// Every operation of the plan is described.
	offset, total := 0, 1
	for offset < total {
		page := ask("plan", object{"offset": offset})
		total = int(page["total"].(float64))
		for _, o := range page["operations"].(list) {
			described := ask("describe_operation", object{"operation": o.(object)["operation"]})
			equal("the operation described", described["request"], o.(object)["request"])
			offset++
		}
	}
	if total < 40 {
		t.Errorf("there are %d operations", total)
	}

	// Items: what is made is listed, read, changed, and gone when deleted.
	one := object{"collection": collection}
	with := func(more object) object {
		all := maps.Clone(one)
		maps.Copy(all, more)
		return all
	}
	before := ask("list_items", with(object{"limit": 2}))
	equal("the number of items listed", len(before["items"].(list)), 2)
	if hint, _ := before["hint"].(string); !strings.Contains(hint, "offset 2") {
		t.Errorf("no way to the others is told: %q", hint)
	}
	made := ask("create_item", with(object{"value": object{"name": "Zephyr desk"}}))
	id := made["id"].(string)
	found := ask("list_items", with(object{"search": "zephyr", "properties": list{"name"}}))
	equal("the number found", found["total"], 1.0)
	equal("the properties shown", len(found["items"].(list)[0].(object)["value"].(object)), 1)
	ask("take_snapshot", object{"name": "made"})
	ask("update_item", with(object{"id": id, "patch": object{"name": "Boreas desk"}}))
	equal("the changed name", ask("get_item", with(object{"id": id}))["value"].(object)["name"], "Boreas desk")
	changes := ask("state_diff", object{"since": "made"})["collections"].(list)
	if len(changes) != 1 || changes[0].(object)["name"] != collection || changes[0].(object)["changed"] != 1.0 {
		t.Errorf("of one changed item: %v", changes)
	}
	ask("restore_snapshot", object{"name": "made"})
	equal("what was made since the beginning", ask("state_diff", object{})["collections"].(list)[0].(object)["added"], 1.0)
	equal("the restored name", ask("get_item", with(object{"id": id}))["value"].(object)["name"], "Zephyr desk")
	ask("delete_item", with(object{"id": id}))
	if says := s.refused("get_item", with(object{"id": id})); !strings.Contains(says, "list_items") {
		t.Errorf("of an item that is gone: %s", says)
	}
	shown := ask("list_collections", object{"name": collection})["collections"].(list)
	if len(shown) != 1 || len(shown[0].(object)["properties"].(list)) < 3 {
		t.Errorf("the collection: %v", shown)
	}

	// Projects, keys, clock and faults, by what the API answers.
	mine := ask("create_project", object{"name": "mine"})
	key := ask("create_key", object{"project": "mine", "name": "Nothing", "permissions": list{}})["secret"]
	calls := func(arguments object) float64 {
		t.Helper()
		return ask("call_operation", arguments)["status"].(float64)
	}
	list1 := "list_api_keys_v1_api_key__get"
	equal("with the project's key", calls(object{"operation": list1, "key": mine["admin_key"], "parameters": object{"limit": 2}}), 200.0)
	equal("with a key that may nothing", calls(object{"operation": "GET /v1/api_key/", "key": key}), 403.0)
	equal("without a key", calls(object{"operation": "GET /v1/api_key/?limit=1", "key": ""}), 403.0)
	ask("set_clock", object{"project": "mine", "action": "freeze", "instant": "2026-01-15T09:30:00Z"})
	equal("the clock", ask("get_clock", object{"project": "mine"})["now"], "2026-01-15T09:30:00Z")
	fault := ask("inject_fault", object{"project": "mine", "fault": object{"match": object{"operation": list1}, "status": 500}})
	equal("disturbed", calls(object{"operation": list1, "key": mine["admin_key"]}), 500.0)
	equal("how often it fired", ask("list_faults", object{"project": "mine"})["faults"].(list)[0].(object)["fired"], 1.0)
	ask("clear_faults", object{"project": "mine", "id": fault["id"]})
	ask("clear_faults", object{"project": "mine"})

	// The journal has it all.
	requests := ask("list_requests", object{"project": "mine", "status": "5xx"})["requests"].(list)
	equal("the requests that failed", len(requests), 1)
	whole := ask("get_request", object{"project": "mine", "id": requests[0].(object)["id"]})
	equal("the status in the journal", whole["status"], 500.0)
	equal("broken requests of the project", len(ask("explain_violations", object{"project": "mine"})["requests"].(list)), 0)
	ask("reset_project", object{"project": "mine"})
	ask("delete_project", object{"project": "mine"})
	equal("the projects left", len(ask("list_projects", object{})["projects"].(list)), 1)

	// The checks.
	checked := ask("verify", object{"only": "page_*", "max_seconds": 60})
	if summary := checked["summary"].(object); summary["error"] != 0.0 || summary["passed"].(float64) < 10 {
		t.Errorf("the mock is checked: %v", checked)
	}
	changed := filepath.Join(t.TempDir(), "changed.json")
	if err := os.WriteFile(changed, spectest.Seed(), 0o600); err != nil {
		t.Fatal(err)
	}
	if drifted := ask("drift", object{"revision": changed, "limit": 3}); len(drifted["findings"].(list)) != 3 || drifted["summary"].(object)["error"] == 0.0 {
		t.Errorf("a document of one operation, against the whole: %v", drifted)
	}
	run, other := filepath.Join(t.TempDir(), "run"), filepath.Join(t.TempDir(), "other")
	recorded := s.recorded()
	for path, text := range map[string]string{run: recorded, other: regexp.MustCompile(`"status":\d+`).ReplaceAllString(recorded, `"status":299`)} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, here := range []bool{false, true} {
		if replayed := ask("replay", object{"file": run, "here": here}); len(replayed["findings"].(list)) != 0 || replayed["summary"].(object)["passed"] != 2.0 {
			t.Errorf("here %t: a run goes otherwise: %v", here, replayed)
		}
		if replayed := ask("replay", object{"file": other, "here": here}); len(replayed["findings"].(list)) != 1 || !strings.Contains(replayed["findings"].(list)[0].(object)["message"].(string), "status: expected 299") {
			t.Errorf("here %t: an answer that differs: %v", here, replayed)
		}
	}
	equal("the projects after verify", len(ask("list_projects", object{})["projects"].(list)), 1)

	for tool, err := range s.Tools(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		if !used[tool.Name] {
			t.Errorf("no test uses %s", tool.Name)
		}
	}
	if n := s.mock.BadResponses(); n > 0 {
		t.Errorf("%d answers of the mock broke its document", n)
	}
}

// A client is told of each tool what it is for, what it takes, and whether it changes
// anything.
func TestToolsAreDescribed(t *testing.T) {
	t.Parallel()
	s := begin(t, spectest.Seed())
	var destructive, reading []string
	for tool, err := range s.Tools(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		if tool.Description == "" || tool.InputSchema == nil || tool.OutputSchema == nil {
			t.Errorf("%s has no description or schema", tool.Name)
		}
		switch a := tool.Annotations; {
		case a.ReadOnlyHint:
			reading = append(reading, tool.Name)
		case *a.DestructiveHint:
			destructive = append(destructive, tool.Name)
		}
	}
	for _, name := range []string{"call_operation", "update_item", "delete_item", "reset_project", "delete_project", "restore_snapshot", "clear_faults"} {
		if !slices.Contains(destructive, name) {
			t.Errorf("%s is not said to be destructive", name)
		}
	}
	for _, name := range []string{"plan", "describe_operation", "list_items", "list_requests", "explain_violations", "drift"} {
		if !slices.Contains(reading, name) {
			t.Errorf("%s is not said to read alone", name)
		}
	}
	if said := s.InitializeResult().Instructions; !strings.Contains(said, s.mock.URL()) || !strings.Contains(said, mockserver.UnrestrictedKey) {
		t.Errorf("the instructions do not tell address and key: %s", said)
	}
}

// A mistake is told with what to do about it.
func TestMistakesAreTold(t *testing.T) {
	t.Parallel()
	s := begin(t, spectest.Document(60))
	for _, tc := range []struct {
		why, tool string
		arguments object
		says      []string
	}{
		{"a misspelt operation", "call_operation", object{"operation": "list_api_keys_v1_api_key__gt"}, []string{"list_api_keys_v1_api_key__get", "plan"}},
		{"a parameter that is not documented", "call_operation", object{"operation": "GET /v1/api_key/", "parameters": object{"size": 3}}, []string{`no parameter "size"`, "limit"}},
		{"no value for the path", "call_operation", object{"operation": "GET /v1/vessel/{vessel_id}"}, []string{"wants a value", "vessel_id"}},
		{"a value that no parameter can hold", "call_operation", object{"operation": "GET /v1/api_key/", "parameters": object{"limit": object{}}}, []string{"limit takes a string, number"}},
		{"no such project", "list_items", object{"collection": "vessel", "project": "x"}, []string{`no such project: "x"`, "list_projects"}},
		{"no such collection", "list_items", object{"collection": "vesel"}, []string{"vesel", "list_collections"}},
		{"the same, for its properties", "list_collections", object{"name": "vesel"}, []string{"vesel", "leave name out"}},
		{"an item that does not fit", "create_item", object{"collection": "vessel", "value": object{"name": 3}}, []string{"name", "string"}},
		{"a fault without effect", "inject_fault", object{"fault": object{}}, []string{"status"}},
		{"an unknown action", "set_clock", object{"action": "stop"}, []string{"action"}},
		{"no such snapshot", "restore_snapshot", object{"name": "x"}, []string{"take_snapshot"}},
		{"the same, to compare with", "state_diff", object{"since": "x"}, []string{"take_snapshot"}},
		{"no such request", "get_request", object{"id": 77}, []string{"list_requests"}},
		{"a glob of no check", "verify", object{"only": "x_*"}, []string{"nothing was checked"}},
		{"no document there", "drift", object{"revision": "nowhere.json"}, []string{"nowhere.json"}},
		{"no recorded run", "replay", object{"file": "nowhere.ndjson"}, []string{"nowhere.ndjson", "path of a file"}},
		{"a property that the tool does not have", "plan", object{"find": "x"}, []string{"find"}},
	} {
		says := s.refused(tc.tool, tc.arguments)
		for _, want := range tc.says {
			if !strings.Contains(says, want) {
				t.Errorf("%s: it does not say %q, but: %s", tc.why, want, says)
			}
		}
	}
	if answer := s.ask("call_operation", object{"operation": "GET /v1/nothing"}); answer["status"] != 404.0 {
		t.Errorf("a path that is not documented: %v", answer)
	}
	if answer := s.ask("call_operation", object{"operation": "GET /v1/api_key/", "max_bytes": 50}); !strings.Contains(answer["hint"].(string), "max_bytes") || len(answer["body"].(string)) > 60 {
		t.Errorf("a long answer: %v", answer)
	}
}

// With a document of another vendor, whose key goes elsewhere, the tools work the same.
func TestAnotherVendorsMock(t *testing.T) {
	t.Parallel()
	const train = `{"type":"object","properties":{"id":{"type":"string","readOnly":true},"name":{"type":"string"},"seats":{"type":"integer","minimum":1}},"required":["id","name"]}`
	s := begin(t, []byte(`{"openapi":"3.0.3","info":{"title":"Trains","version":"7"},"security":[{"k":[]}],
		"components":{"securitySchemes":{"k":{"type":"apiKey","in":"header","name":"X-Key"}},"schemas":{"Train":`+train+`,"NewTrain":{"type":"object","properties":{"name":{"type":"string"},"seats":{"type":"integer","minimum":1}},"required":["name"]}}},
		"paths":{"/trains":{"get":{"operationId":"listTrains","responses":{"200":{"description":"d","content":{"application/json":{"schema":{"type":"array","items":{"$ref":"#/components/schemas/Train"}}}}},"401":{"description":"no key"}}},
			"post":{"operationId":"addTrain","requestBody":{"required":true,"content":{"application/x-www-form-urlencoded":{"schema":{"$ref":"#/components/schemas/NewTrain"}}}},
				"responses":{"201":{"description":"d","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Train"}}}},"422":{"description":"e"}}}},
		"/trains/{id}":{"get":{"operationId":"getTrain","parameters":[{"name":"id","in":"path","required":true,"schema":{"type":"string"}}],"responses":{"200":{"description":"d","content":{"application/json":{"schema":{"$ref":"#/components/schemas/Train"}}}},"404":{"description":"none"}}}}}}`), mockserver.WithCredentials(mockserver.UnrestrictedKey))
	made := s.ask("call_operation", object{"operation": "addTrain", "body": object{"name": "Night & day", "seats": 40}})
	if made["status"] != 201.0 || made["body"].(object)["name"] != "Night & day" {
		t.Fatalf("a form: %v", made)
	}
	if read := s.ask("call_operation", object{"operation": "getTrain", "parameters": object{"id": made["body"].(object)["id"]}}); read["status"] != 200.0 {
		t.Errorf("what was made: %v", read)
	}
	refused := s.ask("call_operation", object{"operation": "addTrain", "body": object{"name": "x", "seats": 0}})
	if v := refused["violations"].(list)[0].(object); refused["status"] != 422.0 || v["where"] != "request body /seats" || v["takes"] != "integer, >= 1" {
		t.Errorf("a form that breaks its schema: %v", refused)
	}
	if without := s.ask("call_operation", object{"operation": "listTrains", "key": ""}); without["status"] != 401.0 || !strings.Contains(without["hint"].(string), "key") {
		t.Errorf("without a key: %v", without)
	}
	if checked := s.ask("verify", object{}); checked["summary"].(object)["passed"].(float64) < 10 || len(checked["findings"].(list)) > 0 {
		t.Errorf("the mock is checked: %v", checked)
	}
}
